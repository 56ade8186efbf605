// The page of `haldane cache --html`.
#include <algorithm>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include <fmt/format.h>

#include "analysis/report/html_sections.h"
#include "analysis/report/number_format.h"
#include "analysis/report/plot/line_chart.h"
#include "analysis/report/plot/svg.h"
#include "cli/cache/cache_report.h"

namespace haldane::cli {
namespace {

using analysis::plot::escape;
using Ratio = std::function<std::optional<double>(const models::ReplayAnswer&)>;

constexpr int colors = 6;

analysis::plot::Line curve_of(const CacheResult& result, models::ReplayPolicy policy,
                              models::CapacityUnit unit, const Ratio& ratio) {
  analysis::plot::Line line;
  line.name = models::name_of(policy);
  for (const models::ReplayAnswer& answer : result.answers) {
    const auto share = ratio(answer);
    if (answer.policy != policy || answer.capacity.unit != unit || !share) continue;
    line.points.push_back({static_cast<double>(answer.capacity.amount), *share * 100});
  }
  std::stable_sort(line.points.begin(), line.points.end(),
                   [](const auto& a, const auto& b) { return a.x < b.x; });
  return line;
}

// More policies than colours: the second round is dashed.
analysis::plot::LineChart chart_of(const CacheResult& result, models::CapacityUnit unit,
                                   const std::string& title, const Ratio& ratio) {
  analysis::plot::LineChart chart;
  chart.title = title;
  chart.description = title + " against the capacity of the cache, one line a policy.";
  chart.x_label = unit == models::CapacityUnit::bytes ? "capacity (bytes)" : "capacity (objects)";
  chart.y_label = "%";
  chart.x_kind = analysis::plot::AxisKind::logarithmic;
  chart.y_max = 100;
  int number = 0;
  for (const models::NamedPolicy& named : models::all_policies) {
    analysis::plot::Line line = curve_of(result, named.policy, unit, ratio);
    if (line.points.empty()) continue;
    line.color = number % colors + 1;
    line.dashed = number >= colors;
    ++number;
    chart.lines.push_back(std::move(line));
  }
  return chart;
}

std::string charts(const CacheResult& result) {
  std::string html;
  for (const auto unit : {models::CapacityUnit::objects, models::CapacityUnit::bytes}) {
    html += analysis::figure(chart_of(result, unit, "Miss ratio", [](const auto& answer) {
      return std::optional<double>(answer.miss_ratio);
    }));
    html += analysis::figure(chart_of(result, unit, "Byte miss ratio",
                                      [](const auto& answer) { return answer.byte_miss_ratio; }));
  }
  return html;
}

}  // namespace

std::string cache_page(const CacheResult& result) {
  // The text report has every number and is plain text, so it is the page's table too.
  const std::string title = "haldane: " + result.trace;
  const std::string body = "<h1>" + escape(result.trace) + "</h1>\n" +
                           analysis::section_title("Miss-ratio curve") + charts(result) +
                           analysis::section_title("All numbers") + "<pre>" +
                           escape(cache_text(result, {120, false})) + "</pre>\n";
  return analysis::html_page(title, body);
}

}  // namespace haldane::cli
