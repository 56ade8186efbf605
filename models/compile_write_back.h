// What compile_plan makes of `workers.write_back`.
#pragma once

#include "models/plan.h"

namespace haldane::models {

/// Sets Plan::writes_back, Plan::api_writes and the arms' laws of service. **Domain** the plan has
/// workers, and its arms of the API are compiled.
void compile_write_back(Plan& plan);

/// How long a window may be for results to come in time. **Domain** after compile_write_back().
[[nodiscard]] Duration longest_window_of_results(const Plan& plan);

}  // namespace haldane::models
