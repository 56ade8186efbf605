// Whether the traffic was split as the policy says. Where it was not, requests of one arm may be
// missing, or the arms may be swapped, and then no comparison of the rest is worth much.
#pragma once

#include <optional>
#include <string>

#include "analysis/judge/judge_metric.h"
#include "analysis/judge/policy.h"

namespace haldane::analysis {

/// Tests the split of the requests (the exposure of the first ratio or count that has one, else the
/// samples of the first metric of samples) against `canary_share`, at every look. **Returns** a
/// sentence with numbers when the canary's share is shown to be off by more than a hundredth of the
/// smaller share; nothing otherwise, and where the policy states no share. **Source** beta-binomial
/// mixture, e-value 1,000: false alarms at most 1 in 1,000 for a split at random.
[[nodiscard]] std::optional<std::string> split_mismatch(const JudgePolicy& policy,
                                                        const TablePair& tables);

}  // namespace haldane::analysis
