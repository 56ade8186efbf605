// Gauges measured from how the arms stood before the release.
#include <cmath>
#include <random>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "analysis/judge/gauge_adjustment.h"
#include "analysis/judge/judge.h"
#include "analysis/judge/read_policy.h"

namespace haldane::analysis {
namespace {

using testing::Contains;
using testing::HasSubstr;

constexpr double release_s = 300;

struct Arm {
  double level = 1;           // of the hosts
  double change = 1;          // by the release
  double request_change = 1;  // of the covariate, by the release
  double scale = 1;           // unit of the metric
};

// A value a second: cpu that follows the arm's own requests, for five minutes before the release
// and ten after it.
ObservationTable arm(const Arm& model, std::uint64_t seed, int seconds = 900) {
  std::mt19937_64 random(seed);
  std::normal_distribution<double> normal;
  ObservationTable table;
  table.sha256 = std::to_string(seed);
  table.columns = {{"cpu", {}, {}, 0, 0}, {"requests", {}, {}, 0, 0}};
  for (int second = 0; second < seconds; ++second) {
    const bool after = second >= release_s;
    const double requests = 100 + 10 * normal(random);
    const double own = 2 * normal(random);
    const double cpu = 40 + 0.4 * (requests - 100) + own;
    table.columns[0].values.push_back(model.scale * model.level * cpu * (after ? model.change : 1));
    table.columns[1].values.push_back(requests * (after ? model.request_change : 1));
    for (ObservationColumn& column : table.columns) column.times_s.push_back(second);
  }
  table.has_timestamps = true;
  table.rows = seconds;
  return table;
}

JudgePolicy policy_with(bool adjusted, const std::string& covariate = {}) {
  MetricPolicy metric;
  metric.name = "cpu";
  metric.kind = MetricKind::gauge;
  metric.margin.relative = 0.05;
  metric.from_pre_period = adjusted;
  metric.covariate = covariate;
  JudgePolicy policy;
  policy.pre_period_s = release_s;
  policy.metrics = {metric};
  return policy;
}

TEST(Adjustment, SlowerHostsAreNotBlamedOnTheRelease) {
  const ObservationTable baseline = arm({}, 1);
  const ObservationTable canary = arm({1.2}, 2);
  EXPECT_EQ(judge(policy_with(false), baseline, canary).decision, Decision::inconclusive);
  const Verdict verdict = judge(policy_with(true), baseline, canary);
  EXPECT_EQ(verdict.decision, Decision::promote) << verdict.reasons.front();
  const Evidence& evidence = verdict.metrics.front();
  ASSERT_TRUE(evidence.adjustment.has_value());
  EXPECT_NEAR(evidence.adjustment->before, 0.2, 0.02);
  EXPECT_NEAR(*evidence.estimate, 0, 0.02);
  EXPECT_NEAR(*evidence.canary.value / *evidence.baseline.value, 1.2, 0.02) << "as measured";
  EXPECT_THAT(evidence.reason, HasSubstr("before the release)"));
  EXPECT_THAT(verdict.assumptions, Contains(HasSubstr("cpu: measured from before the release")));
}

TEST(Adjustment, EffectOnFasterHostsIsFound) {
  const Verdict verdict = judge(policy_with(true), arm({}, 1), arm({0.8, 1.15}, 2));
  EXPECT_EQ(verdict.decision, Decision::rollback) << verdict.reasons.front();
  EXPECT_NEAR(*verdict.metrics.front().estimate, 0.15, 0.03);
}

TEST(Adjustment, AbsoluteMarginTakesOffADifference) {
  JudgePolicy policy = policy_with(true);
  policy.metrics.front().margin = {std::nullopt, 3};
  const Verdict verdict = judge(policy, arm({}, 1), arm({1.2}, 2));
  EXPECT_EQ(verdict.decision, Decision::promote) << verdict.reasons.front();
  EXPECT_NEAR(verdict.metrics.front().adjustment->before, 8, 0.8);
  EXPECT_NEAR(*verdict.metrics.front().estimate, 0, 0.8);
}

TEST(Adjustment, CovariateTakesVariance) {
  const Verdict plain = judge(policy_with(true), arm({}, 1), arm({1.2}, 2));
  const Verdict covaried = judge(policy_with(true, "requests"), arm({}, 1), arm({1.2}, 2));
  const Evidence& evidence = covaried.metrics.front();
  ASSERT_TRUE(evidence.adjustment->theta.has_value());
  EXPECT_NEAR(*evidence.adjustment->theta, 0.4 * 1.2, 0.05);
  // Of 4^2 + 2^2 in each arm the requests explain 4^2.
  EXPECT_NEAR(*evidence.adjustment->variance_reduction, 0.8, 0.07);
  const Evidence& wide = plain.metrics.front();
  EXPECT_LT(*evidence.ci_high - *evidence.ci_low, 0.6 * (*wide.ci_high - *wide.ci_low));
}

TEST(Adjustment, CovariateThatTheReleaseMovesExplainsNothing) {
  const Verdict verdict = judge(policy_with(true, "requests"), arm({}, 1), arm({1, 1, 1.1}, 2));
  EXPECT_EQ(verdict.decision, Decision::inconclusive);
  EXPECT_THAT(verdict.reasons.front(), HasSubstr("its covariate requests changed"));
}

TEST(Adjustment, VerdictDoesNotDependOnTheUnit) {
  const Verdict one = judge(policy_with(true, "requests"), arm({}, 1), arm({1.2, 1.03}, 2));
  for (const double scale : {1e-9, 1e9}) {
    const Verdict other = judge(policy_with(true, "requests"), arm({1, 1, 1, scale}, 1),
                                arm({1.2, 1.03, 1, scale}, 2));
    EXPECT_EQ(other.decision, one.decision);
    EXPECT_NEAR(*other.metrics.front().ci_high, *one.metrics.front().ci_high, 1e-9);
  }
}

TEST(Adjustment, FixedModeAndStepsAreMeasuredFromTheSameLevel) {
  JudgePolicy fixed = policy_with(true, "requests");
  fixed.mode = Mode::fixed;
  EXPECT_EQ(judge(fixed, arm({}, 1), arm({1.2}, 2)).decision, Decision::promote);
  EXPECT_EQ(judge(fixed, arm({}, 1), arm({1.2, 1.15}, 2)).decision, Decision::rollback);
  JudgePolicy steps = policy_with(true);
  steps.steps = {{0, 0.05}, {200, 0.25}};
  const Verdict verdict = judge(steps, arm({}, 1), arm({1.2, 1.15}, 2));
  EXPECT_EQ(verdict.decision, Decision::rollback) << verdict.reasons.front();
  EXPECT_NEAR(*verdict.metrics.front().estimate, 0.15, 0.03);
}

TEST(Adjustment, WithoutAPreviousLevelNothingIsDecided) {
  const ObservationTable baseline = arm({}, 1);
  const auto reason = [&](const JudgePolicy& policy, const ObservationTable& canary) {
    const Verdict verdict = judge(policy, baseline, canary);
    EXPECT_EQ(verdict.decision, Decision::inconclusive);
    return verdict.metrics.front().reason;
  };
  ObservationTable untimed = arm({}, 2);
  for (ObservationColumn& column : untimed.columns) column.times_s.clear();
  EXPECT_THAT(reason(policy_with(true), untimed), HasSubstr("not every value has its time"));
  JudgePolicy brief = policy_with(true);
  brief.pre_period_s = 20;
  EXPECT_THAT(reason(brief, arm({}, 2)), HasSubstr("before the release is below 30"));
  EXPECT_THAT(reason(policy_with(true, "load"), arm({}, 2)), HasSubstr("covariate has no values"));
  ObservationTable late = arm({}, 2);
  for (ObservationColumn& column : late.columns) {
    for (double& time_s : column.times_s) time_s += 400;
  }
  EXPECT_THAT(reason(policy_with(true), late), HasSubstr("no data before the release"));
}

TEST(Adjustment, NeedsKnowThatTheLevelStaysUncertain) {
  JudgePolicy policy = policy_with(true);
  policy.metrics.front().margin.relative = 0.001;
  const Verdict verdict = judge(policy, arm({}, 1), arm({}, 2));
  EXPECT_EQ(verdict.decision, Decision::inconclusive);
  EXPECT_FALSE(verdict.needs.requests.has_value()) << "no window is long enough";
}

// Four points an arm whose covariate explains all: canary = 2 baseline + 3 x.
TEST(Adjustment, LeastSquaresOfAnExactRelation) {
  AdjustableArms arms;
  arms.values = {true, {10, 10, 10, 10}, {23, 17, 26, 14}};
  arms.covariates = {true, {5, 5, 5, 5}, {6, 4, 7, 3}};
  const GaugeAdjustment adjustment(arms, Evidence::Scale::relative);
  const GaugeArms adjusted = adjustment.apply(arms);
  EXPECT_EQ(adjusted.baseline, (std::vector<double>{20, 20, 20, 20}));
  EXPECT_EQ(adjusted.canary, (std::vector<double>{20, 20, 20, 20}));
  const Adjustment summary = adjustment.summary(std::span(&arms, 1));
  EXPECT_DOUBLE_EQ(summary.before, 1);
  EXPECT_DOUBLE_EQ(*summary.theta, 3);
}

std::string problem_of(const std::string& head, const std::string& metric) {
  const auto read =
      read_policy("schema: haldane.policy/1\n" + head + "metrics: [" + metric + "]\n", "p");
  return read.has_value() ? "" : read.error()[0].id;
}

TEST(Adjustment, IsReadAndChecked) {
  const std::string head = "pre_period: 15m\n";
  const auto read = read_policy(
      "schema: haldane.policy/1\npre_period: 1h\n"
      "metrics: [{name: a, kind: gauge, adjust: pre_period, covariate: b}]\n",
      "p");
  ASSERT_TRUE(read.has_value()) << to_string(read.error());
  EXPECT_TRUE(read->metrics.front().from_pre_period);
  EXPECT_EQ(read->metrics.front().covariate, "b");
  EXPECT_EQ(problem_of(head, "{name: a, kind: samples, adjust: pre_period, covariate: b}"),
            "POL-205");
  EXPECT_EQ(problem_of(head, "{name: a, kind: gauge, adjust: always}"), "CFG-105");
  EXPECT_EQ(problem_of("", "{name: a, kind: gauge, adjust: pre_period}"), "POL-211");
  EXPECT_EQ(problem_of(head, "{name: a, kind: gauge, covariate: b}"), "POL-212");
  EXPECT_EQ(problem_of(head, "{name: a, kind: gauge, adjust: pre_period, covariate: a}"),
            "POL-213");
  EXPECT_EQ(problem_of(head + "mode: fixed\n",
                       "{name: a, kind: gauge, adjust: pre_period, test: bootstrap}"),
            "POL-210");
}

}  // namespace
}  // namespace haldane::analysis
