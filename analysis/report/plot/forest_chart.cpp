#include "analysis/report/plot/forest_chart.h"

#include <algorithm>
#include <cmath>

#include <fmt/format.h>

#include "analysis/report/plot/axis.h"
#include "analysis/report/plot/svg.h"

namespace haldane::analysis::plot {
namespace {

constexpr double width = 460;
constexpr double left = 136;
constexpr double right = 388;
constexpr double top = 22;
constexpr double row_height = 24;
constexpr double span_max = 5;  // margins; what lies further out is far out anyway
constexpr double span_min = 1.6;

double span_of(const ForestChart& chart) {
  double span = span_min;
  for (const ForestRow& row : chart.rows) {
    for (const auto& value : {row.estimate, row.low, row.high}) {
      if (value && std::isfinite(*value)) span = std::max(span, std::abs(*value) * 1.05);
    }
  }
  return std::min(span, span_max);
}

std::string shorten(const std::string& name, std::size_t characters_max) {
  return name.size() <= characters_max ? name : name.substr(0, characters_max - 2) + "..";
}

/// A small triangle at an end of the interval that lies outside.
std::string arrow(double x, double y, int direction, const std::string& css_class) {
  return fmt::format("<path class=\"dot {}\" d=\"M{:.1f},{:.1f} l{},-4 v8 Z\"/>\n", css_class,
                     x + 2 * direction, y, -7 * direction);
}

std::string draw_row(const ForestRow& row, const Axis& axis, double y, double span) {
  std::string svg = text_element(left - 8, y + 4, shorten(row.name, 20), Anchor::end, "legend");
  svg += text_element(right + 8, y + 4, row.detail, Anchor::start, "legend");
  if (row.margin_above)
    svg += line_element(axis.to_pixel(1), y - 9, axis.to_pixel(1), y + 9, "margin");
  if (row.margin_below)
    svg += line_element(axis.to_pixel(-1), y - 9, axis.to_pixel(-1), y + 9, "margin");
  if (!row.estimate)
    return svg + text_element(axis.to_pixel(0) + 6, y + 4, "no data", Anchor::start, "note");
  const double low = row.low.value_or(-2 * span);
  const double high = row.high.value_or(2 * span);
  svg += line_element(axis.to_pixel(low), y, axis.to_pixel(high), y, "interval " + row.css_class);
  if (low < -span) svg += arrow(left, y, -1, row.css_class);
  if (high > span) svg += arrow(right, y, 1, row.css_class);
  if (std::abs(*row.estimate) <= span) {
    svg += fmt::format("<circle class=\"dot {}\" cx=\"{:.1f}\" cy=\"{:.1f}\" r=\"4\"/>\n",
                       row.css_class, axis.to_pixel(*row.estimate), y);
  }
  return svg;
}

}  // namespace

std::string render(const ForestChart& chart) {
  const double span = span_of(chart);
  const Axis axis(AxisKind::linear, -span, span, left, right);
  const double bottom = top + row_height * static_cast<double>(chart.rows.size());
  std::string svg = open_svg(width, bottom + 40, chart.title, chart.description);
  for (const Tick& tick : axis.ticks(6)) {
    const double x = axis.to_pixel(tick.value);
    svg += line_element(x, top, x, bottom, tick.value == 0 ? "axis" : "grid");
    svg += text_element(x, bottom + 15, tick.label, Anchor::middle, "tick");
  }
  svg += text_element((left + right) / 2, bottom + 32, chart.axis_label, Anchor::middle, "label");
  for (std::size_t i = 0; i < chart.rows.size(); ++i) {
    svg += draw_row(chart.rows[i], axis, top + row_height * (static_cast<double>(i) + 0.5), span);
  }
  return svg + "</svg>\n";
}

}  // namespace haldane::analysis::plot
