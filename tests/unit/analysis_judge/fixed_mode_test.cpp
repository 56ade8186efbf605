// Fixed mode: every test decides in both directions, and its numbers are those of the test itself.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "analysis/compare/mann_whitney.h"
#include "analysis/compare/poisson_rates.h"
#include "analysis/compare/sort_values.h"
#include "analysis/judge/judge.h"
#include "tests/statistical/judge/synthetic_arms.h"

namespace haldane::analysis {
namespace {

JudgePolicy fixed_policy(MetricPolicy metric, std::optional<FixedTest> test) {
  JudgePolicy policy;
  policy.mode = Mode::fixed;
  metric.role = Role::critical;
  metric.test = test;
  policy.metrics = {metric};
  return policy;
}

ArmModel worse_arm() {
  ArmModel model;
  model.latency_median_ms *= 1.3;
  model.error_ratio *= 3;
  model.dead_letter_ratio *= 8;
  model.queue_mean *= 2;
  return model;
}

struct Case {
  const char* name;
  MetricPolicy metric;
  std::optional<FixedTest> test;
};

std::vector<Case> cases() {
  const Margin relative{0.2, std::nullopt};
  const Margin absolute{std::nullopt, 0.004};
  return {
      {"quantile", latency_policy(0.2), std::nullopt},
      {"mann_whitney", latency_policy(0.2), FixedTest::mann_whitney},
      {"welch", latency_policy(0.2), FixedTest::welch},
      {"two_proportion", rate_policy("errors", MetricKind::ratio, absolute), std::nullopt},
      {"two_proportion relative", rate_policy("errors", MetricKind::ratio, {0.6, std::nullopt}),
       FixedTest::two_proportion},
      {"fisher", rate_policy("errors", MetricKind::ratio, {0.6, std::nullopt}), FixedTest::fisher},
      {"poisson", rate_policy("errors", MetricKind::count, {0.6, std::nullopt}),
       FixedTest::poisson_rate},
      {"poisson absolute", rate_policy("errors", MetricKind::count, absolute), std::nullopt},
      {"gauge", rate_policy("queue_depth", MetricKind::gauge, relative), std::nullopt},
      {"gauge bootstrap", rate_policy("queue_depth", MetricKind::gauge, relative),
       FixedTest::bootstrap},
  };
}

TEST(FixedMode, EveryTestRollsBackABadCanaryAndPromotesAGoodOne) {
  const ObservationTable baseline = synthetic_arm({}, 41, 900);
  const ObservationTable good = synthetic_arm({}, 42, 900);
  const ObservationTable bad = synthetic_arm(worse_arm(), 43, 900);
  for (const Case& c : cases()) {
    const JudgePolicy policy = fixed_policy(c.metric, c.test);
    const Verdict promoted = judge(policy, baseline, good);
    EXPECT_EQ(promoted.decision, Decision::promote) << c.name << ": " << promoted.reasons.front();
    const Verdict rolled_back = judge(policy, baseline, bad);
    EXPECT_EQ(rolled_back.decision, Decision::rollback)
        << c.name << ": " << rolled_back.reasons.front();
    const Evidence& e = rolled_back.metrics.front();
    EXPECT_TRUE(e.p_value.has_value()) << c.name;
    EXPECT_GT(e.ci_low.value(), e.margin) << c.name;
    EXPECT_GE(e.estimate.value(), e.ci_low.value()) << c.name;
    EXPECT_LT(promoted.metrics.front().ci_high.value(), e.margin) << c.name;
  }
}

TEST(FixedMode, BootstrapComparesMeansAndSaysWhereItCannot) {
  const JudgePolicy policy = fixed_policy(latency_policy(0.2), FixedTest::bootstrap);
  const ObservationTable baseline = synthetic_arm({}, 51, 60);
  EXPECT_EQ(judge(policy, baseline, synthetic_arm({}, 52, 60)).decision, Decision::promote);
  const Verdict bad = judge(policy, baseline, synthetic_arm(worse_arm(), 53, 60));
  EXPECT_EQ(bad.decision, Decision::rollback);
  EXPECT_EQ(bad.metrics.front().method, "bootstrap_bca_mean");
  const Verdict few = judge(policy, baseline, synthetic_arm(worse_arm(), 53, 0));
  EXPECT_EQ(few.decision, Decision::inconclusive);
  ObservationTable many = baseline;
  many.columns[0].values.resize(20'001, 5.0);
  many.columns[0].times_s.clear();
  EXPECT_THAT(judge(policy, baseline, many).metrics.front().reason,
              testing::HasSubstr("test: welch"));
}

TEST(FixedMode, KolmogorovSmirnovRollsBackButCannotPromote) {
  const ObservationTable baseline = synthetic_arm({}, 41, 900);
  const JudgePolicy policy = fixed_policy(latency_policy(0.2), FixedTest::ks);
  EXPECT_EQ(judge(policy, baseline, synthetic_arm({}, 42, 900)).decision, Decision::inconclusive);
  EXPECT_EQ(judge(policy, baseline, synthetic_arm(worse_arm(), 43, 900)).decision,
            Decision::rollback);
}

TEST(FixedMode, MannWhitneyWithoutAMarginReportsThePValueOfTheTest) {
  const ObservationTable b = synthetic_arm({}, 44, 20);
  const ObservationTable c = synthetic_arm({}, 45, 20);
  MetricPolicy metric = latency_policy();
  metric.margin = {std::nullopt, 0.0};
  const Verdict v = judge(fixed_policy(metric, FixedTest::mann_whitney), b, c);
  std::vector<double> x = c.columns[0].values;
  std::vector<double> y = b.columns[0].values;
  sort_values(x);
  sort_values(y);
  EXPECT_DOUBLE_EQ(v.metrics[0].p_value.value(), mann_whitney(x, y, Alternative::greater).p_value);
}

TEST(FixedMode, PoissonRateReportsThePValueOfTheTestAtTheMargin) {
  const ObservationTable b = synthetic_arm({}, 46, 60);
  const ObservationTable c = synthetic_arm({}, 47, 60);
  const Verdict v = judge(
      fixed_policy(rate_policy("errors", MetricKind::count, {0.5, {}}), FixedTest::poisson_rate), b,
      c);
  const Evidence& e = v.metrics[0];
  const auto arm = [](const ArmSummary& s) {
    return CountArm{static_cast<std::int64_t>(*s.events), *s.exposure};
  };
  EXPECT_DOUBLE_EQ(
      e.p_value.value(),
      poisson_rates(arm(e.canary), arm(e.baseline), Alternative::greater, 1.5, 0.95).p_value);
}

TEST(FixedMode, QuantileWithTooFewObservationsBeyondItDecidesNothing) {
  MetricPolicy metric = latency_policy();
  metric.quantiles = {0.99};
  const Verdict v = judge(fixed_policy(metric, std::nullopt), synthetic_arm({}, 48, 10),
                          synthetic_arm(worse_arm(), 49, 10));
  EXPECT_EQ(v.decision, Decision::inconclusive);
  EXPECT_THAT(v.metrics[0].reason, testing::HasSubstr("beyond the quantile"));
}

}  // namespace
}  // namespace haldane::analysis
