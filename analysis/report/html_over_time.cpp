// Evidence over time: each entry's change with its interval, look by look, and all e-values.
#include <algorithm>
#include <cmath>

#include <fmt/format.h>

#include "analysis/judge/over_time.h"
#include "analysis/report/html_sections.h"
#include "analysis/report/number_format.h"
#include "analysis/report/verdict_report.h"

namespace haldane::analysis {
namespace {

constexpr std::size_t charts_max = 12;
constexpr std::size_t lines_max = 6;  // as many as the palette has colours
constexpr double log_e_least = -2;
constexpr double log_e_most = 6;

std::string name_of(const EvidenceSeries& series) {
  return series.quantile ? series.name + " " + quantile_name(*series.quantile) : series.name;
}

bool has_times(const EvidenceSeries& series) {
  return !series.points.empty() && series.points.back().elapsed_s.has_value();
}

double x_of(const EvidencePoint& point) {
  return point.elapsed_s ? *point.elapsed_s / 60 : 100 * point.share;
}

std::string x_label(const EvidenceSeries& series) {
  return has_times(series) ? "minutes since the first observation" : "% of the rows";
}

// An early interval as wide as the world would flatten all that comes later.
double widest_drawn(const EvidenceSeries& series) {
  double widest = 3 * std::abs(series.margin);
  const EvidencePoint& last = series.points.back();
  for (const auto& bound : {last.estimate, last.ci_low, last.ci_high}) {
    if (bound) widest = std::max(widest, 3 * std::abs(*bound));
  }
  return widest > 0 ? widest : 1;
}

plot::Line change_line(const EvidenceSeries& series, double unit) {
  plot::Line line;
  line.name = "change";
  const double widest = widest_drawn(series);
  for (const EvidencePoint& point : series.points) {
    if (!point.estimate) continue;
    const auto drawn = [&](const std::optional<double>& value, double otherwise) {
      return unit * std::clamp(value.value_or(otherwise), -widest, widest);
    };
    line.points.push_back({x_of(point), drawn(point.estimate, 0)});
    line.band.push_back({x_of(point), drawn(point.ci_low, -widest), drawn(point.ci_high, widest)});
  }
  return line;
}

plot::Line margin_line(const EvidenceSeries& series, double unit, double sign) {
  plot::Line line;
  line.name = sign > 0 ? "margin" : "lower margin";
  line.color = 3;
  line.dashed = true;
  for (const EvidencePoint* point : {&series.points.front(), &series.points.back()})
    line.points.push_back({x_of(*point), unit * sign * series.margin});
  return line;
}

Worse worse_of(const Verdict& verdict, const std::string& name) {
  for (const MetricPolicy& metric : verdict.policy.metrics) {
    if (metric.name == name) return metric.worse;
  }
  return Worse::higher;
}

plot::LineChart change_chart(const Verdict& verdict, const EvidenceSeries& series) {
  const bool relative = series.scale == Evidence::Scale::relative;
  const double unit = relative ? 100 : 1;
  plot::LineChart chart;
  chart.title = "Evidence over time: " + name_of(series);
  chart.description =
      "The change of the canary as each look would have seen it, with the interval that holds at "
      "all looks, and the margin.";
  chart.x_label = x_label(series);
  chart.y_label = relative ? "change in %" : "change";
  chart.y_from_zero = false;
  chart.lines = {change_line(series, unit)};
  if (chart.lines[0].points.empty()) return chart;
  const Worse worse = worse_of(verdict, series.name);
  if (worse != Worse::lower) chart.lines.push_back(margin_line(series, unit, 1));
  if (worse != Worse::higher) chart.lines.push_back(margin_line(series, unit, -1));
  return chart;
}

double strength(const EvidenceSeries& series) {
  return series.points.empty() ? 0 : series.points.back().e_value.value_or(0);
}

// Across the chart; it also keeps evidence that never moved from looking as if it filled it.
plot::Line level_line(double level, const EvidenceSeries& series) {
  plot::Line line;
  line.name = "rolls back";
  line.color = 3;
  line.dashed = true;
  for (const EvidencePoint* point : {&series.points.front(), &series.points.back()})
    line.points.push_back({x_of(*point), level});
  return line;
}

plot::LineChart strength_chart(const Verdict& verdict) {
  std::vector<const EvidenceSeries*> strongest;
  for (const EvidenceSeries& series : verdict.over_time) strongest.push_back(&series);
  std::stable_sort(strongest.begin(), strongest.end(),
                   [](const auto* a, const auto* b) { return strength(*a) > strength(*b); });
  strongest.resize(std::min(strongest.size(), lines_max));
  const auto condemning = condemning_e_value(verdict.policy);
  const double level = std::log10(condemning.value_or(1));
  const double most = std::max(log_e_most, level + 1);
  plot::LineChart chart;
  chart.title = "Strength of the evidence against the canary";
  chart.description =
      "Decimal logarithm of each entry's e-value: evidence that the change is beyond its margin. "
      "Above the dashed line, 1 / alpha times the number of entries, it condemns.";
  chart.y_label = "log10 of the e-value";
  chart.y_from_zero = false;
  for (const EvidenceSeries* series : strongest) {
    if (chart.lines.empty()) chart.x_label = x_label(*series);
    plot::Line line;
    line.name = name_of(*series);
    line.color = static_cast<int>(chart.lines.size()) + 1;
    for (const EvidencePoint& point : series->points) {
      if (!point.e_value) continue;
      const double log_e = std::log10(std::max(*point.e_value, 1e-300));
      line.points.push_back({x_of(point), std::clamp(log_e, log_e_least, most)});
    }
    chart.lines.push_back(std::move(line));
  }
  if (condemning && !strongest.front()->points.empty())
    chart.lines.push_back(level_line(level, *strongest.front()));
  return chart;
}

}  // namespace

std::string over_time_figures(const Verdict& verdict) {
  if (verdict.over_time.empty()) return "";
  std::string html = figure(strength_chart(verdict));
  const std::size_t shown = std::min(verdict.over_time.size(), charts_max);
  for (std::size_t i = 0; i < shown; ++i) {
    if (!verdict.over_time[i].points.empty())
      html += figure(change_chart(verdict, verdict.over_time[i]));
  }
  return html;
}

}  // namespace haldane::analysis
