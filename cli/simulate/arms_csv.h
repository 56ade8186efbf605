// The two arms of a canary as `haldane judge` reads them: one simulated release, as production
// metrics would show it.
#pragma once

#include <string>
#include <vector>

#include "models/plan.h"
#include "models/tiers/link/messages.h"
#include "sim/measure/measurements.h"

namespace haldane::cli {

/// Requests of which an arm's file keeps the latency, over both arms.
inline constexpr double arms_rows_wanted = 200'000;

/// Share of the requests to keep so that about `rows` come out.
[[nodiscard]] double arms_sample_share(const models::Scenario& scenario,
                                       double rows = arms_rows_wanted);

/// CSV with the header timestamp,latency_ms,requests,errors,dead_letters,queue_depth: a row for
/// each sampled request (its latency only), and one for each time bin (everything else), in order
/// of time. **Units** timestamp in simulated seconds. Rows before `from_s` are left out.
/// **Domain** `run` has a block for `arm`.
[[nodiscard]] std::string arm_csv(const sim::Measurements& run,
                                  const std::vector<models::RequestSample>& samples,
                                  models::Block arm, double from_s);

}  // namespace haldane::cli
