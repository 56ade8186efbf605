// The scripted changes of a scenario in words, to be marked in pictures.
#pragma once

#include <vector>

#include "analysis/estimate/run_result.h"
#include "models/spec/scenario.h"

namespace haldane::cli {

[[nodiscard]] std::vector<analysis::TimelineMark> timeline_marks(const models::Scenario& scenario);

}  // namespace haldane::cli
