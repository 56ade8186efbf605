#include "analysis/judge/pre_period.h"

#include <algorithm>
#include <string>
#include <utility>
#include <vector>

#include <fmt/format.h>

#include "analysis/judge/cut_tables.h"
#include "analysis/judge/judge.h"

namespace haldane::analysis {
namespace {

// The cut table stands for the file that it came from.
void keep_origin(const ObservationTable& whole, ObservationTable& part) {
  part.path = whole.path;
  part.sha256 = whole.sha256;
  part.part = whole.part;
  part.malformed_rows = whole.malformed_rows;
  part.problems = whole.problems;
  part.remarks = whole.remarks;
  part.censored = whole.censored;
  for (ObservationColumn& column : part.columns) {
    const ObservationColumn* origin = whole.find(column.name);
    column.nan_cells = origin->nan_cells;
    column.infinite_cells = origin->infinite_cells;
    column.detail = origin->detail;
  }
}

JudgePolicy before_the_release(JudgePolicy policy) {
  policy.pre_period_s = 0;
  policy.horizon_s = 0;  // that of the release
  policy.steps.clear();
  policy.share_stated = false;
  // What is measured from the pre-period may have differed there.
  std::erase_if(policy.metrics, [](const MetricPolicy& metric) { return metric.from_pre_period; });
  for (MetricPolicy& metric : policy.metrics) metric.worse = Worse::either;
  return policy;
}

void hold(Verdict& verdict, std::vector<std::string> reasons) {
  if (verdict.decision != Decision::inconclusive) verdict.score = 50;
  verdict.decision = Decision::inconclusive;
  verdict.needs = {};
  reasons.insert(reasons.end(), verdict.reasons.begin(), verdict.reasons.end());
  verdict.reasons = std::move(reasons);
}

void check(const Verdict& before, double seconds, Verdict& verdict) {
  int entries = 0;
  int alike = 0;
  std::vector<std::string> reasons;
  for (const Evidence& evidence : before.metrics) {
    if (evidence.role == Role::informational) continue;
    ++entries;
    if (evidence.outcome == Evidence::Outcome::within_margin) ++alike;
    if (evidence.outcome != Evidence::Outcome::beyond_margin) continue;
    reasons.push_back("the arms differed before the release: " + evidence.reason);
  }
  if (entries == 0) {
    verdict.assumptions.push_back(
        fmt::format("the first {:g} s were taken as before the release; no entry that decides is "
                    "checked there",
                    seconds));
    return;
  }
  verdict.assumptions.push_back(
      fmt::format("the first {:g} s were taken as before the release: {} of {} entries were shown "
                  "to agree within their margins, {} to differ by more",
                  seconds, alike, entries, reasons.size()));
  if (!reasons.empty()) hold(verdict, std::move(reasons));
}

}  // namespace

Verdict judge_after_pre_period(const JudgePolicy& policy, const ObservationTable& baseline,
                               const ObservationTable& canary, unsigned threads) {
  JudgePolicy after = policy;
  after.pre_period_s = 0;
  if (!can_be_cut(baseline, canary)) {
    Verdict verdict = judge_release(after, {baseline, canary}, nullptr, threads);
    verdict.policy.pre_period_s = policy.pre_period_s;
    hold(verdict, {"the policy has a pre_period, but not every value has its time"});
    return verdict;
  }
  JudgePolicy halves;
  halves.steps = {{0, policy.canary_share}, {policy.pre_period_s, policy.canary_share}};
  std::vector<StepTables> cut = cut_into_steps(halves, baseline, canary);
  keep_origin(baseline, cut[1].baseline);
  keep_origin(canary, cut[1].canary);
  const TablePair before{cut[0].baseline, cut[0].canary};
  Verdict verdict = judge_release(after, {cut[1].baseline, cut[1].canary}, &before, threads);
  verdict.policy.pre_period_s = policy.pre_period_s;
  const JudgePolicy checked = before_the_release(policy);
  if (checked.metrics.empty()) return verdict;
  check(judge_release(checked, before, nullptr, threads), policy.pre_period_s, verdict);
  return verdict;
}

}  // namespace haldane::analysis
