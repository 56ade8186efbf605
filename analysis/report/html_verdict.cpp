#include <algorithm>
#include <cmath>

#include <fmt/format.h>

#include "analysis/report/html_sections.h"
#include "analysis/report/number_format.h"
#include "analysis/report/plot/forest_chart.h"
#include "analysis/report/plot/svg.h"
#include "analysis/report/verdict_report.h"

namespace haldane::analysis {
namespace {

using plot::escape;

std::string list(const std::vector<std::string>& lines) {
  if (lines.empty()) return "";
  std::string html = "<ul>\n";
  for (const std::string& line : lines) html += "<li>" + escape(line) + "</li>\n";
  return html + "</ul>\n";
}

std::string banner(const Verdict& verdict) {
  const std::string name = decision_name(verdict.decision);
  std::string html = fmt::format(
      "<div class=\"banner {}\"><b>{}</b> <span class=\"meta\">score {} of 100</span>\n", name,
      name, format_fixed(verdict.score, 0));
  html += list(verdict.reasons);
  if (const std::string needs = needs_words(verdict); !needs.empty()) {
    html += "<p>" + needs + "</p>\n";
  }
  return html + "</div>\n";
}

Worse worse_of(const Verdict& verdict, const std::string& name) {
  for (const MetricPolicy& metric : verdict.policy.metrics) {
    if (metric.name == name) return metric.worse;
  }
  return Worse::higher;
}

std::string css_of(Evidence::Outcome outcome) {
  const std::string name = outcome_name(outcome);
  return name.substr(0, name.find('_'));
}

plot::ForestRow forest_row(const Verdict& verdict, const Evidence& evidence) {
  plot::ForestRow row;
  row.name = evidence_name(evidence);
  row.css_class = css_of(evidence.outcome);
  // Without a margin there is no unit to measure in; the change itself then stands for one.
  const double unit =
      evidence.margin > 0 ? evidence.margin : std::abs(evidence.estimate.value_or(1));
  const auto scaled = [unit](const std::optional<double>& value) {
    return value && std::isfinite(*value) && unit > 0 ? std::optional(*value / unit) : std::nullopt;
  };
  row.estimate = scaled(evidence.estimate);
  row.low = scaled(evidence.ci_low);
  row.high = scaled(evidence.ci_high);
  if (evidence.estimate) row.detail = format_change(*evidence.estimate, evidence.scale);
  const Worse worse = worse_of(verdict, evidence.name);
  row.margin_above = evidence.margin > 0 && worse != Worse::lower;
  row.margin_below = evidence.margin > 0 && worse != Worse::higher;
  return row;
}

// As forest_row() scales.
std::string forest_unit(const std::vector<Evidence>& metrics) {
  const auto has_margin = [](const Evidence& e) { return e.margin > 0; };
  if (std::all_of(metrics.begin(), metrics.end(), has_margin))
    return "change, in units of its margin";
  if (std::none_of(metrics.begin(), metrics.end(), has_margin))
    return "change, in units of its own size (the margin is 0)";
  return "change, in units of its margin (of its own size where that is 0)";
}

std::string forest(const Verdict& verdict) {
  if (verdict.metrics.empty()) return "";
  plot::ForestChart chart;
  chart.title = "Change of the canary against its margin";
  chart.description =
      "Each row is a metric: the dot is the estimated change, the bar its interval, the dashed "
      "line the margin.";
  chart.axis_label = forest_unit(verdict.metrics);
  for (const Evidence& evidence : verdict.metrics)
    chart.rows.push_back(forest_row(verdict, evidence));
  return "<figure>\n<figcaption>" + escape(chart.title) + "</figcaption>\n" + plot::render(chart) +
         "</figure>\n";
}

plot::Line ecdf_line(const std::vector<EcdfPoint>& points, const char* name, int color) {
  plot::Line line;
  line.name = name;
  line.color = color;
  line.dashed = color == 2;
  line.steps = true;
  for (const EcdfPoint& point : points) {
    line.points.push_back({point.value, 100 * point.probability});
    line.band.push_back({point.value, 100 * point.band_low, 100 * point.band_high});
  }
  return line;
}

/// A tail that is far out squeezes everything else to the left on a linear axis.
bool has_long_tail(const EcdfPair& pair) {
  double least = INFINITY;
  double most = 0;
  for (const auto* points : {&pair.baseline, &pair.canary}) {
    for (const EcdfPoint& point : *points) {
      least = std::min(least, point.value);
      most = std::max(most, point.value);
    }
  }
  return least > 0 && most > 20 * least;
}

plot::LineChart ecdf_chart(const EcdfPair& pair) {
  plot::LineChart chart;
  chart.title = "Distribution of " + pair.name;
  chart.description =
      "Share of observations at or below each value, for baseline and canary, with bands that hold "
      "at every look.";
  chart.x_label = pair.name;
  chart.y_label = "% at or below";
  chart.y_max = 100;
  if (has_long_tail(pair)) chart.x_kind = plot::AxisKind::logarithmic;
  chart.lines = {ecdf_line(pair.baseline, "baseline", 1), ecdf_line(pair.canary, "canary", 2)};
  return chart;
}

std::string cell(const std::optional<double>& value) {
  return value ? format_plain(*value) : "-";
}

// The change of an adjusted entry is not that of the values beside it.
std::string method_of(const Evidence& e) {
  if (!e.adjustment) return e.method;
  return fmt::format("{}, beside {} before the release", e.method,
                     format_change(e.adjustment->before, e.scale));
}

std::string evidence_row(const Evidence& e) {
  const auto change = [&](const std::optional<double>& value) {
    return value && std::isfinite(*value) ? format_change(*value, e.scale) : std::string("?");
  };
  return fmt::format(
      "<tr><td>{}</td><td>{}</td><td class=\"n\">{}</td><td class=\"n\">{}</td><td "
      "class=\"n\">{}</td><td "
      "class=\"n\">{} .. {}</td><td class=\"n\">{}</td><td class=\"{}\">{}</td><td>{}</td></tr>\n",
      escape(evidence_name(e)), role_name(e.role), cell(e.baseline.value), cell(e.canary.value),
      change(e.estimate), change(e.ci_low), change(e.ci_high),
      format_change(e.margin, e.scale).substr(1),
      e.outcome == Evidence::Outcome::beyond_margin   ? "bad"
      : e.outcome == Evidence::Outcome::within_margin ? "good"
                                                      : "warn",
      css_of(e.outcome), escape(method_of(e)));
}

std::string evidence_table(const Verdict& verdict) {
  std::string html =
      "<div class=\"scroll\"><table>\n<thead><tr><th>metric</th><th>role</th><th "
      "class=\"n\">baseline</th><th "
      "class=\"n\">canary</th><th class=\"n\">change</th><th class=\"n\">interval</th><th "
      "class=\"n\">margin</th>"
      "<th>is</th><th>method</th></tr></thead>\n<tbody>\n";
  for (const Evidence& evidence : verdict.metrics) html += evidence_row(evidence);
  return html + "</tbody>\n</table></div>\n";
}

std::string inputs(const Verdict& verdict) {
  std::string html;
  for (const InputFile& input : verdict.inputs) {
    html += fmt::format("<p class=\"meta\"><code>{}</code> sha256 <code>{}</code></p>\n",
                        escape(input.path), escape(input.sha256));
  }
  return html.empty() ? "" : section_title("Inputs") + html;
}

}  // namespace

std::string verdict_section(const Verdict& verdict) {
  std::string html = "<h1>Canary verdict</h1>\n" + banner(verdict);
  html += "<div class=\"figures\">\n" + forest(verdict) + over_time_figures(verdict);
  for (const EcdfPair& pair : verdict.ecdfs) {
    html += figure(ecdf_chart(pair)) + shift_figure(pair);
  }
  html += "</div>\n" + section_title("Evidence") + evidence_table(verdict);
  for (const EcdfPair& pair : verdict.ecdfs) html += percentile_ladder(pair);
  if (!verdict.differences.empty())
    html += section_title("Where our own judge differs") + list(difference_lines(verdict));
  if (!verdict.assumptions.empty())
    html += section_title("Assumed and noted") + list(verdict.assumptions);
  return html + inputs(verdict);
}

}  // namespace haldane::analysis
