#include "analysis/judge/later_start.h"

#include <algorithm>
#include <cmath>
#include <limits>

#include "analysis/judge/time_slices.h"

namespace haldane::analysis {
namespace {

constexpr double infinity = std::numeric_limits<double>::infinity();
constexpr double grid_s = 60;
// A burst of a minute at either end of the time is no step, and less says little of dependence.
constexpr double side_min_s = 100;
constexpr double rows_a_slice = 20;
constexpr std::size_t slices_a_side = 4;

TimeAxis axis_over(const ColumnPair& columns) {
  const auto [b_first, b_last] = time_range(*columns.baseline);
  const auto [c_first, c_last] = time_range(*columns.canary);
  const double rows =
      static_cast<double>(std::min(columns.baseline->values.size(), columns.canary->values.size()));
  TimeAxis axis;
  axis.begin_s = std::min(b_first, c_first);
  axis.slices = static_cast<int>(std::min<double>(slices_max, rows / rows_a_slice));
  if (axis.slices > 0) axis.width_s = (std::max(b_last, c_last) - axis.begin_s) / axis.slices;
  return axis;
}

// Running sums of rows, and of those at or below the threshold.
struct Shares {
  std::vector<double> sizes;
  std::vector<double> hits;

  Shares(const ObservationColumn& column, const TimeAxis& axis, double threshold)
      : sizes(slice_sums(column, axis, [](std::size_t) { return 1.0; })),
        hits(slice_sums(column, axis,
                        [&](std::size_t i) { return column.values[i] <= threshold ? 1.0 : 0.0; })) {
    for (std::vector<double>* sums : {&sizes, &hits}) {
      for (std::size_t i = 1; i < sums->size(); ++i) (*sums)[i] += (*sums)[i - 1];
    }
  }
  [[nodiscard]] double before(std::size_t split) const {
    return hits[split - 1] / sizes[split - 1];
  }
  [[nodiscard]] double after(std::size_t split) const {
    return (hits.back() - hits[split - 1]) / (sizes.back() - sizes[split - 1]);
  }
};

// The split that explains most of the scatter, as the squared distance of its sides times what
// their sizes are worth. **Returns** 0 where no split has rows of both arms on both sides.
std::size_t best_split(const Shares& b, const Shares& c) {
  std::size_t best = 0;
  double most = 0;
  for (std::size_t split = slices_a_side; split + slices_a_side <= b.sizes.size(); ++split) {
    const double moved = c.after(split) - b.after(split) - (c.before(split) - b.before(split));
    const double rows = std::min(b.sizes[split - 1], c.sizes[split - 1]);
    const double left =
        std::min(b.sizes.back() - b.sizes[split - 1], c.sizes.back() - c.sizes[split - 1]);
    const double explained = moved * moved * rows * left / (rows + left);
    if (!(explained > most)) continue;  // nor where a side is empty
    most = explained;
    best = split;
  }
  return best;
}

ObservationColumn between(const ObservationColumn& column, double begin_s, double end_s) {
  ObservationColumn part{column.name, {}, {}, 0, 0};
  for (std::size_t i = 0; i < column.times_s.size(); ++i) {
    if (!(column.times_s[i] >= begin_s && column.times_s[i] < end_s)) continue;
    part.times_s.push_back(column.times_s[i]);
    part.values.push_back(column.values[i]);
  }
  return part;
}

PartOfArms between(const ColumnPair& columns, double begin_s, double end_s) {
  return {between(*columns.baseline, begin_s, end_s), between(*columns.canary, begin_s, end_s)};
}

bool has_rows(const PartOfArms& part) {
  return !part.baseline.values.empty() && !part.canary.values.empty();
}

}  // namespace

std::optional<LaterArms> later_arms(const ColumnPair& columns, double threshold) {
  const TimeAxis axis = axis_over(columns);
  if (axis.slices < 2 * static_cast<int>(slices_a_side) || !(axis.width_s > 0)) return std::nullopt;
  const std::size_t split = best_split(Shares(*columns.baseline, axis, threshold),
                                       Shares(*columns.canary, axis, threshold));
  if (split == 0) return std::nullopt;
  const double minutes = static_cast<double>(split) * axis.width_s / grid_s;
  const double minute = std::ceil(minutes);
  const double before_s = std::floor(minutes) * grid_s;
  if (std::min(before_s, axis.span_s() - minute * grid_s) < side_min_s) return std::nullopt;
  LaterArms later;
  later.after_s = minute * grid_s;
  later.error_part = later_error_part / (minute * (minute + 1));
  // Where the split lies within its minute is not sure, so that minute is in neither.
  later.before = between(columns, axis.begin_s, axis.begin_s + before_s);
  later.after = between(columns, axis.begin_s + later.after_s, infinity);
  if (!has_rows(later.before) || !has_rows(later.after)) return std::nullopt;
  return later;
}

}  // namespace haldane::analysis
