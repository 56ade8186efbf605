// Lines over a common x axis, drawn as static SVG: series over time, percentile ladders, ECDFs.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "analysis/report/plot/axis.h"

namespace haldane::analysis::plot {

struct Point {
  double x = 0;
  std::optional<double> y;  ///< empty = a gap in the line
};

struct BandPoint {
  double x = 0;
  double low = 0;
  double high = 0;
};

struct Line {
  std::string name;
  int color = 1;        ///< 1 to 6: class c1 ... of the page's palette
  bool dashed = false;  ///< tells lines apart without colour
  bool steps = false;   ///< constant from one point to the next
  std::vector<Point> points;
  std::vector<BandPoint> band;  ///< drawn behind the line; empty = none
};

/// A stretch of the x axis, such as the warm-up; with from == to a moment.
struct Stretch {
  double from = 0;
  double to = 0;
  std::string label;
  bool warmup = false;  ///< shaded as left out rather than marked as an event
};

struct LineChart {
  std::string title;
  std::string description;  ///< for who cannot see the picture: what it shows, with numbers
  std::string x_label;
  std::string y_label;
  AxisKind x_kind = AxisKind::linear;
  AxisKind y_kind = AxisKind::linear;
  bool y_from_zero = true;
  std::optional<double> y_max;  ///< at most this: 100 for shares
  std::vector<Tick> x_ticks;    ///< empty = round numbers
  std::vector<Line> lines;
  std::vector<Stretch> stretches;
};

/// Whether any line has a point to draw.
[[nodiscard]] bool has_points(const LineChart& chart);

/// Averages neighbours until at most `points_max` are left, so that a page stays small. A group
/// without any value stays a gap.
[[nodiscard]] std::vector<Point> thin_out(const std::vector<Point>& points, std::size_t points_max);

/// **Domain** has_points(). **Returns** one svg element that uses the page's CSS classes.
[[nodiscard]] std::string render(const LineChart& chart);

}  // namespace haldane::analysis::plot
