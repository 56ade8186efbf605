#include "analysis/estimate/curve.h"

#include <array>
#include <cmath>

#include "analysis/estimate/unit.h"

namespace haldane::analysis {
namespace {

using sim::MetricKind;

std::optional<double> bin_value(const sim::MetricDefinition& metric,
                                const sim::Measurements& merged, std::size_t bin,
                                double replications) {
  const auto& counters = merged.counters;
  const auto top = static_cast<double>(counters[metric.a][bin]);
  if (metric.kind == MetricKind::ratio) {
    const auto bottom = static_cast<double>(counters[metric.b][bin]);
    return bottom > 0 ? std::optional(metric.scale * top / bottom) : std::nullopt;
  }
  const Duration width = merged.grid.bin_bounds[bin + 1] - merged.grid.bin_bounds[bin];
  if (width.count_ns() <= 0) return std::nullopt;
  const double span =
      metric.kind == MetricKind::rate ? width.as_seconds() : static_cast<double>(width.count_ns());
  return metric.scale * top / (span * replications);
}

std::optional<double> slice_value(const sim::MetricDefinition& metric,
                                  const sim::LatencySlice& slice) {
  if (slice.count == 0) return std::nullopt;
  const double ns = metric.kind == MetricKind::latency_mean
                        ? static_cast<double>(slice.sum_ns) / static_cast<double>(slice.count)
                        : quantile_ns(slice, metric.quantile);
  return metric.scale * ns;
}

bool is_latency(const sim::MetricDefinition& metric) {
  return metric.kind == MetricKind::latency_mean || metric.kind == MetricKind::latency_quantile;
}

bool is_curve(const sim::MetricDefinition& metric) {
  return !metric.absent && metric.kind != MetricKind::total && metric.kind != MetricKind::maximum;
}

/// The p999 of a slice is the largest of few values: noise, not a curve.
bool is_published(const sim::MetricDefinition& metric) {
  return is_curve(metric) &&
         (metric.kind != MetricKind::latency_quantile || metric.quantile <= 0.99);
}

double round_to_six_digits(double value) {
  if (value == 0 || !std::isfinite(value)) return value;
  const double unit = std::pow(10.0, 5 - std::floor(std::log10(std::abs(value))));
  // Dividing two exact powers of ten apart keeps the decimal short; multiplying by 1e-n does not.
  return unit >= 1 ? std::round(value * unit) / unit : std::round(value);
}

}  // namespace

Curve curve_of(const sim::MetricDefinition& metric, const sim::Measurements& merged,
               std::uint32_t replications) {
  Curve curve;
  if (!is_curve(metric)) return curve;
  curve.grows_with_traffic =
      metric.kind == MetricKind::rate || metric.kind == MetricKind::time_average;
  const sim::TimeGrid& grid = merged.grid;
  const auto seconds = [&grid](std::size_t bin) { return published_seconds(grid.bin_bounds[bin]); };
  if (is_latency(metric)) {
    for (std::size_t i = 0; i < grid.slices(); ++i) {
      curve.points.push_back({seconds(grid.slice_begin[i]), seconds(grid.slice_begin[i + 1]),
                              slice_value(metric, merged.latencies[metric.a][i])});
    }
    return curve;
  }
  for (std::size_t bin = 0; bin < grid.bins(); ++bin) {
    curve.points.push_back({seconds(bin), seconds(bin + 1),
                            bin_value(metric, merged, bin, static_cast<double>(replications))});
  }
  return curve;
}

Curve watched_curve(const sim::MetricDefinition& metric, const sim::Measurements& merged,
                    std::uint32_t replications, double from_s) {
  if (metric.kind != MetricKind::total || metric.absent) {
    return curve_of(metric, merged, replications);
  }
  Curve curve;
  curve.grows_with_traffic = true;
  const sim::TimeGrid& grid = merged.grid;
  double sum = 0;
  for (std::size_t bin = 0; bin < grid.bins(); ++bin) {
    const double begin = published_seconds(grid.bin_bounds[bin]);
    if (begin >= from_s) sum += static_cast<double>(merged.counters[metric.a][bin]);
    curve.points.push_back({begin, published_seconds(grid.bin_bounds[bin + 1]),
                            metric.scale * sum / static_cast<double>(replications)});
  }
  return curve;
}

std::vector<Series> make_series(const sim::MetricCatalogue& catalogue,
                                const sim::Measurements& merged, std::uint32_t replications) {
  std::vector<Series> all;
  for (const sim::MetricDefinition& metric : catalogue) {
    if (!is_published(metric)) continue;
    Series series{metric.name, {}, {}};
    for (const CurvePoint& point : curve_of(metric, merged, replications).points) {
      series.t_s.push_back((point.from_s + point.to_s) / 2);
      series.v.push_back(point.value ? std::optional(round_to_six_digits(*point.value))
                                     : std::nullopt);
    }
    all.push_back(std::move(series));
  }
  return all;
}

}  // namespace haldane::analysis
