// The judge's word on the two arms of a simulated canary: what it would have said of this release,
// for the page of `simulate --html`.
#pragma once

#include <string>
#include <vector>

#include "analysis/ingest/observation_table.h"
#include "analysis/judge/verdict.h"
#include "models/metrics.h"
#include "models/tiers/link/messages.h"
#include "sim/measure/measurements.h"

namespace haldane::cli {

/// The rows that arm_csv would write, as the judge sees them once it has read them.
[[nodiscard]] analysis::ObservationTable arm_table(
    const sim::Measurements& run, const std::vector<models::RequestSample>& samples,
    models::Block arm, double from_s);

/// Judges the rows that arm_csv would write. The policy is policy.yaml beside the scenario file or
/// one folder above it (what-if/); where there is none, or it cannot be read, one is inferred. The
/// verdict's assumptions say which.
[[nodiscard]] analysis::Verdict judge_arms(const sim::Measurements& run,
                                           const std::vector<models::RequestSample>& samples,
                                           double from_s, const std::string& scenario_path);

}  // namespace haldane::cli
