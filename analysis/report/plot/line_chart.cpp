#include "analysis/report/plot/line_chart.h"

#include <algorithm>
#include <cmath>
#include <limits>

#include <fmt/format.h>

#include "analysis/report/plot/svg.h"

namespace haldane::analysis::plot {
namespace {

// Drawn for a phone held upright, where one picture unit is about 0.8 pixels; wider screens
// enlarge.
constexpr double width = 460;
constexpr double left = 50;
constexpr double right = 448;
constexpr double plot_height = 200;
constexpr double legend_row = 17;
constexpr double label_row = 13;
constexpr double label_scale = 0.9;  // labels are set a little smaller than the legend

struct Range {
  double low = std::numeric_limits<double>::infinity();
  double high = -std::numeric_limits<double>::infinity();
  void cover(double value) {
    if (!std::isfinite(value)) return;
    low = std::min(low, value);
    high = std::max(high, value);
  }
};

struct Ranges {
  Range x;
  Range y;
};

/// A logarithmic axis has no place for zero.
bool is_drawable(double value, AxisKind kind) {
  return std::isfinite(value) && (kind == AxisKind::linear || value > 0);
}

Ranges ranges_of(const LineChart& chart) {
  Ranges ranges;
  for (const Line& line : chart.lines) {
    for (const Point& point : line.points) {
      if (is_drawable(point.x, chart.x_kind)) ranges.x.cover(point.x);
      if (point.y && is_drawable(*point.y, chart.y_kind)) ranges.y.cover(*point.y);
    }
    for (const BandPoint& point : line.band) {
      if (is_drawable(point.low, chart.y_kind)) ranges.y.cover(point.low);
      if (is_drawable(point.high, chart.y_kind)) ranges.y.cover(point.high);
    }
  }
  for (const Stretch& stretch : chart.stretches) {
    ranges.x.cover(stretch.from);
    ranges.x.cover(stretch.to);
  }
  if (chart.y_from_zero && chart.y_kind == AxisKind::linear) ranges.y.cover(0);
  return ranges;
}

/// Where the legend's entries stand, and how many rows they take.
struct Legend {
  struct Entry {
    double x = 0;
    int row = 0;
  };
  std::vector<Entry> entries;
  int rows = 1;
};

Legend place_legend(const LineChart& chart) {
  Legend legend;
  double x = left;
  for (const Line& line : chart.lines) {
    const double needed = 24 + text_width(line.name) + 14;
    if (x > left && x + needed > right) {
      x = left;
      ++legend.rows;
    }
    legend.entries.push_back({x, legend.rows - 1});
    x += needed;
  }
  return legend;
}

std::string line_class(const Line& line) {
  return fmt::format("line c{}{}", line.color, line.dashed ? " dashed" : "");
}

std::string draw_legend(const LineChart& chart, const Legend& legend) {
  std::string svg;
  for (std::size_t i = 0; i < chart.lines.size(); ++i) {
    const double y = 12 + legend_row * legend.entries[i].row;
    const double x = legend.entries[i].x;
    svg += line_element(x, y - 4, x + 18, y - 4, line_class(chart.lines[i]));
    svg += text_element(x + 24, y, chart.lines[i].name, Anchor::start, "legend");
  }
  return svg;
}

struct Frame {
  Axis x;
  Axis y;
  double top;
  double bottom;
};

std::string draw_axes(const LineChart& chart, const Frame& frame) {
  std::string svg;
  for (const Tick& tick : frame.y.ticks()) {
    const double y = frame.y.to_pixel(tick.value);
    svg += line_element(left, y, right, y, "grid");
    svg += text_element(left - 6, y + 4, tick.label, Anchor::end, "tick");
  }
  for (const Tick& tick : chart.x_ticks.empty() ? frame.x.ticks() : chart.x_ticks) {
    if (tick.value < frame.x.low() * (1 - 1e-9) || tick.value > frame.x.high() * (1 + 1e-9))
      continue;
    const double x = frame.x.to_pixel(tick.value);
    svg += line_element(x, frame.bottom, x, frame.bottom + 4, "axis");
    svg += text_element(x, frame.bottom + 16, tick.label, Anchor::middle, "tick");
  }
  svg += line_element(left, frame.bottom, right, frame.bottom, "axis");
  svg +=
      text_element((left + right) / 2, frame.bottom + 33, chart.x_label, Anchor::middle, "label");
  svg += text_element(4, frame.top - 12, chart.y_label, Anchor::start, "label");
  return svg;
}

/// Where the label of each stretch stands: neighbours that would overlap take another row.
struct Labels {
  struct Place {
    double x = 0;
    int row = 0;
    Anchor anchor = Anchor::start;
  };
  std::vector<Place> places;
  int rows = 0;
};

Labels place_labels(const LineChart& chart, const Axis& x) {
  Labels labels;
  std::vector<double> row_ends;  // how far each row is taken
  for (const Stretch& stretch : chart.stretches) {
    const double room = text_width(stretch.label) * label_scale + 8;
    const double from = x.to_pixel(stretch.from);
    const bool at_the_end = from + room > right;
    const double begin = at_the_end ? right - room : from;
    std::size_t row = 0;
    while (row < row_ends.size() && row_ends[row] > begin) ++row;
    if (row == row_ends.size()) row_ends.push_back(0);
    row_ends[row] = begin + room;
    labels.places.push_back({at_the_end ? right - 2 : from + 3, static_cast<int>(row),
                             at_the_end ? Anchor::end : Anchor::start});
  }
  labels.rows = static_cast<int>(row_ends.size());
  return labels;
}

std::string draw_stretches(const LineChart& chart, const Frame& frame, const Labels& labels) {
  std::string svg;
  for (std::size_t i = 0; i < chart.stretches.size(); ++i) {
    const Stretch& stretch = chart.stretches[i];
    const Labels::Place& place = labels.places[i];
    const double from = frame.x.to_pixel(stretch.from);
    const double to = std::max(from, frame.x.to_pixel(stretch.to));
    svg += fmt::format(
        "<rect class=\"{}\" x=\"{:.1f}\" y=\"{:.1f}\" width=\"{:.1f}\" height=\"{:.1f}\"/>\n",
        stretch.warmup ? "warmup" : "event", from, frame.top, std::max(to - from, 1.5),
        frame.bottom - frame.top);
    svg += text_element(place.x, frame.top + 11 + label_row * place.row, stretch.label,
                        place.anchor, "note");
  }
  return svg;
}

std::string draw_band(const Line& line, const LineChart& chart, const Frame& frame) {
  std::string upper;
  std::string lower;
  for (const BandPoint& point : line.band) {
    if (!is_drawable(point.x, chart.x_kind)) continue;
    const std::string x = pixel(frame.x.to_pixel(point.x));
    upper +=
        fmt::format("{} {},{}", upper.empty() ? "M" : " L", x, pixel(frame.y.to_pixel(point.high)));
    lower = fmt::format(" L {},{}", x, pixel(frame.y.to_pixel(point.low))) + lower;
  }
  return upper.empty()
             ? ""
             : fmt::format("<path class=\"band c{}\" d=\"{}{} Z\"/>\n", line.color, upper, lower);
}

std::string draw_line(const Line& line, const LineChart& chart, const Frame& frame) {
  std::string path;
  bool pen_down = false;
  for (const Point& point : line.points) {
    if (!point.y || !is_drawable(*point.y, chart.y_kind) || !is_drawable(point.x, chart.x_kind)) {
      pen_down = false;
      continue;
    }
    const std::string x = pixel(frame.x.to_pixel(point.x));
    const std::string y = pixel(frame.y.to_pixel(*point.y));
    if (pen_down && line.steps) path += fmt::format("H{}V{}", x, y);
    if (pen_down && !line.steps) path += fmt::format("L{},{}", x, y);
    if (!pen_down) path += fmt::format("M{},{}", x, y);
    pen_down = true;
  }
  return fmt::format("<path class=\"{}\" d=\"{}\"/>\n", line_class(line), path);
}

/// The curves stay below the rows that labels of stretches take.
Frame make_frame(const LineChart& chart, const Ranges& ranges, const Axis& x, double top,
                 int label_rows) {
  const double bottom = top + plot_height;
  const double highest = top + label_row * label_rows + (label_rows > 0 ? 4 : 0);
  Axis y(chart.y_kind, ranges.y.low, ranges.y.high, bottom, highest);
  y.widen_to_ticks();
  if (chart.y_max && y.high() > *chart.y_max) {
    y = Axis(chart.y_kind, y.low(), *chart.y_max, bottom, highest);
  }
  return {x, y, top, bottom};
}

}  // namespace

bool has_points(const LineChart& chart) {
  return std::any_of(chart.lines.begin(), chart.lines.end(), [&](const Line& line) {
    return std::any_of(line.points.begin(), line.points.end(), [&](const Point& point) {
      return point.y && is_drawable(*point.y, chart.y_kind) && is_drawable(point.x, chart.x_kind);
    });
  });
}

std::vector<Point> thin_out(const std::vector<Point>& points, std::size_t points_max) {
  const std::size_t group = (points.size() + points_max - 1) / std::max<std::size_t>(1, points_max);
  if (group <= 1) return points;
  std::vector<Point> thin;
  for (std::size_t begin = 0; begin < points.size(); begin += group) {
    const std::size_t end = std::min(points.size(), begin + group);
    double x = 0;
    double y = 0;
    int present = 0;
    for (std::size_t i = begin; i < end; ++i) {
      x += points[i].x;
      y += points[i].y.value_or(0);
      present += points[i].y ? 1 : 0;
    }
    const double mean_x = x / static_cast<double>(end - begin);
    thin.push_back({mean_x, present > 0 ? std::optional(y / present) : std::nullopt});
  }
  return thin;
}

std::string render(const LineChart& chart) {
  const Legend legend = place_legend(chart);
  const double top = 12 + legend_row * legend.rows + 23;
  const Ranges ranges = ranges_of(chart);
  const Axis x(chart.x_kind, ranges.x.low, ranges.x.high, left, right);
  const Labels labels = place_labels(chart, x);
  const Frame frame = make_frame(chart, ranges, x, top, labels.rows);
  std::string svg = open_svg(width, frame.bottom + 40, chart.title, chart.description);
  svg +=
      draw_stretches(chart, frame, labels) + draw_axes(chart, frame) + draw_legend(chart, legend);
  for (const Line& line : chart.lines) svg += draw_band(line, chart, frame);
  for (const Line& line : chart.lines) svg += draw_line(line, chart, frame);
  return svg + "</svg>\n";
}

}  // namespace haldane::analysis::plot
