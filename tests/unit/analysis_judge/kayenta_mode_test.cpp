// mode: kayenta, where the score of Kayenta's rule decides, and where our own judge differs.
#include <cmath>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "analysis/judge/judge.h"
#include "analysis/judge/read_policy.h"

namespace haldane::analysis {
namespace {

using testing::Contains;
using testing::HasSubstr;

ObservationTable table(const std::vector<std::pair<std::string, std::vector<double>>>& columns) {
  ObservationTable table;
  for (const auto& [name, values] : columns) {
    table.columns.push_back({name, values, {}, 0, 0});
    table.rows = static_cast<std::int64_t>(values.size());
  }
  return table;
}

// Sixty minutes around `level`; another stride gives another order of the same law.
std::vector<double> minutes(double level, int stride) {
  std::vector<double> values;
  for (int i = 1; i <= 60; ++i) values.push_back(level * (1 + 0.1 * (i * stride % 61) / 61));
  return values;
}

MetricPolicy gauge(const std::string& name, double relative, Role role = Role::critical) {
  MetricPolicy metric;
  metric.name = name;
  metric.kind = MetricKind::gauge;
  metric.margin.relative = relative;
  metric.role = role;
  return metric;
}

JudgePolicy kayenta_policy(std::vector<MetricPolicy> metrics) {
  JudgePolicy policy;
  policy.mode = Mode::kayenta;
  policy.metrics = std::move(metrics);
  return policy;
}

TEST(KayentaMode, ACriticalHighFailsTheCanary) {
  const Verdict v = judge(kayenta_policy({gauge("a", 0.05)}), table({{"a", minutes(10, 7)}}),
                          table({{"a", minutes(20, 11)}}));
  EXPECT_EQ(v.decision, Decision::rollback);
  EXPECT_EQ(v.score, 0);
  EXPECT_THAT(v.reasons.front(), HasSubstr("Kayenta's score is 0: Fail (pass 95, marginal 75)"));
  ASSERT_EQ(v.metrics.size(), 1U);
  const Evidence& e = v.metrics[0];
  EXPECT_EQ(e.outcome, Evidence::Outcome::beyond_margin);
  EXPECT_EQ(e.method, "kayenta_mann_whitney");
  EXPECT_EQ(e.scale, Evidence::Scale::relative);
  EXPECT_NEAR(e.estimate.value(), 1, 0.05);
  EXPECT_LT(e.ci_low.value(), e.estimate.value());
  EXPECT_EQ(e.margin, 0.05);
  EXPECT_THAT(e.reason, HasSubstr("ratio of means 2 (allowed 0.95 to 1.05)"));
}

TEST(KayentaMode, TheMarginIsTheAllowedEffect) {
  const ObservationTable b = table({{"a", minutes(10, 7)}});
  const ObservationTable c = table({{"a", minutes(12, 11)}});
  EXPECT_EQ(judge(kayenta_policy({gauge("a", 0.1)}), b, c).decision, Decision::rollback);
  EXPECT_EQ(judge(kayenta_policy({gauge("a", 0.3)}), b, c).decision, Decision::promote);
  MetricPolicy absolute = gauge("a", 0);
  absolute.margin = {std::nullopt, 1.0};  // a tenth of the baseline's mean
  const Verdict v = judge(kayenta_policy({absolute}), b, c);
  EXPECT_EQ(v.decision, Decision::rollback);
  EXPECT_EQ(v.metrics[0].scale, Evidence::Scale::absolute);
  absolute.margin.absolute = 3.0;
  EXPECT_EQ(judge(kayenta_policy({absolute}), b, c).decision, Decision::promote);
}

TEST(KayentaMode, DirectionsFollowWorse) {
  const ObservationTable b = table({{"a", minutes(20, 7)}});
  const ObservationTable c = table({{"a", minutes(10, 11)}});
  MetricPolicy metric = gauge("a", 0.05);
  EXPECT_EQ(judge(kayenta_policy({metric}), b, c).decision, Decision::promote);
  metric.worse = Worse::lower;
  EXPECT_EQ(judge(kayenta_policy({metric}), b, c).decision, Decision::rollback);
  metric.worse = Worse::either;
  EXPECT_EQ(judge(kayenta_policy({metric}), b, c).decision, Decision::rollback);
}

TEST(KayentaMode, GuardrailsCountInTheScoreAndInformationalMetricsDoNot) {
  const std::vector<MetricPolicy> metrics = {
      gauge("a", 0.05), gauge("b", 0.05, Role::guardrail), gauge("c", 0.05, Role::guardrail),
      gauge("d", 0.05, Role::guardrail), gauge("e", 0.05, Role::informational)};
  const ObservationTable b = table({{"a", minutes(10, 7)},
                                    {"b", minutes(10, 7)},
                                    {"c", minutes(10, 7)},
                                    {"d", minutes(10, 7)},
                                    {"e", minutes(10, 7)}});
  const ObservationTable c = table({{"a", minutes(10, 11)},
                                    {"b", minutes(20, 11)},
                                    {"c", minutes(10, 11)},
                                    {"d", minutes(10, 11)},
                                    {"e", minutes(30, 11)}});
  JudgePolicy policy = kayenta_policy(metrics);
  const Verdict marginal = judge(policy, b, c);
  EXPECT_EQ(marginal.score, 75);
  EXPECT_EQ(marginal.decision, Decision::inconclusive);
  EXPECT_EQ(marginal.metrics[4].outcome, Evidence::Outcome::reported);
  policy.score = {75, 50};
  EXPECT_EQ(judge(policy, b, c).decision, Decision::promote);
  policy.score = {95, 80};
  EXPECT_EQ(judge(policy, b, c).decision, Decision::rollback);
}

TEST(KayentaMode, RatiosAreComparedRowByRow) {
  MetricPolicy errors = gauge("errors", 0.5);
  errors.kind = MetricKind::ratio;
  errors.exposure = "requests";
  std::vector<double> few(60, 1000);
  few[0] = 0;  // a row without requests has no ratio
  const ObservationTable b = table({{"errors", minutes(10, 7)}, {"requests", few}});
  const ObservationTable c =
      table({{"errors", minutes(10, 11)}, {"requests", std::vector<double>(60, 100)}});
  const Verdict v = judge(kayenta_policy({errors}), b, c);
  EXPECT_EQ(v.decision, Decision::rollback);
  EXPECT_EQ(v.metrics[0].baseline.n, 59);
  EXPECT_NEAR(v.metrics[0].canary.value.value(), 0.105, 0.001);
}

TEST(KayentaMode, MissingDataFailACriticalMetricAsInKayenta) {
  const Verdict v = judge(kayenta_policy({gauge("a", 0.05)}), table({{"a", minutes(10, 7)}}),
                          table({{"b", minutes(10, 7)}}));
  EXPECT_EQ(v.decision, Decision::rollback);
  EXPECT_EQ(v.metrics[0].outcome, Evidence::Outcome::undecided);
  EXPECT_THAT(v.metrics[0].reason, HasSubstr("canary: there is no such column"));
}

// The rule alone would promote all of these with a score of 100.
TEST(KayentaMode, PromotesNothingThatWasNotCompared) {
  const JudgePolicy policy = kayenta_policy({gauge("a", 0.05)});
  const ObservationTable b = table({{"a", minutes(10, 7)}});
  EXPECT_EQ(judge(policy, b, b).decision, Decision::inconclusive) << "the same arms";
  const Verdict single = judge(policy, table({{"a", {1}}}), table({{"a", {2}}}));
  EXPECT_EQ(single.decision, Decision::inconclusive) << "one value an arm is Error in Kayenta";
  EXPECT_THAT(single.reasons.front(), HasSubstr("a is critical and was not compared"));
  ObservationTable censored = table({{"a", minutes(10, 11)}});
  EXPECT_EQ(judge(policy, b, censored).decision, Decision::promote);
  censored.censored = "requests were dropped";
  EXPECT_EQ(judge(policy, b, censored).decision, Decision::inconclusive);
}

TEST(KayentaMode, SaysWhereOurOwnJudgeDiffers) {
  const ObservationTable b = table({{"a", {1, 2, 3, 4, 5}}});
  const Verdict v = judge(kayenta_policy({gauge("a", 0.05)}), b, table({{"a", {2, 1, 3, 4, 6}}}));
  EXPECT_EQ(v.decision, Decision::promote) << "not shown to differ";
  ASSERT_EQ(v.differences.size(), 2U);
  EXPECT_EQ(v.differences[0].metric, "");
  EXPECT_EQ(v.differences[0].own, Decision::inconclusive);
  EXPECT_EQ(v.differences[1].metric, "a");
  EXPECT_THAT(v.differences[1].why, HasSubstr("undecided for our own judge"));
}

TEST(KayentaMode, WithoutAMarginAnyShiftCounts) {
  MetricPolicy metric = gauge("a", 0);
  metric.margin = {};
  const Verdict v = judge(kayenta_policy({metric}), table({{"a", minutes(10, 7)}}),
                          table({{"a", minutes(10.8, 11)}}));
  EXPECT_EQ(v.decision, Decision::rollback);
  EXPECT_THAT(v.assumptions, Contains(HasSubstr("any shift counts")));
}

TEST(KayentaMode, PoliciesNameTheirScores) {
  const std::string metrics = "metrics: [{name: a, kind: gauge, margin: {relative: 5%}}]\n";
  const std::string head = "schema: haldane.policy/1\n";
  const auto read = [&](const std::string& middle) {
    return read_policy(head + middle + metrics, "p.yaml");
  };
  const auto good = read("mode: kayenta\nscore: {pass: 90, marginal: 50}\n");
  ASSERT_TRUE(good);
  EXPECT_EQ(good.value().score.pass, 90);
  EXPECT_EQ(good.value().score.marginal, 50);
  const auto plain = read("mode: kayenta\n");
  ASSERT_TRUE(plain);
  EXPECT_EQ(plain.value().score.pass, 95);
  EXPECT_THAT(to_string(read("score: {pass: 90}\n").error()), HasSubstr("POL-102"));
  const auto swapped = read("mode: kayenta\nscore: {pass: 50, marginal: 90}\n");
  EXPECT_THAT(to_string(swapped.error()), HasSubstr("POL-105"));
  EXPECT_FALSE(read("mode: kayenta\nscore: {pass: 101}\n"));
  EXPECT_FALSE(read("mode: kayenta\nscore: {pass: .nan}\n"));
}

}  // namespace
}  // namespace haldane::analysis
