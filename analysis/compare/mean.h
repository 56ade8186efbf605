// The mean of values in memory.
#pragma once

#include <numeric>
#include <span>

namespace haldane::analysis {

/// **Domain** not empty. Summed in the order of the values.
[[nodiscard]] inline double mean_of(std::span<const double> values) {
  return std::accumulate(values.begin(), values.end(), 0.0) / static_cast<double>(values.size());
}

}  // namespace haldane::analysis
