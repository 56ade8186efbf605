// Where a run's time is cut into bins and slices: the resolution of every series and of every
// interval.
#pragma once

#include "sim/base/time.h"
#include "sim/measure/measurements.h"

namespace haldane::sim {

/// Bins of one second where that gives 100 to 2,000 of them, else of the nearest "round" width;
/// slices of about 1/64 of the measured time. Bins are aligned on the end of the warm-up, so that
/// no bin is measured in part.
/// **Domain** 1 ms <= duration, 0 <= warmup < duration.
[[nodiscard]] TimeGrid make_time_grid(Duration duration, Duration warmup);

}  // namespace haldane::sim
