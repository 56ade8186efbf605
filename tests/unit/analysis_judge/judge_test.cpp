// The rules of the verdict, one sentence a test.
#include "analysis/judge/judge.h"

#include <algorithm>
#include <cmath>
#include <limits>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "analysis/judge/over_time.h"
#include "tests/statistical/judge/synthetic_arms.h"

namespace haldane::analysis {
namespace {

using testing::Contains;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;

ArmModel slower(double factor) {
  ArmModel model;
  model.latency_median_ms *= factor;
  return model;
}

ObservationTable one_column(const std::string& name, std::vector<double> values) {
  ObservationTable table;
  table.rows = static_cast<std::int64_t>(values.size());
  table.columns.push_back({name, std::move(values), {}, 0, 0});
  return table;
}

const Evidence& find(const Verdict& verdict, const std::string& name,
                     std::optional<double> quantile = std::nullopt) {
  for (const Evidence& e : verdict.metrics) {
    if (e.name == name && e.quantile == quantile) return e;
  }
  ADD_FAILURE() << "no evidence on " << name;
  return verdict.metrics.front();
}

TEST(Judge, SlowerCanaryIsRolledBackWithNumbers) {
  const Verdict v =
      judge(usual_policy(), synthetic_arm({}, 1, 400), synthetic_arm(slower(1.3), 2, 400));
  EXPECT_EQ(v.decision, Decision::rollback);
  EXPECT_EQ(v.score, 0);
  ASSERT_THAT(v.reasons, Not(IsEmpty()));
  EXPECT_THAT(v.reasons.front(), HasSubstr("latency_ms p50"));
  EXPECT_THAT(v.reasons.front(), HasSubstr("beyond the margin of 5 %"));
  const Evidence& e = find(v, "latency_ms", 0.5);
  EXPECT_GT(e.ci_low.value(), e.margin);
  EXPECT_GT(e.e_value.value(), 1 / 0.01);
  EXPECT_EQ(e.method, "beta_binomial_quantile");
}

TEST(Judge, EqualCanaryIsPromotedOnceTheIntervalsAreInsideTheMargins) {
  JudgePolicy policy = usual_policy();
  policy.metrics[0].margin.relative = 0.25;
  const Verdict v = judge(policy, synthetic_arm({}, 3, 600), synthetic_arm({}, 4, 600));
  EXPECT_EQ(v.decision, Decision::promote);
  EXPECT_GT(v.score, 50);
  const Evidence& e = find(v, "latency_ms", 0.99);
  EXPECT_EQ(e.outcome, Evidence::Outcome::within_margin);
  EXPECT_LT(e.ci_high.value(), e.margin);
}

TEST(Judge, LittleDataIsInconclusiveAndSaysHowMuchMoreIsNeeded) {
  const Verdict v = judge(usual_policy(), synthetic_arm({}, 5, 20), synthetic_arm({}, 6, 20));
  EXPECT_EQ(v.decision, Decision::inconclusive);
  EXPECT_GT(v.needs.requests.value_or(0), 100);
  EXPECT_GT(v.needs.minutes.value_or(0), 0);
}

TEST(Judge, FasterCanaryIsNoRegressionWhenHigherIsWorse) {
  const Verdict v =
      judge(usual_policy(), synthetic_arm({}, 7, 400), synthetic_arm(slower(0.7), 8, 400));
  EXPECT_EQ(v.decision, Decision::promote);
}

TEST(Judge, LowerAndEitherDirectionsSeeAFasterCanary) {
  for (const Worse worse : {Worse::lower, Worse::either}) {
    JudgePolicy policy = usual_policy();
    policy.metrics[0].worse = worse;
    const Verdict v = judge(policy, synthetic_arm({}, 7, 400), synthetic_arm(slower(0.7), 8, 400));
    EXPECT_EQ(v.decision, Decision::rollback);
  }
}

TEST(Judge, GuardrailBeyondItsMarginRollsBackAndInformationalNeverDoes) {
  ArmModel failing;
  failing.error_ratio = 0.05;
  for (const bool guardrail : {true, false}) {
    JudgePolicy policy = usual_policy();
    policy.metrics[0].margin.relative = 0.25;
    policy.metrics[1].role = guardrail ? Role::guardrail : Role::informational;
    const Verdict v = judge(policy, synthetic_arm({}, 9, 600), synthetic_arm(failing, 10, 600));
    EXPECT_EQ(v.decision, guardrail ? Decision::rollback : Decision::promote);
    EXPECT_EQ(find(v, "errors").outcome,
              guardrail ? Evidence::Outcome::beyond_margin : Evidence::Outcome::reported);
  }
}

TEST(Judge, PolicyWithoutACriticalMetricNeverPromotes) {
  JudgePolicy policy = usual_policy();
  policy.metrics[0].role = Role::guardrail;
  const Verdict v = judge(policy, synthetic_arm({}, 11, 300), synthetic_arm({}, 12, 300));
  EXPECT_EQ(v.decision, Decision::inconclusive);
  EXPECT_THAT(v.reasons, Contains(HasSubstr("no metric is critical")));
}

TEST(Judge, NoDataOnePointNanAndMissingColumnsAreInconclusive) {
  const ObservationTable full = one_column("latency_ms", std::vector<double>(5000, 20.0));
  ObservationTable only_nan = one_column("latency_ms", {});
  only_nan.columns[0].nan_cells = 300;
  const std::vector<ObservationTable> poor = {ObservationTable{}, one_column("latency_ms", {}),
                                              one_column("latency_ms", {20}), only_nan,
                                              one_column("something_else", {1, 2, 3})};
  for (const Mode mode : {Mode::sequential, Mode::fixed}) {
    JudgePolicy policy = usual_policy();
    policy.mode = mode;
    for (const ObservationTable& table : poor) {
      EXPECT_EQ(judge(policy, full, table).decision, Decision::inconclusive);
      EXPECT_EQ(judge(policy, table, full).decision, Decision::inconclusive);
      EXPECT_EQ(judge(policy, table, table).decision, Decision::inconclusive);
    }
  }
}

TEST(Judge, SameFileTwiceIsInconclusiveWithThatReason) {
  const ObservationTable arm = synthetic_arm({}, 13, 600);
  const Verdict v = judge(usual_policy(), arm, arm);
  EXPECT_EQ(v.decision, Decision::inconclusive);
  EXPECT_THAT(v.reasons, Contains(HasSubstr("same data")));
}

TEST(Judge, UnitsOfAMetricDoNotMatter) {
  for (const double factor : {1.0, 1.3}) {
    const ObservationTable b = synthetic_arm({}, 14, 300);
    const ObservationTable c = synthetic_arm(slower(factor), 15, 300);
    for (const Mode mode : {Mode::sequential, Mode::fixed}) {
      JudgePolicy policy = usual_policy();
      policy.mode = mode;
      policy.metrics[3].margin.absolute = 2;
      const Verdict reference = judge(policy, b, c);
      for (const double unit : {1e-9, 1e9}) {
        ObservationTable scaled_b = b;
        ObservationTable scaled_c = c;
        for (ObservationTable* table : {&scaled_b, &scaled_c}) {
          for (const std::size_t column : {0U, 4U}) {
            for (double& value : table->columns[column].values) value *= unit;
          }
        }
        JudgePolicy scaled_policy = policy;
        scaled_policy.metrics[3].margin.absolute = 2 * unit;
        const Verdict v = judge(scaled_policy, scaled_b, scaled_c);
        EXPECT_EQ(v.decision, reference.decision);
        for (std::size_t i = 0; i < v.metrics.size(); ++i) {
          EXPECT_EQ(v.metrics[i].outcome, reference.metrics[i].outcome);
        }
        EXPECT_NEAR(find(v, "latency_ms", 0.5).ci_low.value(),
                    find(reference, "latency_ms", 0.5).ci_low.value(), 1e-9);
      }
    }
  }
}

TEST(Judge, OrderOfRowsDoesNotMatter) {
  const ObservationTable b = synthetic_arm({}, 16, 200);
  ObservationTable c = synthetic_arm(slower(1.1), 17, 200);
  const Verdict before = judge(usual_policy(), b, c);
  for (ObservationColumn& column : c.columns) {
    std::reverse(column.values.begin(), column.values.end());
    std::reverse(column.times_s.begin(), column.times_s.end());
  }
  const Verdict after = judge(usual_policy(), b, c);
  for (std::size_t i = 0; i < before.metrics.size(); ++i) {
    EXPECT_EQ(before.metrics[i].reason, after.metrics[i].reason);
    EXPECT_EQ(before.metrics[i].e_value, after.metrics[i].e_value);
  }
}

TEST(Judge, SwappingTheArmsMirrorsTheInterval) {
  const ObservationTable b = synthetic_arm({}, 18, 200);
  const ObservationTable c = synthetic_arm(slower(1.2), 19, 200);
  JudgePolicy policy = usual_policy();
  policy.metrics = {latency_policy(0.05),
                    rate_policy("errors", MetricKind::ratio, {0.2, std::nullopt})};
  for (MetricPolicy& metric : policy.metrics) metric.worse = Worse::either;
  const Verdict there = judge(policy, b, c);
  const Verdict back = judge(policy, c, b);
  for (std::size_t i = 0; i < there.metrics.size(); ++i) {
    const double low = there.metrics[i].ci_low.value();
    if (!back.metrics[i].ci_high) continue;
    EXPECT_NEAR((1 + low) * (1 + *back.metrics[i].ci_high), 1, 1e-6) << there.metrics[i].reason;
  }
}

TEST(Judge, SecondCopyOfAMetricOnlyTightensTheBudget) {
  JudgePolicy policy = usual_policy();
  const ObservationTable b = synthetic_arm({}, 20, 300);
  const ObservationTable c = synthetic_arm(slower(1.1), 21, 300);
  const Verdict once = judge(policy, b, c);
  policy.metrics.push_back(policy.metrics[0]);
  const Verdict twice = judge(policy, b, c);
  EXPECT_LE(find(twice, "latency_ms", 0.5).ci_low.value(),
            find(once, "latency_ms", 0.5).ci_low.value());
  EXPECT_EQ(find(twice, "latency_ms", 0.5).e_value, find(once, "latency_ms", 0.5).e_value);
}

TEST(Judge, WorseCanaryNeverTurnsRollbackIntoPromote) {
  const ObservationTable b = synthetic_arm({}, 22, 300);
  const ObservationTable c = synthetic_arm({}, 23, 300);
  double previous = -1;
  bool rolled_back = false;
  for (double factor = 0.8; factor < 1.6; factor += 0.05) {
    ObservationTable worse = c;
    for (double& value : worse.columns[0].values) value *= factor;
    const Verdict v = judge(usual_policy(), b, worse);
    const double low = find(v, "latency_ms", 0.5).ci_low.value();
    EXPECT_GE(low, previous);
    previous = low;
    EXPECT_TRUE(!rolled_back || v.decision == Decision::rollback);
    rolled_back = v.decision == Decision::rollback;
  }
  EXPECT_TRUE(rolled_back);
}

TEST(Judge, ZeroBaselineNeedsAnAbsoluteMarginToPromote) {
  ArmModel clean;
  clean.error_ratio = 0;
  const ObservationTable b = synthetic_arm(clean, 24, 500);
  const ObservationTable c = synthetic_arm(clean, 25, 500);
  JudgePolicy policy;
  policy.metrics = {rate_policy("errors", MetricKind::ratio, {0.5, std::nullopt}, Role::critical)};
  EXPECT_EQ(judge(policy, b, c).decision, Decision::inconclusive);
  policy.metrics[0].margin.absolute = 0.01;
  const Verdict v = judge(policy, b, c);
  EXPECT_EQ(v.decision, Decision::promote);
  EXPECT_EQ(v.metrics[0].scale, Evidence::Scale::absolute);
}

TEST(Judge, ErrorsThatOnlyTheCanaryHasRollBack) {
  ArmModel clean;
  clean.error_ratio = 0;
  JudgePolicy policy;
  policy.metrics = {rate_policy("errors", MetricKind::ratio, {0.5, 0.001}, Role::critical)};
  const Verdict v = judge(policy, synthetic_arm(clean, 26, 500), synthetic_arm({}, 27, 500));
  EXPECT_EQ(v.decision, Decision::rollback);
}

TEST(Judge, GaugeBelowAnEffectiveSizeOfThirtyDecidesNothing) {
  ArmModel sticky;
  sticky.queue_correlation = 0.95;
  ArmModel doubled = sticky;
  doubled.queue_mean *= 3;
  JudgePolicy policy;
  policy.metrics = {
      rate_policy("queue_depth", MetricKind::gauge, {0.5, std::nullopt}, Role::critical)};
  const Verdict early =
      judge(policy, synthetic_arm(sticky, 28, 120), synthetic_arm(doubled, 29, 120));
  EXPECT_EQ(early.decision, Decision::inconclusive);
  EXPECT_THAT(early.metrics[0].reason, HasSubstr("effective size"));
  const Verdict late =
      judge(policy, synthetic_arm(sticky, 28, 3000), synthetic_arm(doubled, 29, 3000));
  EXPECT_EQ(late.decision, Decision::rollback);
}

TEST(Judge, MissingMarginIsAssumedAndSaid) {
  JudgePolicy policy = usual_policy();
  policy.metrics[0].margin = {};
  const Verdict v = judge(policy, synthetic_arm({}, 30, 60), synthetic_arm({}, 31, 60));
  EXPECT_EQ(v.policy.metrics[0].margin.relative, 0.05);
  EXPECT_THAT(v.assumptions, Contains(HasSubstr("no margin is given")));
}

TEST(Judge, PicturesHaveAtMostFourHundredPointsWithBands) {
  const Verdict v = judge(usual_policy(), synthetic_arm({}, 32, 300), synthetic_arm({}, 33, 300));
  ASSERT_EQ(v.ecdfs.size(), 1U);
  EXPECT_EQ(v.ecdfs[0].baseline.size(), 400U);
  EXPECT_DOUBLE_EQ(v.ecdfs[0].baseline.back().probability, 1);
  for (const EcdfPoint& point : v.ecdfs[0].canary) {
    EXPECT_LE(point.band_low, point.probability);
    EXPECT_GE(point.band_high, point.probability);
  }
}

TEST(Judge, LoadSurgeCommonToBothArmsIsNotTakenForDependence) {
  ObservationTable b = synthetic_arm({}, 34, 400);
  ObservationTable c = synthetic_arm({}, 35, 400);
  for (ObservationTable* table : {&b, &c}) {
    ObservationColumn& latency = table->columns[0];
    for (std::size_t i = 0; i < latency.values.size(); ++i) {
      if (latency.times_s[i] > 200) latency.values[i] *= 5;
    }
  }
  const Verdict v = judge(usual_policy(), b, c);
  EXPECT_GT(find(v, "latency_ms", 0.5).n_effective.value(), 3000);
}

TEST(Judge, BurstsOfOneArmReduceItsEffectiveSize) {
  const ObservationTable b = synthetic_arm({}, 36, 300);
  ObservationTable c = synthetic_arm({}, 37, 300);
  ObservationColumn& latency = c.columns[0];
  for (std::size_t i = 0; i < latency.values.size(); ++i) {
    if (std::fmod(latency.times_s[i], 60) < 20) latency.values[i] *= 2;
  }
  const Verdict v = judge(usual_policy(), b, c);
  EXPECT_LT(find(v, "latency_ms", 0.5).n_effective.value(), 3000);
}

TEST(Judge, UnevenSplitIsSaidWhereTheShareIsStated) {
  ArmModel smaller;
  smaller.requests_per_s = 15;
  const ObservationTable b = synthetic_arm({}, 38, 600);
  const ObservationTable even = synthetic_arm({}, 39, 600);
  const ObservationTable uneven = synthetic_arm(smaller, 40, 600);
  JudgePolicy policy = usual_policy();
  const auto said = HasSubstr("where the policy says");
  EXPECT_THAT(judge(policy, b, uneven).assumptions, Not(Contains(said)));
  policy.share_stated = true;
  EXPECT_THAT(judge(policy, b, even).assumptions, Not(Contains(said)));
  EXPECT_THAT(judge(policy, b, uneven).assumptions, Contains(said));
  policy.canary_share = 3.0 / 7;
  EXPECT_THAT(judge(policy, b, uneven).assumptions, Not(Contains(said)));
  EXPECT_THAT(judge(policy, uneven, b).assumptions, Contains(HasSubstr("swapped")));
}

// The dependence must be seen from the first requests on, when there are no windows yet.
TEST(Judge, FewRequestsThatFollowEachOtherDecideNothing) {
  ObservationTable b = one_column("latency_ms", {});
  ObservationTable c = one_column("latency_ms", {});
  for (int i = 0; i < 60; ++i) {
    // The canary is slow for half a minute, fast for ten seconds, and slow again: three
    // observations.
    const bool fast = i / 10 == 3;
    b.columns[0].values.push_back(20 + 0.01 * i);
    c.columns[0].values.push_back((fast ? 10 : 30) + 0.01 * i);
  }
  JudgePolicy policy;
  policy.metrics = {latency_policy(0.05)};
  policy.metrics[0].quantiles = {0.5};
  EXPECT_EQ(judge(policy, b, c).decision, Decision::rollback);  // nothing tells that they depend
  for (ObservationTable* table : {&b, &c}) {
    for (int i = 0; i < 60; ++i) table->columns[0].times_s.push_back(i);
  }
  const Verdict v = judge(policy, b, c);
  EXPECT_EQ(v.decision, Decision::inconclusive);
  EXPECT_LT(v.metrics[0].n_effective.value(), 30);
}

TEST(EvidenceOverTime, EndsWithTheVerdictAndKeepsEveryEntry) {
  const ObservationTable b = synthetic_arm({}, 41, 300);
  const ObservationTable c = synthetic_arm(slower(1.2), 42, 300);
  const Verdict v = judge(usual_policy(), b, c);
  const auto series = evidence_over_time(usual_policy(), b, c, 20);
  ASSERT_EQ(series.size(), v.metrics.size());
  for (std::size_t i = 0; i < series.size(); ++i) {
    ASSERT_EQ(series[i].points.size(), 20U) << v.metrics[i].reason;
    EXPECT_EQ(series[i].name, v.metrics[i].name);
    EXPECT_EQ(series[i].points.back().e_value, v.metrics[i].e_value);
    EXPECT_EQ(series[i].points.back().ci_low, v.metrics[i].ci_low);
    EXPECT_EQ(series[i].points.back().share, 1);
  }
  EXPECT_NEAR(series[0].points[9].elapsed_s.value(), 150, 1);
  EXPECT_LT(series[0].points[3].n, series[0].points[4].n);
  JudgePolicy fixed = usual_policy();
  fixed.mode = Mode::fixed;
  EXPECT_TRUE(evidence_over_time(fixed, b, c, 20).empty());
}

TEST(EvidenceOverTime, GoesByRowsWhereThereAreNoTimes) {
  ObservationTable b = synthetic_arm({}, 43, 100);
  ObservationTable c = synthetic_arm({}, 44, 100);
  for (ObservationTable* table : {&b, &c}) {
    for (ObservationColumn& column : table->columns) column.times_s.clear();
  }
  const auto series = evidence_over_time(usual_policy(), b, c, 10);
  ASSERT_EQ(series[0].points.size(), 10U);
  EXPECT_FALSE(series[0].points[0].elapsed_s.has_value());
  EXPECT_NEAR(static_cast<double>(series[0].points[4].n),
              static_cast<double>(series[0].points[9].n) / 2, 2);
}

}  // namespace
}  // namespace haldane::analysis
