// The time before a release, when both arms ran the same: what differs then is not the release's
// doing. A canary on slower hosts, or a baseline that was sick before, is found out here.
#pragma once

#include "analysis/ingest/observation_table.h"
#include "analysis/judge/judge_metric.h"
#include "analysis/judge/policy.h"
#include "analysis/judge/verdict.h"

namespace haldane::analysis {

/// Judges a release by what came after the pre-period. `before`: what both arms observed in it,
/// which metrics with `adjust` are measured from, or null. **Domain** policy.pre_period_s == 0.
[[nodiscard]] Verdict judge_release(const JudgePolicy& policy, const TablePair& tables,
                                    const TablePair* before, unsigned threads);

/// Judges what came after the policy's pre-period, and the pre-period itself as an A/A test: the
/// same policy with either direction worse. **Returns** `inconclusive` where an entry that decides
/// was shown to differ by more than its margin before the release (at alpha, over all entries and
/// looks), and where the data have no times. Metrics that are adjusted are measured from what they
/// were instead of being checked. **Domain** policy.pre_period_s > 0.
[[nodiscard]] Verdict judge_after_pre_period(const JudgePolicy& policy,
                                             const ObservationTable& baseline,
                                             const ObservationTable& canary, unsigned threads);

}  // namespace haldane::analysis
