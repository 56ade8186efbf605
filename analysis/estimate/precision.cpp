#include "analysis/estimate/precision.h"

namespace haldane::analysis {
namespace {

PrecisionOutcome check_one(const PrecisionGoal& goal, const std::vector<MetricEstimate>& metrics) {
  PrecisionOutcome outcome{goal, std::nullopt, false};
  for (const MetricEstimate& metric : metrics) {
    if (metric.name != goal.metric) continue;
    outcome.achieved = relative_half_width(metric);
    outcome.met = outcome.achieved && *outcome.achieved <= goal.relative;
  }
  return outcome;
}

/// Replications this goal probably needs in all; a tenth more, because stopping exactly there
/// fails half of the time.
double needed(const PrecisionOutcome& outcome, double replications) {
  if (!outcome.achieved) return 2 * replications;
  const double ratio = *outcome.achieved / outcome.goal.relative;
  return replications * std::min(2.0, 1.1 * ratio * ratio);
}

}  // namespace

std::vector<PrecisionOutcome> check_precision(const std::vector<PrecisionGoal>& goals,
                                              const std::vector<MetricEstimate>& metrics) {
  std::vector<PrecisionOutcome> outcomes;
  for (const PrecisionGoal& goal : goals) outcomes.push_back(check_one(goal, metrics));
  return outcomes;
}

std::uint32_t next_replications(const std::vector<PrecisionOutcome>& outcomes,
                                std::uint32_t replications, std::uint32_t replications_max) {
  double most = 0;
  for (const PrecisionOutcome& outcome : outcomes) {
    if (!outcome.met) most = std::max(most, needed(outcome, static_cast<double>(replications)));
  }
  if (most == 0 || replications >= replications_max) return replications;
  const auto wanted = static_cast<std::uint32_t>(std::ceil(std::min(most, 4e9)));
  return std::clamp(wanted, replications + 1, replications_max);
}

}  // namespace haldane::analysis
