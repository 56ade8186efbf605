// Arms that differed before the release are not judged by it.
#include "analysis/judge/pre_period.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "analysis/judge/judge.h"
#include "analysis/judge/read_policy.h"
#include "tests/statistical/judge/synthetic_arms.h"

namespace haldane::analysis {
namespace {

using testing::Contains;
using testing::HasSubstr;

JudgePolicy policy_with(double pre_period_s) {
  JudgePolicy policy;
  policy.metrics = {latency_policy(0.2)};
  policy.metrics.front().quantiles = {0.5};
  policy.pre_period_s = pre_period_s;
  return policy;
}

// `before` for 600 s, `after` for 900 s, from a time that is not 0.
ObservationTable changed_arm(const ArmModel& before, const ArmModel& after, std::uint64_t seed) {
  ObservationTable table = synthetic_arm(before, seed, 600);
  const ObservationTable later = synthetic_arm(after, seed + 1000, 900);
  for (std::size_t c = 0; c < table.columns.size(); ++c) {
    ObservationColumn& column = table.columns[c];
    for (std::size_t i = 0; i < later.columns[c].values.size(); ++i) {
      column.values.push_back(later.columns[c].values[i]);
      column.times_s.push_back(later.columns[c].times_s[i] + 600);
    }
    for (double& time_s : column.times_s) time_s += 1.7e9;
  }
  table.path = "arm.csv";
  table.sha256 = std::to_string(seed);
  return table;
}

ArmModel slower(double factor) {
  ArmModel model;
  model.latency_median_ms *= factor;
  return model;
}

TEST(PrePeriod, LikeArmsAreJudgedByWhatCameAfter) {
  const ObservationTable baseline = changed_arm({}, {}, 1);
  const Verdict good = judge(policy_with(600), baseline, changed_arm({}, {}, 2));
  EXPECT_EQ(good.decision, Decision::promote) << good.reasons.front();
  EXPECT_THAT(good.assumptions, Contains(HasSubstr("1 of 1 entries were shown to agree")));
  EXPECT_EQ(good.inputs[1].path, "arm.csv");
  EXPECT_EQ(good.policy.pre_period_s, 600);
  // 900 s at 20 requests a second: what came before is left out.
  EXPECT_NEAR(static_cast<double>(good.metrics.front().canary.n), 18'000, 800);
  const Verdict bad = judge(policy_with(600), baseline, changed_arm({}, slower(1.4), 3));
  EXPECT_EQ(bad.decision, Decision::rollback);
}

TEST(PrePeriod, CanaryOnSlowHostsIsNotBlamedOnTheRelease) {
  const ObservationTable baseline = changed_arm({}, {}, 1);
  const ObservationTable canary = changed_arm(slower(1.5), slower(1.5), 4);
  EXPECT_EQ(judge(policy_with(0), baseline, canary).decision, Decision::rollback);
  const Verdict verdict = judge(policy_with(600), baseline, canary);
  EXPECT_EQ(verdict.decision, Decision::inconclusive);
  EXPECT_EQ(verdict.score, 50);
  EXPECT_THAT(verdict.reasons.front(), HasSubstr("the arms differed before the release: latency"));
}

// A baseline that was sick before makes any canary look good.
TEST(PrePeriod, SickBaselinePromotesNothing) {
  const ObservationTable baseline = changed_arm(slower(2), slower(2), 5);
  const ObservationTable canary = changed_arm({}, slower(1.5), 6);
  // Without a pre-period all that shows is that the canary grew worse.
  EXPECT_THAT(judge(policy_with(0), baseline, canary).reasons,
              Contains(HasSubstr("the arms moved apart")));
  EXPECT_EQ(judge(policy_with(600), baseline, canary).decision, Decision::inconclusive);
}

TEST(PrePeriod, WithoutTimesOrDataNothingIsDecided) {
  const ObservationTable baseline = changed_arm({}, {}, 1);
  ObservationTable canary = changed_arm({}, slower(2), 7);
  // A period longer than the data leaves nothing to judge.
  EXPECT_EQ(judge(policy_with(1e6), baseline, canary).decision, Decision::inconclusive);
  EXPECT_EQ(judge(policy_with(600), {}, {}).decision, Decision::inconclusive);
  for (ObservationColumn& column : canary.columns) column.times_s.clear();
  const Verdict verdict = judge(policy_with(600), baseline, canary);
  EXPECT_EQ(verdict.decision, Decision::inconclusive);
  EXPECT_THAT(verdict.reasons.front(), HasSubstr("not every value has its time"));
}

TEST(PrePeriod, IsReadAndChecked) {
  const std::string metrics = "metrics: [{name: a, kind: gauge}]\n";
  const std::string head = "schema: haldane.policy/1\npre_period: 15m\n";
  const auto read = read_policy(head + metrics, "p");
  ASSERT_TRUE(read.has_value()) << to_string(read.error());
  EXPECT_EQ(read->pre_period_s, 900);
  const auto kayenta = read_policy(head + "mode: kayenta\n" + metrics, "p");
  ASSERT_FALSE(kayenta.has_value());
  EXPECT_EQ(kayenta.error()[0].id, "POL-110");
  EXPECT_FALSE(
      read_policy("schema: haldane.policy/1\npre_period: -1s\n" + metrics, "p").has_value());
}

}  // namespace
}  // namespace haldane::analysis
