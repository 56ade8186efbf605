// Samples and rates measured from how the arms stood before the release.
#include <cmath>
#include <string>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "analysis/ingest/sketch_strata.h"
#include "analysis/judge/cut_tables.h"
#include "analysis/judge/effect_from_before.h"
#include "analysis/judge/judge.h"
#include "analysis/judge/read_policy.h"
#include "tests/statistical/judge/synthetic_arms.h"

namespace haldane::analysis {
namespace {

using testing::Contains;
using testing::HasSubstr;

constexpr int before_s = 900;

// Hosts that are `offset` times as slow and fail `offset` times as often, and a release that
// changes both by `change`.
ObservationTable arm(double offset, double change, std::uint64_t seed, double unit = 1) {
  const auto part = [&](double factor, std::uint64_t own_seed, int seconds) {
    ArmModel model;
    model.requests_per_s = 40;
    model.latency_median_ms *= factor * unit;
    model.error_ratio = 0.03 * factor;
    model.dead_letter_ratio = 0.02 * factor;
    return synthetic_arm(model, own_seed, seconds);
  };
  ObservationTable table = part(offset, 2 * seed, before_s);
  const ObservationTable after = part(offset * change, 2 * seed + 1, 2 * before_s);
  for (std::size_t c = 0; c < table.columns.size(); ++c) {
    for (std::size_t i = 0; i < after.columns[c].values.size(); ++i) {
      table.columns[c].values.push_back(after.columns[c].values[i]);
      table.columns[c].times_s.push_back(before_s + after.columns[c].times_s[i]);
    }
  }
  table.sha256 = std::to_string(seed);
  return table;
}

JudgePolicy adjusted_policy() {
  JudgePolicy policy;
  policy.pre_period_s = before_s;
  policy.metrics = {latency_policy(0.15),
                    rate_policy("errors", MetricKind::ratio, {0.5, std::nullopt}, Role::critical),
                    rate_policy("dead_letters", MetricKind::count, {0.6, std::nullopt})};
  policy.metrics[0].quantiles = {0.5, 0.9};
  for (MetricPolicy& metric : policy.metrics) metric.from_pre_period = true;
  return policy;
}

TEST(AdjustedEvidence, WhatTheHostsDoIsNotTheReleases) {
  const Verdict verdict = judge(adjusted_policy(), arm(1, 1, 1), arm(1.3, 1, 2));
  EXPECT_EQ(verdict.decision, Decision::promote) << verdict.reasons.front();
  for (const Evidence& evidence : verdict.metrics) {
    ASSERT_TRUE(evidence.adjustment) << evidence.name;
    EXPECT_NEAR(evidence.adjustment->before, 0.3, 0.15) << evidence.name;
    EXPECT_THAT(evidence.method, HasSubstr("_from_before"));
    EXPECT_LT(*evidence.ci_low, *evidence.estimate);
    EXPECT_GT(*evidence.ci_high, *evidence.estimate);
  }
  EXPECT_NEAR(*verdict.metrics[0].estimate, 0, 0.03);
  EXPECT_THAT(verdict.assumptions, Contains(HasSubstr("latency_ms p50: measured from before")));
}

TEST(AdjustedEvidence, AReleaseThatHidesBehindFastHostsIsFound) {
  JudgePolicy policy = adjusted_policy();
  for (const std::size_t metric : {0U, 1U, 2U}) {
    policy.metrics = {adjusted_policy().metrics[metric]};
    policy.metrics[0].margin.relative = 0.1;
    policy.metrics[0].role = Role::critical;
    const Verdict verdict = judge(policy, arm(1, 1, 3), arm(0.6, 1.7, 4));
    EXPECT_EQ(verdict.decision, Decision::rollback) << verdict.reasons.front();
    EXPECT_NEAR(*verdict.metrics[0].estimate, 0.7, 0.25);
  }
}

TEST(AdjustedEvidence, NumbersDoNotDependOnTheUnit) {
  JudgePolicy policy = adjusted_policy();
  policy.metrics.resize(1);
  const Verdict ms = judge(policy, arm(1, 1, 5), arm(1.2, 1.1, 6));
  const Verdict s = judge(policy, arm(1, 1, 5, 1e-3), arm(1.2, 1.1, 6, 1e-3));
  for (std::size_t i = 0; i < ms.metrics.size(); ++i) {
    EXPECT_NEAR(*s.metrics[i].ci_low, *ms.metrics[i].ci_low, 1e-6);
    EXPECT_NEAR(*s.metrics[i].ci_high, *ms.metrics[i].ci_high, 1e-6);
  }
}

// A normal e-process of mean `effect` and standard error `error`: what both times say is then
// known.
Effect known(double effect, double error) {
  Effect e;
  e.method = "known";
  e.estimate = effect;
  e.n_effective = 100;
  const auto log_e = [=](double z) { return z > 0 ? 0.5 * z * z : 0.0; };
  e.log_e_above = [=](double bound) { return log_e((effect - bound) / error); };
  e.log_e_below = [=](double bound) { return log_e((bound - effect) / error); };
  e.low = [=](double p) { return effect - error * std::sqrt(-2 * std::log(p)); };
  e.high = [=](double p) { return effect + error * std::sqrt(-2 * std::log(p)); };
  return e;
}

// The least of (x - b)^2 / s^2 + (a - x - m)^2 / t^2 is (a - b - m)^2 / (s^2 + t^2).
TEST(AdjustedEvidence, ErrorsOfBothTimesAddUpAsVariances) {
  const Effect effect = effect_from_before(known(1, 0.3), known(3, 0.4), Evidence::Scale::absolute);
  EXPECT_NEAR(*effect.estimate, 2, 1e-12);
  for (const double z : {3.0, 4.0, 6.0}) {
    const double cost = -2 * std::log(0.95);
    EXPECT_NEAR(effect.log_e_above(2 - 0.5 * z), 0.5 * z * z - cost, 0.2) << z;
    EXPECT_LE(effect.log_e_above(2 - 0.5 * z), 0.5 * z * z) << "never more than there is";
    EXPECT_NEAR(effect.log_e_below(2 + 0.5 * z), 0.5 * z * z - cost, 0.2) << z;
  }
  EXPECT_NEAR(effect.low(0.01), 2 - 0.5 * std::sqrt(2 * std::log(100)), 0.03);
  EXPECT_LT(effect.low(0.01), 2 - 0.5 * std::sqrt(2 * std::log(100)));
  EXPECT_NEAR(effect.high(0.05), 2 + 0.5 * std::sqrt(2 * std::log(20)), 0.05);
  EXPECT_NEAR(effect.lasting_share, 0.36, 1e-9);
  EXPECT_LE(effect.log_e_above(2.5), 0);
}

TEST(AdjustedEvidence, ATimeBeforeThatSaysNothingDecidesNothing) {
  JudgePolicy policy = adjusted_policy();
  policy.pre_period_s = 0.5;
  const Verdict verdict = judge(policy, arm(1, 1, 7), arm(1, 1, 8));
  EXPECT_EQ(verdict.decision, Decision::inconclusive);
  EXPECT_THAT(verdict.metrics[0].reason, HasSubstr("before the release: effective size"));
}

TEST(AdjustedEvidence, FoldedArmsSayTheSame) {
  const JudgePolicy policy = adjusted_policy();
  const ObservationTable b = arm(1, 1, 9);
  const ObservationTable c = arm(1.3, 1.1, 10);
  const auto folded = [&](ObservationTable table) {
    table.begins_s = first_time(b, c);
    const std::vector<double> cuts_s = moments_of_cuts(policy, *table.begins_s);
    for (ObservationColumn& column : table.columns) {
      compact_between(column, cuts_s, 300);
      join_strata(column);
    }
    return table;
  };
  const Verdict rows = judge(policy, b, c);
  const Verdict bins = judge(policy, folded(b), folded(c));
  for (std::size_t i = 0; i < rows.metrics.size(); ++i) {
    const double width = *rows.metrics[i].ci_high - *rows.metrics[i].ci_low;
    EXPECT_NEAR(*bins.metrics[i].ci_low, *rows.metrics[i].ci_low, 0.2 * width);
    EXPECT_NEAR(*bins.metrics[i].ci_high, *rows.metrics[i].ci_high, 0.2 * width);
  }
}

TEST(AdjustedEvidence, GoesWithModeSequentialOnly) {
  const std::string metrics =
      "pre_period: 15m\nmetrics: [{name: a, kind: samples, adjust: pre_period}]\n";
  const std::string head = "schema: haldane.policy/1\n";
  EXPECT_TRUE(read_policy(head + metrics, "p").has_value());
  const auto fixed = read_policy(head + "mode: fixed\n" + metrics, "p");
  ASSERT_FALSE(fixed.has_value());
  EXPECT_EQ(fixed.error()[0].id, "POL-214");
}

}  // namespace
}  // namespace haldane::analysis
