// `mode: kayenta`: the arms judged by the rule of Kayenta's NetflixACAJudge-v1.0 under a policy of
// ours, for who must compare with a judgement that Spinnaker gave or would give.
//
// The score decides, so a metric beyond its margin need not roll back, and a Pass means "not shown
// to differ", not "shown within". Our own judge looks at the same arms, and the verdict says where
// it disagrees. What the rule would promote without having compared anything is held instead.
#pragma once

#include "analysis/ingest/observation_table.h"
#include "analysis/judge/policy.h"
#include "analysis/judge/verdict.h"

namespace haldane::analysis {

/// **Domain** policy.mode is kayenta. **Returns** promote for Pass, inconclusive for Marginal,
/// rollback for Fail; `differences` against mode sequential. **Source** docs/kayenta.md.
[[nodiscard]] Verdict judge_by_kayenta(const JudgePolicy& policy, const ObservationTable& baseline,
                                       const ObservationTable& canary);

}  // namespace haldane::analysis
