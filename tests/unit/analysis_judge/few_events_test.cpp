// Rates of fewer than ten events, by the exact laws of their counts. The worked example of
// docs/statistics/two-proportions.md is here.
#include "analysis/judge/few_events.h"

#include <algorithm>
#include <cmath>

#include <boost/math/distributions/binomial.hpp>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "analysis/judge/judge.h"
#include "tests/statistical/judge/synthetic_arms.h"

namespace haldane::analysis {
namespace {

using boost::math::binomial;
using boost::math::cdf;
using boost::math::complement;

constexpr auto absolute = Evidence::Scale::absolute;
constexpr auto relative = Evidence::Scale::relative;

Effect effect_of(RateArm baseline, RateArm canary, Evidence::Scale scale,
                 EventLaw law = EventLaw::bernoulli) {
  return few_events_effect({baseline, canary}, law, 1, scale);
}

// The same by its definition, at ten thousand baseline rates.
double p_by_scan(RateArm baseline, RateArm canary, double margin) {
  double most = 0;
  for (int i = 1; i < 10'000; ++i) {
    const double rate = i / 10'000.0;
    const double at_most = cdf(binomial(baseline.exposure, rate), baseline.events);
    const double moved = std::clamp(rate + margin, 0.0, 1.0);
    const double at_least =
        canary.events == 0 ? 1
                           : cdf(complement(binomial(canary.exposure, moved), canary.events - 1));
    most = std::max(most, at_most * at_least);
  }
  return most * (1 - std::log(most));
}

TEST(FewEvents, PValuesAreThoseOfTheDefinition) {
  for (const double margin : {0.0, 0.05}) {
    for (const double canary_events : {1.0, 4.0, 8.0}) {
      const RateArm baseline{1, 30};
      const RateArm canary{canary_events, 20};
      const double p = effect_of(baseline, canary, absolute).p_above(margin);
      EXPECT_NEAR(p, p_by_scan(baseline, canary, margin), 1e-6) << canary_events;
    }
  }
  EXPECT_NEAR(effect_of({0, 20}, {8, 20}, absolute).p_above(0), 0.003340272, 1e-9);
}

TEST(FewEvents, BoundsAreWhereThePValueIsTheError) {
  for (const auto scale : {absolute, relative}) {
    for (const auto law : {EventLaw::bernoulli, EventLaw::poisson}) {
      const Effect effect = effect_of({2, 1'000}, {6, 800}, scale, law);
      EXPECT_NEAR(effect.p_above(effect.low(0.01)), 0.01, 1e-9);
      EXPECT_NEAR(effect.p_below(effect.high(0.05)), 0.05, 1e-9);
      EXPECT_LT(effect.low(0.01), *effect.estimate);
      EXPECT_GT(effect.high(0.05), *effect.estimate);
    }
  }
}

TEST(FewEvents, ArmsThatChangePlacesChangeSides) {
  const Effect effect = effect_of({2, 500}, {5, 300}, absolute);
  const Effect swapped = effect_of({5, 300}, {2, 500}, absolute);
  EXPECT_NEAR(effect.p_above(0.002), swapped.p_below(-0.002), 1e-9);
  EXPECT_NEAR(effect.low(0.05), -swapped.high(0.05), 1e-9);
}

// All outcomes of ten requests an arm, each with its probability.
TEST(FewEvents, FailNoMoreOftenThanPromised) {
  for (const double rate : {0.02, 0.1, 0.3}) {
    for (const double margin : {0.0, 0.1}) {
      double rolled_back = 0;
      double promoted = 0;
      for (int b = 0; b <= 10; ++b) {
        for (int c = 0; c <= 10; ++c) {
          const Effect effect = effect_of({1.0 * b, 10}, {1.0 * c, 10}, absolute);
          const double chance = pdf(binomial(10, rate), b) * pdf(binomial(10, rate + margin), c);
          rolled_back += effect.p_above(margin) <= 0.05 ? chance : 0;
          promoted += effect.p_below(margin) <= 0.05 ? chance : 0;
        }
      }
      EXPECT_LE(rolled_back, 0.05) << rate;
      EXPECT_LE(promoted, 0.05) << rate;
    }
  }
}

TEST(FewEvents, OfNoBaselineEventsHaveNoRatioAndNoUpperBound) {
  const Effect effect = effect_of({0, 1'000}, {9, 1'000}, relative);
  EXPECT_FALSE(effect.estimate);
  EXPECT_GT(effect.low(0.01), 0.1);
  EXPECT_TRUE(std::isinf(effect.high(0.05)));
  EXPECT_DOUBLE_EQ(effect_of({0, 1'000}, {0, 1'000}, relative).low(0.01), -1);
}

TEST(FewEvents, ThatNeverHappenedLeaveADifferenceNearZero) {
  const Effect effect = effect_of({0, 5'000}, {0, 4'000}, absolute);
  EXPECT_NEAR(effect.low(0.05), -0.00095, 1e-5);
  EXPECT_NEAR(effect.high(0.05), 0.00119, 1e-5);
}

ObservationTable totals(double requests, double errors) {
  ObservationTable table;
  table.columns.push_back({"requests", {requests}, {}, 0, 0});
  table.columns.push_back({"errors", {errors}, {}, 0, 0});
  table.rows = 1;
  return table;
}

Decision fixed_decision(const ObservationTable& baseline, const ObservationTable& canary) {
  JudgePolicy policy;
  policy.mode = Mode::fixed;
  policy.metrics = {rate_policy("errors", MetricKind::ratio, {std::nullopt, 0.001})};
  policy.metrics[0].role = Role::critical;
  return judge(policy, baseline, canary).decision;
}

TEST(FewEvents, ErrorsThatHardlyHappenedCanDecideInModeFixed) {
  EXPECT_EQ(fixed_decision(totals(20'000, 0), totals(19'000, 0)), Decision::promote);
  EXPECT_EQ(fixed_decision(totals(1'000, 0), totals(900, 0)), Decision::inconclusive);
  EXPECT_EQ(fixed_decision(totals(100, 0), totals(90, 9)), Decision::rollback);
}

}  // namespace
}  // namespace haldane::analysis
