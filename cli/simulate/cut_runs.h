// Replications that were stopped in the middle, made comparable: the estimates need runs over one
// and the same span.
#pragma once

#include <cstdint>
#include <vector>

#include "sim/measure/measurements.h"

namespace haldane::cli {

/// Complete bins; 0 also for a grid without any point.
[[nodiscard]] std::size_t complete_bins(const sim::Measurements& run);

/// The runs that reach beyond their warm-up, all cut to the slices that the shortest of these has
/// completed; in order. Latencies are kept by slice, so a slice that is not whole is left out.
/// `warmup_bins`: what is stated; 0 for a warm-up yet to be found. **Returns** nothing when no run
/// has a whole slice beyond it.
[[nodiscard]] std::vector<sim::Measurements> common_beginning(std::vector<sim::Measurements> runs,
                                                              std::uint32_t warmup_bins);

}  // namespace haldane::cli
