#include "analysis/judge/better_canary.h"

#include <algorithm>

#include "analysis/judge/effect.h"

namespace haldane::analysis {
namespace {

bool is_shown_better(const Evidence& e, Worse worse) {
  if (e.role == Role::informational) return false;
  if (worse == Worse::higher) return e.ci_high && *e.ci_high < -e.margin;
  return worse == Worse::lower && e.ci_low && *e.ci_low > e.margin;
}

Worse worse_of(const JudgePolicy& policy, const std::string& name) {
  const auto metric = std::find_if(policy.metrics.begin(), policy.metrics.end(),
                                   [&](const MetricPolicy& each) { return each.name == name; });
  return metric == policy.metrics.end() ? Worse::either : metric->worse;
}

}  // namespace

std::optional<std::string> better_canary(const Verdict& verdict) {
  std::string names;
  for (const Evidence& e : verdict.metrics) {
    if (!is_shown_better(e, worse_of(verdict.policy, e.name))) continue;
    names += (names.empty() ? "" : ", ") + metric_label(e);
  }
  if (names.empty()) return std::nullopt;
  return names +
         ": the canary is shown to be better by more than the margin; where nobody expects that, "
         "see whether the arms are swapped";
}

}  // namespace haldane::analysis
