// The first part of a run that was stopped: what is known of all its parts is reported, the rest is
// left out.
#pragma once

#include <cstddef>

#include "sim/base/time.h"
#include "sim/measure/measurements.h"

namespace haldane::sim {

/// How many slices of a grid end at `covered` or before. **Domain** a grid with a bin.
[[nodiscard]] std::size_t slices_until(const TimeGrid& grid, SimTime covered);

/// The first `slices` slices; with none, a grid without bins is left. Latencies are kept by slice,
/// so a run can only be cut there. Events and digest stay as they are.
/// **Domain** slices <= run.grid.slices().
[[nodiscard]] Measurements beginning(Measurements run, std::size_t slices);

}  // namespace haldane::sim
