#include "cli/judge/follow_cuts.h"

#include <algorithm>
#include <cmath>
#include <vector>

#include "analysis/ingest/column_sketch.h"
#include "analysis/judge/cut_tables.h"

namespace haldane::cli {
namespace {

constexpr std::uint64_t turn_bytes = std::uint64_t{1} << 19U;

}  // namespace

bool cuts_by_time(const analysis::JudgePolicy& policy) {
  return !policy.steps.empty() || policy.pre_period_s > 0;
}

void cut_arms(const analysis::JudgePolicy& policy, double begins_s, FollowArm& baseline,
              FollowArm& canary) {
  const std::vector<double> moments = analysis::moments_of_cuts(policy, begins_s);
  baseline.cut_at(begins_s, moments);
  canary.cut_at(begins_s, moments);
}

Expected<std::uint64_t, FollowProblem> read_until_cut(const analysis::JudgePolicy& policy,
                                                      FollowArm& baseline, FollowArm& canary,
                                                      std::optional<double>& begins_s) {
  std::uint64_t fresh = 0;
  for (std::uint64_t before = 1; !begins_s && fresh != before;) {
    before = fresh;
    for (FollowArm* arm : {&baseline, &canary}) {
      const auto bytes = arm->read_new(turn_bytes);
      if (!bytes) return bytes;
      fresh += *bytes;
    }
    if (std::max(baseline.rows_kept(), canary.rows_kept()) <= analysis::rows_kept_max) continue;
    const double first = analysis::first_time(baseline.table(), canary.table());
    begins_s = std::isfinite(first) ? first : 0;
    cut_arms(policy, *begins_s, baseline, canary);
  }
  return fresh;
}

}  // namespace haldane::cli
