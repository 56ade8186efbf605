// The judge's promises, kept by counting: false rollbacks, false promotions, and what is found.
//
// Seeds are fixed, so a pass stays a pass. Flake budget when seeds or the judge's numbers change:
// each bound on an error rate is the upper 99.9 % point of the binomial law at the promised rate,
// so a judge that just keeps its promise fails one such test in 1,000; the measured rates are far
// below.
#include <algorithm>
#include <random>

#include <boost/math/distributions/binomial.hpp>
#include <gtest/gtest.h>

#include "analysis/judge/judge.h"
#include "tests/statistical/judge/synthetic_arms.h"

namespace haldane::analysis {
namespace {

constexpr double flake = 0.001;

int most_allowed(int trials, double rate) {
  const boost::math::binomial law(trials, rate);
  return static_cast<int>(boost::math::quantile(boost::math::complement(law, flake)));
}

// The two arms of canary `i` never share a stream.
std::uint64_t baseline_seed(int i) {
  return 1'000'000 + 2 * static_cast<std::uint64_t>(i);
}
std::uint64_t canary_seed(int i) {
  return baseline_seed(i) + 1;
}

struct Tally {
  int rollbacks = 0;
  int promotions = 0;
};

// Looks at growing arms and stops at the first decision, as a release would.
Decision first_decision(const JudgePolicy& policy, const ArmModel& baseline_model,
                        const ArmModel& canary_model, int index, const std::vector<int>& looks) {
  SyntheticArm baseline(baseline_model, baseline_seed(index));
  SyntheticArm canary(canary_model, canary_seed(index));
  int seconds = 0;
  for (const int look : looks) {
    baseline.run(look - seconds);
    canary.run(look - seconds);
    seconds = look;
    const Decision d = judge(policy, baseline.table(), canary.table()).decision;
    if (d != Decision::inconclusive) return d;
  }
  return Decision::inconclusive;
}

Tally run(const JudgePolicy& policy, const ArmModel& baseline, const ArmModel& canary, int canaries,
          const std::vector<int>& looks) {
  Tally tally;
  for (int i = 0; i < canaries; ++i) {
    const Decision d = first_decision(policy, baseline, canary, i, looks);
    tally.rollbacks += d == Decision::rollback ? 1 : 0;
    tally.promotions += d == Decision::promote ? 1 : 0;
  }
  return tally;
}

JudgePolicy without_margins(JudgePolicy policy) {
  for (MetricPolicy& metric : policy.metrics) {
    if (metric.margin.relative) metric.margin.relative = 0;
    if (metric.margin.absolute) metric.margin.absolute = 0;
  }
  return policy;
}

// Margins of zero are the hardest null: any difference at all would be beyond them.
TEST(FalseRollbacks, StayBelowAlphaOverManyLooksWithoutAnyMargin) {
  constexpr int canaries = 1000;
  const JudgePolicy policy = without_margins(usual_policy());
  const Tally tally = run(policy, {}, {}, canaries, {5, 10, 20, 40, 80, 120, 180});
  RecordProperty("rollbacks", tally.rollbacks);
  EXPECT_LE(tally.rollbacks, most_allowed(canaries, policy.alpha));
  EXPECT_EQ(tally.promotions, 0);
}

TEST(FalseRollbacks, StayBelowAlphaForRatiosAndATenthOfTheTraffic) {
  constexpr int canaries = 1000;
  JudgePolicy policy;
  policy.metrics = {rate_policy("errors", MetricKind::ratio, {0.0, std::nullopt}),
                    rate_policy("dead_letters", MetricKind::count, {0.0, std::nullopt})};
  ArmModel big;
  big.requests_per_s = 90;
  ArmModel small;
  small.requests_per_s = 10;
  const Tally tally = run(policy, big, small, canaries, {10, 30, 60, 120, 200});
  RecordProperty("rollbacks", tally.rollbacks);
  EXPECT_LE(tally.rollbacks, most_allowed(canaries, policy.alpha));
}

TEST(FalseRollbacks, StayBelowAlphaForAutocorrelatedGauges) {
  constexpr int canaries = 400;
  JudgePolicy policy;
  policy.metrics = {rate_policy("queue_depth", MetricKind::gauge, {0.0, std::nullopt})};
  for (const double correlation : {0.0, 0.5, 0.9}) {
    ArmModel model;
    model.requests_per_s = 0.01;
    model.queue_correlation = correlation;
    const Tally tally = run(policy, model, model, canaries, {60, 120, 300, 600, 1200, 2400});
    RecordProperty("rollbacks_at_correlation_" + std::to_string(int(correlation * 10)),
                   tally.rollbacks);
    EXPECT_LE(tally.rollbacks, most_allowed(canaries, policy.alpha)) << correlation;
  }
}

TEST(FalseRollbacks, StayBelowAlphaInFixedModeAtItsOneLook) {
  constexpr int canaries = 600;
  JudgePolicy policy = without_margins(usual_policy());
  policy.mode = Mode::fixed;
  const Tally tally = run(policy, {}, {}, canaries, {120});
  RecordProperty("rollbacks", tally.rollbacks);
  EXPECT_LE(tally.rollbacks, most_allowed(canaries, policy.alpha));
}

TEST(Power, FifthSlowerCanaryIsFoundInNinetyNineOfAHundred) {
  constexpr int canaries = 300;
  ArmModel slow;
  slow.latency_median_ms *= 1.2;
  const Tally tally = run(usual_policy(), {}, slow, canaries, {60, 120, 300, 600});
  RecordProperty("rollbacks", tally.rollbacks);
  EXPECT_GE(tally.rollbacks, canaries * 99 / 100);
}

// One metric without a margin at alpha 1 %, sixty minutes.
int risen_errors_found(int canaries, bool with_times) {
  JudgePolicy policy;
  policy.metrics = {rate_policy("errors", MetricKind::count, {0.0, std::nullopt})};
  policy.metrics[0].exposure = "";
  int found = 0;
  for (int i = 0; i < canaries; ++i) {
    std::mt19937_64 random(baseline_seed(i));
    ObservationTable arms[2];
    const double rates[] = {0.2, 1.0};
    for (int arm = 0; arm < 2; ++arm) {
      std::poisson_distribution<int> law(rates[arm]);
      arms[arm].columns.push_back({"errors", {}, {}, 0, 0});
      for (int minute = 0; minute < 60; ++minute) {
        arms[arm].columns[0].values.push_back(law(random));
        if (with_times) arms[arm].columns[0].times_s.push_back(60 * minute);
      }
    }
    found += judge(policy, arms[0], arms[1]).decision == Decision::rollback ? 1 : 0;
  }
  return found;
}

TEST(Power, ErrorsThatRiseFromAFifthToOneAMinuteAreFoundWithinTheHour) {
  constexpr int canaries = 400;
  const int found = risen_errors_found(canaries, false);
  RecordProperty("found", found);
  EXPECT_GE(found, canaries * 99 / 100);
}

// Looking for bursts costs a little where there are none.
TEST(Power, TimesOfTheErrorsHardlyHideTheirRise) {
  constexpr int canaries = 400;
  const int found = risen_errors_found(canaries, true);
  RecordProperty("found", found);
  EXPECT_GE(found, canaries * 99 / 100);
}

TEST(FalsePromotions, StayBelowBetaForACanaryAtTheEdgeOfItsMargin) {
  constexpr int canaries = 300;
  JudgePolicy policy;
  policy.metrics = {latency_policy(0.10)};
  policy.metrics[0].quantiles = {0.5};
  ArmModel edge;
  edge.latency_median_ms *= 1.1001;
  const Tally tally = run(policy, {}, edge, canaries, {30, 60, 120, 240, 480});
  RecordProperty("promotions", tally.promotions);
  EXPECT_LE(tally.promotions, most_allowed(canaries, policy.beta));
}

TEST(FalsePromotions, StayBelowBetaForErrorsAtTheEdgeOfTheirMargin) {
  constexpr int canaries = 300;
  JudgePolicy policy;
  policy.metrics = {rate_policy("errors", MetricKind::ratio, {std::nullopt, 0.01}, Role::critical)};
  ArmModel edge;
  edge.error_ratio = 0.0201;
  const Tally tally = run(policy, {}, edge, canaries, {30, 60, 120, 240, 480});
  RecordProperty("promotions", tally.promotions);
  EXPECT_LE(tally.promotions, most_allowed(canaries, policy.beta));
}

}  // namespace
}  // namespace haldane::analysis
