// One row a metric: its change with interval, on the scale of its own margin (where there is one),
// so that metrics of different units stand under each other.
#pragma once

#include <optional>
#include <string>
#include <vector>

namespace haldane::analysis::plot {

struct ForestRow {
  std::string name;
  std::string detail;              ///< written at the right, such as "+9.6 %"
  std::optional<double> estimate;  ///< change divided by the row's unit
  std::optional<double> low;       ///< empty = unbounded on that side
  std::optional<double> high;
  bool margin_above = true;   ///< a margin at +1
  bool margin_below = false;  ///< a margin at -1
  std::string css_class;      ///< "beyond", "within", "undecided", "reported"
};

struct ForestChart {
  std::string title;
  std::string description;
  std::string axis_label;  ///< says what the rows' units are
  std::vector<ForestRow> rows;
};

/// **Returns** one svg element that uses the page's CSS classes; intervals that leave the picture
/// end in an arrow.
[[nodiscard]] std::string render(const ForestChart& chart);

}  // namespace haldane::analysis::plot
