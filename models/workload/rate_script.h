// The scripted part of a site's arrival rate: its own rate, the curve of day and week at its clock,
// and the surges, ramps and flash crowds of the timeline, all as one step function.
//
// Curves become steps before the run, so that between two steps the process is exactly Poisson and
// the loop knows one kind of rate only.
#pragma once

#include <cstdint>

#include "models/spec/scenario.h"
#include "models/workload/step_function.h"

namespace haldane::models {

/// The factor of a curve at a local time. **Units** `clock`: since some Monday 00:00, any size or
/// sign. **Accuracy** the cosine to 1e-12.
[[nodiscard]] double curve_factor(const CurveSpec& curve, Duration clock);

/// Arrivals per ns of what begins by itself: requests, sessions, or those of a self-exciting
/// process that nothing excited. **Cost** O(steps).
[[nodiscard]] StepFunction scripted_rate(const Scenario& scenario, std::uint32_t site);

}  // namespace haldane::models
