// Baselines that are no yardstick, without a time before the release to tell.
#include <algorithm>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "analysis/ingest/column_sketch.h"
#include "analysis/judge/arm_drift.h"
#include "analysis/judge/judge.h"
#include "analysis/judge/read_policy.h"
#include "analysis/judge/shared_rows.h"
#include "tests/statistical/judge/synthetic_arms.h"

namespace haldane::analysis {
namespace {

using testing::Contains;
using testing::Each;
using testing::HasSubstr;
using testing::Not;

JudgePolicy latency_only() {
  JudgePolicy policy;
  policy.metrics = {latency_policy(0.2)};
  policy.metrics.front().quantiles = {0.5};
  return policy;
}

// 900 s of 20 requests a second, of which those from `from_s` to `to_s` take `factor` as long.
ObservationTable arm(std::uint64_t seed, double factor = 1, double from_s = 0, double to_s = 900) {
  ObservationTable table = synthetic_arm({}, seed, 900);
  table.sha256 = std::to_string(seed);
  ObservationColumn& latency = table.columns[0];
  for (std::size_t i = 0; i < latency.values.size(); ++i) {
    if (latency.times_s[i] >= from_s && latency.times_s[i] < to_s) latency.values[i] *= factor;
  }
  return table;
}

TEST(BaselineHealth, SteadyArmsArePromoted) {
  const Verdict verdict = judge(latency_only(), arm(1), arm(2));
  EXPECT_EQ(verdict.decision, Decision::promote) << verdict.reasons.front();
  EXPECT_EQ(judge(latency_only(), arm(1, 2, 450), arm(2, 2, 450)).decision, Decision::promote)
      << "a load that both share";
  EXPECT_EQ(judge(latency_only(), arm(1), arm(2, 1.1)).decision, Decision::promote);
}

TEST(BaselineHealth, BaselineThatFellSickHalfwayPromotesNothing) {
  const Verdict verdict = judge(latency_only(), arm(1, 2, 450), arm(2));
  EXPECT_EQ(verdict.decision, Decision::inconclusive);
  EXPECT_THAT(verdict.reasons, Contains(HasSubstr("the arms moved apart: latency_ms of the base")));
  JudgePolicy steps = latency_only();
  steps.steps = {{0, 0.1}, {450, 0.5}};
  EXPECT_THAT(judge(steps, arm(1, 2, 450), arm(2)).reasons, Each(Not(HasSubstr("moved apart"))));
}

TEST(BaselineHealth, BaselineThatRecoveredPromotesNothing) {
  const Verdict verdict = judge(latency_only(), arm(1, 1.5, 0, 300), arm(2));
  EXPECT_EQ(verdict.decision, Decision::inconclusive);
  EXPECT_THAT(verdict.reasons, Contains(HasSubstr("moved apart")));
}

TEST(BaselineHealth, CanaryThatWarmedUpIsNotDoubted) {
  const Verdict verdict = judge(latency_only(), arm(1), arm(2, 1.5, 0, 120));
  EXPECT_THAT(verdict.reasons, Each(Not(HasSubstr("moved apart"))));
}

TEST(BaselineHealth, CanaryThatGrowsWorseIsRolledBack) {
  const Verdict verdict = judge(latency_only(), arm(1), arm(2, 1.5, 700));
  EXPECT_EQ(verdict.decision, Decision::rollback);
  EXPECT_THAT(verdict.reasons.front(), HasSubstr("from minute 12 on, change +5"));
}

TEST(BaselineHealth, DoubtsDoNotSaveABadCanary) {
  EXPECT_EQ(judge(latency_only(), arm(1, 1.3, 450), arm(2, 2)).decision, Decision::rollback);
}

TEST(BaselineHealth, FailingBaselineIsNoYardstick) {
  ArmModel failing;
  failing.error_ratio = 0.3;
  const ObservationTable baseline = synthetic_arm(failing, 1, 900);
  const ObservationTable canary = synthetic_arm(failing, 2, 900);
  JudgePolicy policy;
  policy.metrics = {rate_policy("errors", MetricKind::ratio, {0.2, std::nullopt}, Role::critical)};
  EXPECT_EQ(judge(policy, baseline, canary).decision, Decision::promote);
  policy.metrics.front().unhealthy_above = 0.05;
  const Verdict verdict = judge(policy, baseline, canary);
  EXPECT_EQ(verdict.decision, Decision::inconclusive);
  EXPECT_THAT(verdict.reasons, Contains(HasSubstr("unhealthy baseline: errors are")));
  policy.metrics.front().unhealthy_above = 0.31;
  EXPECT_EQ(judge(policy, baseline, canary).decision, Decision::promote);
}

// Requests of the canary that the baseline counted as its own.
TEST(BaselineHealth, SharedRowsAreSeenInAnyOrder) {
  const ObservationTable canary = arm(2);
  ObservationTable baseline = arm(1);
  ObservationColumn& mixed = baseline.columns[0];
  const ObservationColumn& from = canary.columns[0];
  for (std::size_t i = 0; i < from.values.size(); i += 20) {
    mixed.values.push_back(from.values[i]);
    mixed.times_s.push_back(from.times_s[i]);
  }
  std::reverse(mixed.values.begin(), mixed.values.end());
  std::reverse(mixed.times_s.begin(), mixed.times_s.end());
  const Verdict verdict = judge(latency_only(), baseline, canary);
  EXPECT_EQ(verdict.decision, Decision::inconclusive);
  EXPECT_THAT(verdict.reasons, Contains(HasSubstr("contaminated arms: ")));
  mixed.times_s.clear();
  EXPECT_EQ(shared_rows({&mixed, &from}).rows, 0) << "values alone are nobody's";
}

TEST(SharedRows, CountsRowsAndWhatChanceWouldGive) {
  const ObservationColumn b{"a", {1, 2, 3, 4}, {0, 1, 2, 3}, 0, 0};
  const ObservationColumn c{"a", {1, 2, 5, 4, 6}, {0, 1, 2, 9, 9}, 0, 0};
  const SharedRows shared = shared_rows({&b, &c});
  EXPECT_EQ(shared.rows, 2);
  EXPECT_EQ(shared.by_chance, 0);
  EXPECT_EQ(shared.share, 0.5);
  const ObservationColumn quiet{"a", {0, 0, 0}, {0, 1, 2}, 0, 0};
  EXPECT_EQ(shared_rows({&quiet, &quiet}).by_chance, 3);
  EXPECT_FALSE(is_contaminated(shared_rows({&quiet, &quiet})));
}

TEST(SlicedArms, AreMeansMediansAndRatesOfCommonSlices) {
  ObservationColumn values{"a", {}, {}, 0, 0};
  ObservationColumn ones{"n", {}, {}, 0, 0};
  for (int i = 0; i < 4000; ++i) {
    values.values.push_back(i % 3);
    values.times_s.push_back(i * 0.05);
    ones.values.push_back(2);
    ones.times_s.push_back(i * 0.05);
  }
  const SlicedArms means = sliced_means({&values, &ones});
  EXPECT_EQ(means.width_s, 0.5);
  EXPECT_NEAR(means.values.baseline.front(), 1, 0.11);
  EXPECT_EQ(means.values.canary.front(), 2);
  EXPECT_EQ(sliced_medians({&values, &values}).width_s, 1);
  EXPECT_EQ(sliced_medians({&values, &values}).values.baseline.front(), 1);
  const SlicedArms rates = sliced_rates({&values, &values}, {&ones, &ones});
  EXPECT_NEAR(rates.values.baseline.front(), 0.5, 0.06);
  values.times_s.clear();
  EXPECT_TRUE(sliced_means({&values, &ones}).values.baseline.empty());
}

TEST(BaselineHealth, CompactedArmsAreAskedByTheirSlices) {
  ObservationTable baseline = arm(1, 2, 450);
  ObservationTable canary = arm(2);
  ObservationTable steady = arm(3);
  for (ObservationTable* table : {&baseline, &canary, &steady})
    compact_rows(table->columns[0], 100);
  EXPECT_THAT(judge(latency_only(), baseline, canary).reasons, Contains(HasSubstr("moved apart")));
  EXPECT_THAT(judge(latency_only(), steady, canary).reasons, Each(Not(HasSubstr("moved apart"))));
}

TEST(SlicedArms, TimesAsFarApartAsDoublesGoGiveNone) {
  const ObservationColumn far{"a", {1, 2}, {-1.7e308, 1.7e308}, 0, 0};
  EXPECT_TRUE(sliced_means({&far, &far}).values.baseline.empty());
  EXPECT_TRUE(sliced_medians({&far, &far}).values.baseline.empty());
}

TEST(BaselineHealth, LimitIsReadAndChecked) {
  const auto read = [](const std::string& metric) {
    return read_policy("schema: haldane.policy/1\nmetrics: [" + metric + "]\n", "p");
  };
  const auto good = read("{name: errors, kind: ratio, of: requests, unhealthy_above: 5%}");
  ASSERT_TRUE(good.has_value()) << to_string(good.error());
  EXPECT_EQ(good->metrics.front().unhealthy_above, 0.05);
  const auto gauge = read("{name: errors, kind: gauge, unhealthy_above: 5%}");
  ASSERT_FALSE(gauge.has_value());
  EXPECT_EQ(gauge.error()[0].id, "POL-205");
  EXPECT_FALSE(read("{name: e, kind: ratio, unhealthy_above: 150%}").has_value());
}

}  // namespace
}  // namespace haldane::analysis
