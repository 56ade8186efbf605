#include "analysis/judge/judge.h"

#include <algorithm>

#include "analysis/judge/closed_testing.h"
#include "analysis/judge/decide.h"
#include "analysis/judge/default_margins.h"
#include "analysis/judge/error_budget.h"
#include "analysis/judge/judge_metric.h"
#include "analysis/judge/kayenta_mode.h"
#include "analysis/judge/same_arms.h"
#include "analysis/judge/traffic_split.h"

namespace haldane::analysis {
namespace {

void note_input(const ObservationTable& table, const char* arm, Verdict& verdict) {
  verdict.inputs.push_back({table.path, table.sha256});
  if (table.malformed_rows > 0) {
    verdict.assumptions.push_back(std::string(arm) + ": " + std::to_string(table.malformed_rows) +
                                  " malformed rows were left out");
  }
  for (const std::string& remark : table.remarks) {
    verdict.assumptions.push_back(std::string(arm) + ": " + remark);
  }
}

}  // namespace

Verdict judge(const JudgePolicy& policy, const ObservationTable& baseline,
              const ObservationTable& canary) {
  if (policy.mode == Mode::kayenta) {
    Verdict verdict = judge_by_kayenta(policy, baseline, canary);
    note_input(baseline, "baseline", verdict);
    note_input(canary, "canary", verdict);
    return verdict;
  }
  Verdict verdict;
  verdict.policy = with_margins(policy, verdict.assumptions);
  note_input(baseline, "baseline", verdict);
  note_input(canary, "canary", verdict);
  std::vector<Assessment> assessments;
  const ErrorBudget budget(verdict.policy);
  for (const MetricPolicy& metric : verdict.policy.metrics) {
    MetricJudgement judged = judge_metric(metric, policy.mode, budget, {baseline, canary});
    std::move(judged.assessments.begin(), judged.assessments.end(),
              std::back_inserter(assessments));
    if (judged.distributions) verdict.ecdfs.push_back(std::move(*judged.distributions));
    std::move(judged.remarks.begin(), judged.remarks.end(),
              std::back_inserter(verdict.assumptions));
  }
  if (const auto mismatch = split_mismatch(verdict.policy, {baseline, canary}))
    verdict.assumptions.push_back(*mismatch);
  close_tests(verdict.policy.alpha, assessments);
  decide(assessments, same_arms(baseline, canary), {baseline, canary}, verdict);
  return verdict;
}

Verdict judge_without_policy(const ObservationTable& baseline, const ObservationTable& canary) {
  const InferredPolicy inferred = infer_policy(baseline, canary);
  Verdict verdict = judge(inferred.policy, baseline, canary);
  verdict.assumptions.insert(verdict.assumptions.begin(), inferred.assumptions.begin(),
                             inferred.assumptions.end());
  return verdict;
}

}  // namespace haldane::analysis
