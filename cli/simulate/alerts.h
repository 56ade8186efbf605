// Alert rules of a scenario held against the simulated series.
#pragma once

#include <string>
#include <vector>

#include "analysis/estimate/run_estimator.h"
#include "analysis/estimate/run_result.h"
#include "models/spec/scenario.h"

namespace haldane::cli {

/// What fired, and what could not be looked at.
struct AlertReport {
  std::vector<analysis::Alert> alerts;  ///< by beginning, then in the order of the rules
  std::vector<std::string> notes;       ///< rules without a baseline
};

/// Evaluates the mean series of all replications. The baseline of a rule is the baseline arm at the
/// same time, with rates, counts and levels taken by share of the traffic, or, without a canary,
/// the mean of the same series between the warm-up and the first event of the timeline.
/// **Domain** at least one replication.
[[nodiscard]] AlertReport check_alerts(const models::Scenario& scenario,
                                       const analysis::RunEstimator& estimator);

}  // namespace haldane::cli
