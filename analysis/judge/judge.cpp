#include "analysis/judge/judge.h"

#include <algorithm>
#include <exception>
#include <utility>

#include "analysis/judge/better_canary.h"
#include "analysis/judge/closed_testing.h"
#include "analysis/judge/decide.h"
#include "analysis/judge/default_margins.h"
#include "analysis/judge/error_allocation.h"
#include "analysis/judge/judge_metric.h"
#include "analysis/judge/kayenta_mode.h"
#include "analysis/judge/pre_period.h"
#include "analysis/judge/same_arms.h"
#include "analysis/judge/traffic_split.h"
#include "sim/parallel/parallel_for.h"

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

Steps steps_of(const JudgePolicy& policy, const ObservationTable& baseline,
               const ObservationTable& canary) {
  if (policy.steps.empty()) return std::nullopt;
  return can_be_cut(baseline, canary) ? cut_into_steps(policy, baseline, canary)
                                      : std::vector<StepTables>{};
}

void note_split(const Steps& steps, const TablePair& tables, Verdict& verdict) {
  if (!steps) {
    if (const auto mismatch = split_mismatch(verdict.policy, tables))
      verdict.assumptions.push_back(*mismatch);
    return;
  }
  JudgePolicy policy = verdict.policy;
  policy.share_stated = true;
  for (std::size_t i = 0; i < steps->size(); ++i) {
    const StepTables& step = (*steps)[i];
    policy.canary_share = policy.steps[i].canary_share;
    if (const auto mismatch = split_mismatch(policy, {step.baseline, step.canary}))
      verdict.assumptions.push_back("step " + std::to_string(i + 1) + ": " + *mismatch);
  }
}

// What makes one doubt that the arms are those of a release.
void note_arms(const TablePair& tables, Verdict& verdict) {
  if (same_rows(tables.baseline, tables.canary) && !same_arms(tables.baseline, tables.canary)) {
    verdict.assumptions.emplace_back(
        "baseline and canary hold the same rows in another order; was one source given twice?");
  }
  if (const auto better = better_canary(verdict)) verdict.assumptions.push_back(*better);
}

// Each metric on its own, in the policy's order. What fails (memory, with many large columns) fails
// for all.
std::vector<MetricJudgement> judge_metrics(const JudgePolicy& policy, const TablePair& tables,
                                           const Steps& steps, const TablePair* before,
                                           unsigned threads) {
  const ErrorAllocation allocation(policy);
  std::vector<MetricJudgement> judged(policy.metrics.size());
  std::vector<std::exception_ptr> failures(judged.size());
  sim::parallel_for(judged.size(), threads, [&](std::size_t i) {
    try {
      judged[i] = judge_metric(policy, policy.metrics[i], allocation, tables, steps, before);
    } catch (...) {
      failures[i] = std::current_exception();
    }
  });
  for (const std::exception_ptr& failure : failures) {
    if (failure) std::rethrow_exception(failure);
  }
  return judged;
}

}  // namespace

Verdict judge(const JudgePolicy& policy, const ObservationTable& baseline,
              const ObservationTable& canary, unsigned threads) {
  if (policy.pre_period_s > 0) return judge_after_pre_period(policy, baseline, canary, threads);
  return judge_release(policy, {baseline, canary}, nullptr, threads);
}

Verdict judge_release(const JudgePolicy& policy, const TablePair& tables, const TablePair* before,
                      unsigned threads) {
  const auto& [baseline, canary] = tables;
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
  std::vector<std::string> doubts;
  const Steps steps = steps_of(policy, baseline, canary);
  for (MetricJudgement& judged : judge_metrics(verdict.policy, tables, steps, before, threads)) {
    std::move(judged.assessments.begin(), judged.assessments.end(),
              std::back_inserter(assessments));
    std::move(judged.doubts.begin(), judged.doubts.end(), std::back_inserter(doubts));
    if (judged.distributions) verdict.ecdfs.push_back(std::move(*judged.distributions));
    std::move(judged.remarks.begin(), judged.remarks.end(),
              std::back_inserter(verdict.assumptions));
  }
  note_split(steps, tables, verdict);
  close_tests(verdict.policy.alpha, verdict.policy.multiplicity, assessments);
  decide(assessments, same_arms(baseline, canary), tables, doubts, verdict);
  note_arms(tables, verdict);
  return verdict;
}

Verdict judge_without_policy(const ObservationTable& baseline, const ObservationTable& canary,
                             unsigned threads) {
  const InferredPolicy inferred = infer_policy(baseline, canary);
  Verdict verdict = judge(inferred.policy, baseline, canary, threads);
  verdict.assumptions.insert(verdict.assumptions.begin(), inferred.assumptions.begin(),
                             inferred.assumptions.end());
  return verdict;
}

}  // namespace haldane::analysis
