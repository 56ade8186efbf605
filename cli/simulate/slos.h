// The service level objectives of a scenario, evaluated on what was simulated.
#pragma once

#include <string>
#include <vector>

#include "analysis/estimate/run_estimator.h"
#include "analysis/estimate/run_result.h"
#include "models/spec/scenario.h"

namespace haldane::cli {

struct SloReport {
  std::vector<analysis::SloResult> slos;
  std::vector<analysis::Alert> alerts;  ///< on burn rates
};

/// **Domain** `estimator` has replications of the scenario.
[[nodiscard]] SloReport check_slos(const models::Scenario& scenario,
                                   const analysis::RunEstimator& estimator);

}  // namespace haldane::cli
