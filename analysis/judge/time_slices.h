// Both arms' rows in slices of time, to see how far the difference of the arms scatters from one
// part of the time to the next.
#pragma once

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <utility>
#include <vector>

#include "analysis/judge/arms.h"

namespace haldane::analysis {

/// More slices would cost time at every look and tell hardly more.
inline constexpr int slices_max = 480;

struct TimeAxis {
  double begin_s = 0;
  double width_s = 0;
  int slices = 0;  ///< 0: there is nothing to cut

  [[nodiscard]] double span_s() const { return width_s * slices; }
  /// Times outside count for the nearest slice.
  [[nodiscard]] std::size_t index(double time_s) const {
    const double position = std::floor((time_s - begin_s) / width_s);
    return static_cast<std::size_t>(std::clamp(position, 0.0, slices - 1.0));
  }
};

/// First and last time of a column. **Domain** not empty.
[[nodiscard]] inline std::pair<double, double> time_range(const ObservationColumn& column) {
  const auto [low, high] = std::minmax_element(column.times_s.begin(), column.times_s.end());
  return {*low, *high};
}

/// Sums a slice of weight(row), rows being indices into the column's times.
template <class Weight>
std::vector<double> slice_sums(const ObservationColumn& column, const TimeAxis& axis,
                               const Weight& weight) {
  std::vector<double> sums(static_cast<std::size_t>(axis.slices), 0.0);
  for (std::size_t i = 0; i < column.times_s.size(); ++i) {
    sums[axis.index(column.times_s[i])] += weight(i);
  }
  return sums;
}

}  // namespace haldane::analysis
