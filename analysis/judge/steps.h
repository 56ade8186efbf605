// Steps of a canary: stretches of time with a share of the traffic of their own. Each is judged by
// itself and their evidence is joined. Pooled, a canary that met more of the busy hour than the
// baseline did would look slow though it is not (Simpson's paradox).
#pragma once

#include <vector>

#include "analysis/ingest/observation_table.h"
#include "analysis/judge/effect.h"
#include "analysis/judge/policy.h"

namespace haldane::analysis {

/// What both arms observed in one step.
struct StepTables {
  ObservationTable baseline;
  ObservationTable canary;
};

/// Whether every observation of both arms has its time.
[[nodiscard]] bool can_be_cut(const ObservationTable& baseline, const ObservationTable& canary);

/// Both arms cut where the policy's steps begin, counted from the first observation of either.
/// **Domain** can_be_cut. **Returns** one pair a step, empty tables included; none without steps.
[[nodiscard]] std::vector<StepTables> cut_into_steps(const JudgePolicy& policy,
                                                     const ObservationTable& baseline,
                                                     const ObservationTable& canary);

/// One effect, common to all steps, of the effects in each: e-values multiply (each step's is an
/// e-process given the steps before it), p-values join by Stouffer's method with weights of the
/// root of the effective sizes. Steps with an obstacle add nothing; where all have one, it stays.
/// **Domain** not empty; all of one method.
[[nodiscard]] Effect join_steps(std::vector<Effect> steps);

}  // namespace haldane::analysis
