#include "analysis/report/run_charts.h"

#include <algorithm>
#include <cmath>
#include <string>
#include <utility>

#include <fmt/format.h>

namespace haldane::analysis {
namespace {

// More points than pixels only make the page larger.
constexpr std::size_t points_max = 320;

struct TimeUnit {
  double seconds = 1;
  const char* name = "s";
};

TimeUnit time_unit(double span_s) {
  if (span_s > 3 * 3600) return {3600, "h"};
  if (span_s > 180) return {60, "min"};
  return {1, "s"};
}

/// A series to draw: its contract name, what the legend says, how it looks.
struct Wanted {
  const char* series;
  const char* label;
  int color;
  bool dashed = false;
};

const MetricEstimate* find_metric(const RunResult& run, const std::string& name) {
  const auto found =
      std::find_if(run.metrics.begin(), run.metrics.end(),
                   [&](const MetricEstimate& metric) { return metric.name == name; });
  return found == run.metrics.end() ? nullptr : &*found;
}

/// "requests mean 3,601 1/s" for each line: the picture in words.
std::string describe(const RunResult& run, const std::vector<Wanted>& wanted) {
  std::string text;
  for (const Wanted& one : wanted) {
    const MetricEstimate* metric = find_metric(run, one.series);
    if (metric == nullptr || !metric->value) continue;
    text += fmt::format("{}{}: {:.4g}", text.empty() ? "Over the measured time, " : "; ", one.label,
                        *metric->value);
  }
  return text.empty() ? "A curve over simulated time." : text + ".";
}

plot::Line make_line(const Series& series, const Wanted& wanted, double unit_s, double factor) {
  plot::Line line;
  line.name = wanted.label;
  line.color = wanted.color;
  line.dashed = wanted.dashed;
  for (std::size_t i = 0; i < series.t_s.size(); ++i) {
    const auto& value = series.v[i];
    line.points.push_back(
        {series.t_s[i] / unit_s, value ? std::optional(*value * factor) : std::nullopt});
  }
  line.points = plot::thin_out(line.points, points_max);
  return line;
}

std::vector<plot::Stretch> stretches(const RunResult& run, double unit_s) {
  std::vector<plot::Stretch> all;
  if (run.warmup_s > 0) all.push_back({0, run.warmup_s / unit_s, "warm-up, left out", true});
  for (const TimelineMark& mark : run.timeline) {
    all.push_back({mark.from_s / unit_s, mark.to_s / unit_s, mark.label, false});
  }
  return all;
}

plot::LineChart over_time(const RunResult& run, std::string title, std::string y_label,
                          const std::vector<Wanted>& wanted, double factor = 1) {
  const TimeUnit unit = time_unit(run.simulated_s);
  plot::LineChart chart;
  chart.title = std::move(title);
  chart.description = describe(run, wanted);
  chart.x_label = fmt::format("simulated time ({})", unit.name);
  chart.y_label = std::move(y_label);
  for (const Wanted& one : wanted) {
    for (const Series& series : run.series) {
      if (series.name == one.series)
        chart.lines.push_back(make_line(series, one, unit.seconds, factor));
    }
  }
  chart.stretches = stretches(run, unit.seconds);
  return chart;
}

/// Percentiles that lie far apart are only readable together on a logarithmic axis.
bool spreads_widely(const plot::LineChart& chart) {
  double low = INFINITY;
  double high = 0;
  for (const plot::Line& line : chart.lines) {
    for (const plot::Point& point : line.points) {
      if (!point.y || !(*point.y > 0)) continue;
      low = std::min(low, *point.y);
      high = std::max(high, *point.y);
    }
  }
  return high > 30 * low;
}

plot::LineChart latency_chart(const RunResult& run) {
  plot::LineChart chart = over_time(run, "Latency seen by clients", "ms",
                                    {{"requests.latency_ms.p99", "p99", 2, false},
                                     {"requests.latency_ms.p90", "p90", 4, true},
                                     {"requests.latency_ms.mean", "mean", 3, true},
                                     {"requests.latency_ms.p50", "p50", 1, false}});
  if (spreads_widely(chart)) chart.y_kind = plot::AxisKind::logarithmic;
  return chart;
}

void add_ladder(plot::LineChart& chart, const LatencyDistribution& distribution, std::string label,
                int color, bool dashed) {
  plot::Line line;
  line.name = std::move(label);
  line.color = color;
  line.dashed = dashed;
  for (const DistributionPoint& point : distribution.points) {
    // The largest value has no 1 / (1 - p); it stands where the next one would be expected.
    const double exceedance =
        std::max(1 - point.probability, 1.0 / (2.0 * static_cast<double>(distribution.count)));
    line.points.push_back({1 / exceedance, point.value_ms});
  }
  chart.lines.push_back(std::move(line));
}

const LatencyDistribution* find_distribution(const std::vector<LatencyDistribution>& all,
                                             const std::string& name) {
  const auto found =
      std::find_if(all.begin(), all.end(), [&](const auto& one) { return one.name == name; });
  return found == all.end() ? nullptr : &*found;
}

}  // namespace

std::vector<plot::LineChart> charts_over_time(const RunResult& run) {
  std::vector<plot::LineChart> charts;
  charts.push_back(over_time(run, "Request rate", "per second",
                             {{"requests.rate_per_s", "clients to edge", 1, false},
                              {"api.rate_per_s", "edge to API", 2, false},
                              {"workers.rate_per_s", "API to workers", 3, true}}));
  charts.push_back(over_time(run, "Hit ratio", "%",
                             {{"edge.hit_ratio", "requests", 1, false},
                              {"edge.byte_hit_ratio", "bytes", 2, true},
                              {"edge.stale_ratio", "served stale", 4, true}},
                             100));
  charts.back().y_max = 100;
  charts.push_back(latency_chart(run));
  charts.push_back(over_time(run, "Queue depth", "waiting, mean of each bin",
                             {{"api.queue_depth.mean", "API requests", 1, false},
                              {"workers.queue_depth.mean", "worker jobs", 2, true}}));
  charts.push_back(over_time(
      run, "Utilization", "% of slots busy",
      {{"api.utilization", "API", 1, false}, {"workers.utilization", "workers", 2, true}}, 100));
  charts.back().y_max = 100;
  return charts;
}

plot::LineChart percentile_ladder(const RunResult& run) {
  plot::LineChart chart;
  chart.title = "Latency percentiles";
  chart.description =
      "Latency against the percentile, the tail stretched: each step to the right is ten times "
      "rarer.";
  chart.x_label = "percentile (%)";
  chart.y_label = "ms";
  chart.x_kind = plot::AxisKind::logarithmic;
  chart.y_kind = plot::AxisKind::logarithmic;
  chart.x_ticks = {{2, "50"},      {10, "90"},      {100, "99"},     {1e3, "99.9"},
                   {1e4, "99.99"}, {1e5, "99.999"}, {1e6, "99.9999"}};
  int color = 1;
  for (const ArmResult& arm : run.arms) {
    const LatencyDistribution* seen = find_distribution(arm.distributions, "requests.latency_ms");
    if (seen != nullptr) add_ladder(chart, *seen, arm.name, color, color == 2);
    ++color;
  }
  if (!chart.lines.empty()) return chart;
  for (const auto& [name, label] : {std::pair("requests.latency_ms", "clients see"),
                                    {"edge.latency_ms", "edge, answered itself"},
                                    {"api.latency_ms", "API"}}) {
    const LatencyDistribution* seen = find_distribution(run.distributions, name);
    if (seen != nullptr) add_ladder(chart, *seen, label, color, color == 2);
    ++color;
  }
  return chart;
}

}  // namespace haldane::analysis
