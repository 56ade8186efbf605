// Counters that follow from others, bin by bin, at the end of a run.
#pragma once

#include "models/plan.h"
#include "sim/measure/measurements.h"

namespace haldane::models {

/// Fills in memory and rows, where the scenario says what they come to. **Domain** everything else
/// of the arm was reported.
void derive_counters(const Plan& plan, sim::Measurements& arm);

}  // namespace haldane::models
