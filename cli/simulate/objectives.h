// Objectives of a scenario held against the estimates.
#pragma once

#include <vector>

#include "analysis/estimate/run_result.h"
#include "models/spec/scenario.h"

namespace haldane::cli {

/// One result an objective, in order. The value is compared, not the interval; a metric without a
/// value leaves `met` empty.
[[nodiscard]] std::vector<analysis::ObjectiveResult> check_objectives(
    const std::vector<models::ObjectiveSpec>& objectives,
    const std::vector<analysis::MetricEstimate>& metrics);

/// True when one is missed. One without data is not: nothing was shown.
[[nodiscard]] bool any_missed(const std::vector<analysis::ObjectiveResult>& results);

}  // namespace haldane::cli
