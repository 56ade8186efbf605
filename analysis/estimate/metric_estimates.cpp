#include "analysis/estimate/metric_estimates.h"

#include <algorithm>
#include <cmath>
#include <functional>
#include <map>
#include <numeric>
#include <span>
#include <utility>

#include "analysis/estimate/standard_error.h"
#include "sim/base/check.h"
#include "sim/measure/latency_histogram.h"

namespace haldane::analysis {
namespace {

using sim::MetricDefinition;
using sim::MetricKind;

constexpr double confidence = 0.95;

/// A ratio of two sums over units, and the error of it.
struct Ratio {
  double value = 0;
  std::optional<StandardError> error;  ///< empty with fewer than two units that say something
};

/// Numerator and denominator that one unit contributes.
using Contribution = std::function<std::pair<double, double>(const Unit&)>;

StandardError error_of(const std::vector<double>& residuals, const UnitSet& evidence) {
  if (!evidence.sliced()) return replication_error(residuals);
  if (evidence.replications == 1) return batch_error(residuals);
  return sliced_replication_error(residuals, evidence.replications);
}

/// The denominators are in units of 1 / divisor (ns of a second), in which their sum is exact.
/// **Returns** nothing when the denominators sum to zero.
std::optional<Ratio> estimate_ratio(const UnitSet& evidence, const Contribution& contribution,
                                    double divisor = 1) {
  std::vector<std::pair<double, double>> parts;
  double top = 0;
  double bottom = 0;
  std::size_t informative = 0;
  for (const Unit& unit : evidence.units) {
    parts.push_back(contribution(unit));
    top += parts.back().first;
    bottom += parts.back().second;
    informative += parts.back().second > 0 ? 1U : 0U;
  }
  if (!(bottom > 0)) return std::nullopt;
  Ratio ratio{top / (bottom / divisor), std::nullopt};
  if (informative < 2) return ratio;
  const double mean_bottom = bottom / divisor / static_cast<double>(evidence.units.size());
  std::vector<double> residuals;
  bool constant = true;
  for (const auto& [a, b] : parts) {
    residuals.push_back((a - ratio.value * (b / divisor)) / mean_bottom);
    constant = constant && a * bottom == top * b;
  }
  ratio.error = error_of(residuals, evidence);
  // Rounding in the residuals of a constant would otherwise show as an interval of 1e-16.
  if (constant) ratio.error->value = 0;
  return ratio;
}

void publish(MetricEstimate& estimate, double value, const ConfidenceBounds& bounds,
             double factor) {
  const bool share = estimate.unit == "ratio";
  estimate.value = scaled(value, factor);
  if (bounds.low) estimate.ci_low = std::max(0.0, scaled(*bounds.low, factor));
  if (bounds.high) estimate.ci_high = scaled(*bounds.high, factor);
  if (share && estimate.ci_high) {
    estimate.ci_high = std::max(*estimate.value, std::min(1.0, *estimate.ci_high));
  }
}

Contribution contribution_of(const MetricDefinition& metric) {
  switch (metric.kind) {
    case MetricKind::ratio:
      return [&metric](const Unit& unit) {
        return std::pair(static_cast<double>(unit.counters[metric.a]),
                         static_cast<double>(unit.counters[metric.b]));
      };
    case MetricKind::latency_mean:
      return [&metric](const Unit& unit) {
        const sim::LatencySlice& slice = unit.latencies[metric.a];
        return std::pair(static_cast<double>(slice.sum_ns), static_cast<double>(slice.count));
      };
    case MetricKind::time_average:
      return [&metric](const Unit& unit) {
        return std::pair(static_cast<double>(unit.counters[metric.a]),
                         static_cast<double>(unit.measured_ns));
      };
    default:  // rate and total
      return [&metric](const Unit& unit) {
        return std::pair(static_cast<double>(unit.counters[metric.a]),
                         static_cast<double>(unit.measured_ns));
      };
  }
}

/// A total is a rate times the measured time of one replication.
double factor_of(const MetricDefinition& metric, const UnitSet& evidence) {
  if (metric.kind != MetricKind::total) return metric.scale;
  double seconds = 0;
  for (const Unit& unit : evidence.units) seconds += static_cast<double>(unit.measured_ns) / 1e9;
  return metric.scale * seconds / static_cast<double>(evidence.replications);
}

/// Whole replications are near normal already, and few tell their skewness badly.
ConfidenceBounds ratio_bounds(double value, const StandardError& error, const UnitSet& evidence) {
  return evidence.sliced() ? skewed_bounds(value, error, confidence)
                           : student_bounds(value, error, confidence);
}

void estimate_pooled_ratio(MetricEstimate& estimate, const MetricDefinition& metric,
                           const UnitSet& evidence) {
  const bool per_second = metric.kind == MetricKind::rate || metric.kind == MetricKind::total;
  const auto ratio = estimate_ratio(evidence, contribution_of(metric), per_second ? 1e9 : 1);
  if (!ratio) return;
  ConfidenceBounds bounds;
  if (ratio->error) bounds = ratio_bounds(ratio->value, *ratio->error, evidence);
  publish(estimate, ratio->value, bounds, factor_of(metric, evidence));
}

/// All units' latencies as one. Pairwise, because merging one by one would walk the growing result
/// once a unit.
sim::LatencySlice pool(std::span<const Unit> units, std::uint32_t histogram) {
  if (units.size() == 1) return units.front().latencies[histogram];
  sim::LatencySlice pooled = pool(units.first(units.size() / 2), histogram);
  sim::merge(pooled, pool(units.subspan(units.size() / 2), histogram));
  return pooled;
}

/// Pooled histograms by index, each made once.
using Pooled = std::map<std::uint32_t, sim::LatencySlice>;

Pooled pool_all(const sim::MetricCatalogue& catalogue, const UnitSet& evidence) {
  Pooled pooled;
  for (const MetricDefinition& metric : catalogue) {
    const bool needed = !metric.absent && metric.kind == MetricKind::latency_quantile;
    if (needed && !pooled.contains(metric.a)) pooled[metric.a] = pool(evidence.units, metric.a);
  }
  return pooled;
}

/// Fewer values than this above or below a quantile say too little about how they cluster.
constexpr double tail_count_min = 20;

/// Bounds of the probability that a quantile stands for, on the logit scale. A run that is skewed
/// to late answers may hide later ones still, so the skewness stretches the upper side: coverage of
/// the p99 of M/M/1 waits rises from 89 to 93 % (tests/statistical/interval_coverage).
ConfidenceBounds probability_bounds(double p, double count, StandardError error) {
  // Where the tail holds a handful of values all units may agree by chance; then the error is not
  // believed below 0.7 of that of independent requests.
  if (count * std::min(p, 1 - p) < tail_count_min) {
    error.value = std::max(error.value, std::sqrt(0.5 * p * (1 - p) / count));
  }
  error.value /= p * (1 - p);
  error.skewness = -error.skewness;
  const ConfidenceBounds logit = skewed_bounds(std::log(p / (1 - p)), error, confidence);
  const auto logistic = [](double x) { return 1 / (1 + std::exp(-x)); };
  return {logistic(*logit.low), logistic(*logit.high)};
}

void estimate_quantile(MetricEstimate& estimate, const MetricDefinition& metric,
                       const UnitSet& evidence, const sim::LatencySlice& pooled) {
  if (pooled.count == 0) return;
  const double value = quantile_ns(pooled, metric.quantile);
  const auto below = estimate_ratio(evidence, [&](const Unit& unit) {
    const sim::LatencySlice& slice = unit.latencies[metric.a];
    return std::pair(static_cast<double>(count_up_to(slice, value)),
                     static_cast<double>(slice.count));
  });
  ConfidenceBounds bounds;
  if (below->error) {
    const auto count = static_cast<double>(pooled.count);
    const ConfidenceBounds probability = probability_bounds(metric.quantile, count, *below->error);
    bounds.low = quantile_ns(pooled, *probability.low);
    const bool observed = count * (1 - *probability.high) >= 1;
    const bool constant = pooled.buckets.size() == 1;
    if (observed || constant) bounds.high = quantile_ns(pooled, *probability.high);
  }
  publish(estimate, value, bounds, metric.scale);
}

/// The largest level of each replication.
std::vector<double> maxima_of(const UnitSet& evidence, std::uint32_t gauge) {
  const std::size_t slices = evidence.units.size() / evidence.replications;
  std::vector<double> maxima(evidence.replications, 0.0);
  for (std::size_t i = 0; i < evidence.units.size(); ++i) {
    const auto level = static_cast<double>(evidence.units[i].maxima[gauge]);
    maxima[i / slices] = std::max(maxima[i / slices], level);
  }
  return maxima;
}

void estimate_maximum(MetricEstimate& estimate, const MetricDefinition& metric,
                      const UnitSet& evidence) {
  const std::vector<double> maxima = maxima_of(evidence, metric.a);
  const auto count = static_cast<double>(maxima.size());
  const double mean = std::accumulate(maxima.begin(), maxima.end(), 0.0) / count;
  if (maxima.size() < 2) return publish(estimate, mean, {}, metric.scale);
  std::vector<double> residuals;
  for (const double maximum : maxima) residuals.push_back(maximum - mean);
  const StandardError error = replication_error(residuals);
  publish(estimate, mean, student_bounds(mean, error, confidence), metric.scale);
}

MetricEstimate estimate_metric(const MetricDefinition& metric, const UnitSet& evidence,
                               const Pooled& pooled) {
  MetricEstimate estimate{metric.name, metric.unit, {}, {}, {}, confidence};
  if (metric.absent) return estimate;
  if (metric.kind == MetricKind::latency_quantile) {
    estimate_quantile(estimate, metric, evidence, pooled.at(metric.a));
  } else if (metric.kind == MetricKind::maximum) {
    estimate_maximum(estimate, metric, evidence);
  } else {
    estimate_pooled_ratio(estimate, metric, evidence);
  }
  return estimate;
}

/// Every percent, then ten steps for each further factor of ten in 1 / (1 - p).
std::vector<double> ladder(std::int64_t count) {
  std::vector<double> probabilities;
  for (int percent = 1; percent < 90; ++percent) probabilities.push_back(percent / 100.0);
  for (int step = 0;; ++step) {
    const double exceedance = std::pow(10.0, -1 - step / 20.0);
    if (exceedance * static_cast<double>(count) < 1) break;
    probabilities.push_back(1 - exceedance);
  }
  probabilities.push_back(1.0);
  return probabilities;
}

}  // namespace

std::vector<MetricEstimate> estimate_metrics(const sim::MetricCatalogue& catalogue,
                                             const UnitSet& evidence) {
  HALDANE_CHECK(!evidence.units.empty() && evidence.replications >= 1);
  const Pooled pooled = pool_all(catalogue, evidence);
  std::vector<MetricEstimate> estimates;
  for (const MetricDefinition& metric : catalogue) {
    estimates.push_back(estimate_metric(metric, evidence, pooled));
  }
  return estimates;
}

std::optional<double> relative_half_width(const MetricEstimate& estimate) {
  if (!estimate.value || !estimate.ci_low || !estimate.ci_high) return std::nullopt;
  const double half = (*estimate.ci_high - *estimate.ci_low) / 2;
  if (half == 0) return 0.0;
  if (*estimate.value == 0) return std::nullopt;
  return half / std::abs(*estimate.value);
}

std::vector<LatencyDistribution> latency_distributions(const sim::MetricCatalogue& catalogue,
                                                       const UnitSet& evidence) {
  std::vector<LatencyDistribution> distributions;
  for (const MetricDefinition& metric : catalogue) {
    if (metric.absent || metric.kind != MetricKind::latency_mean) continue;
    const sim::LatencySlice pooled = pool(evidence.units, metric.a);
    if (pooled.count == 0) continue;
    LatencyDistribution distribution;
    distribution.name = metric.name.substr(0, metric.name.rfind('.'));
    distribution.count = static_cast<std::uint64_t>(pooled.count);
    for (const double p : ladder(pooled.count)) {
      distribution.points.push_back({scaled(quantile_ns(pooled, p), metric.scale), p});
    }
    distributions.push_back(std::move(distribution));
  }
  return distributions;
}

}  // namespace haldane::analysis
