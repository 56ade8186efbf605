// Recorded requests that a run replays: when each came, what it asked for, and where.
#pragma once

#include <cstdint>
#include <vector>

#include "sim/base/time.h"

namespace haldane::models {

/// Columns of equal length, times never decreasing, the first one 0.
struct ArrivalTrace {
  std::vector<SimTime> times;
  std::vector<std::uint32_t> objects;  ///< by popularity in the trace, the most popular one is 0
  std::vector<std::uint32_t> sites;    ///< empty: the trace does not say
  std::uint32_t object_count = 0;
  std::uint32_t site_count = 1;  ///< the largest site and one more
};

}  // namespace haldane::models
