// Steps of a canary: stretches of time with a share of the traffic of their own. Each is judged by
// itself and their evidence is joined. Pooled, a canary that met more of the busy hour than the
// baseline did would look slow though it is not (Simpson's paradox).
#pragma once

#include <vector>

#include "analysis/judge/effect.h"

namespace haldane::analysis {

/// One effect, common to all steps, of the effects in each: e-values multiply (each step's is an
/// e-process given the steps before it), p-values join by Stouffer's method with weights of the
/// root of the effective sizes. Steps with an obstacle add nothing; where all have one, it stays.
/// **Domain** not empty; all of one method.
[[nodiscard]] Effect join_steps(std::vector<Effect> steps);

}  // namespace haldane::analysis
