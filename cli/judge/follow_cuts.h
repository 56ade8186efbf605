// Where a watch cuts its rows by time: at a policy's steps, and at the end of its pre-period. Rows
// that are folded cannot be cut any more, so the moments must be known before, and they count from
// the first observation of either arm. Both arms are therefore read by turns until one has more
// rows than are kept; what was first by then stays the beginning, after a restart too.
#pragma once

#include <cstdint>
#include <optional>

#include "analysis/judge/policy.h"
#include "cli/judge/follow_arm.h"

namespace haldane::cli {

/// Whether the policy needs cuts.
[[nodiscard]] bool cuts_by_time(const analysis::JudgePolicy& policy);

/// Cuts both arms as the policy says. **Domain** both keep every row so far.
void cut_arms(const analysis::JudgePolicy& policy, double begins_s, FollowArm& baseline,
              FollowArm& canary);

/// Reads both arms by turns, to their ends or until one has more than `rows_kept_max` rows: then it
/// cuts both and sets `begins_s` (Unix seconds; 0 where no row has a time). **Returns** how many
/// bytes. **Errors** as FollowArm::read_new.
[[nodiscard]] Expected<std::uint64_t, FollowProblem> read_until_cut(
    const analysis::JudgePolicy& policy, FollowArm& baseline, FollowArm& canary,
    std::optional<double>& begins_s);

}  // namespace haldane::cli
