// KEDA, Knative, target tracking and schedules: published examples and the rules between them.
#include <vector>

#include <gtest/gtest.h>

#include "models/scale/keda.h"
#include "models/scale/kpa.h"
#include "models/scale/round_up.h"
#include "models/scale/schedule.h"
#include "models/scale/target_tracking.h"

namespace haldane::models {
namespace {

SimTime at(std::int64_t seconds) {
  return SimTime::zero() + Duration::seconds(seconds);
}

std::vector<double> only(double total) {
  return {total};
}

TEST(RoundUp, IsExactAtWholeNumbersAndBounded) {
  EXPECT_EQ(round_up(4.0), 4U);
  EXPECT_EQ(round_up(4.000001), 5U);
  EXPECT_EQ(round_up(-3), 0U);
  EXPECT_EQ(round_up(1e300), whole_max);
  EXPECT_EQ(round_down(4.9), 4U);
}

TEST(Keda, TheCountOnlyMattersToTheTolerance) {
  const auto five = [](std::int64_t total) {
    return average_value_proposal(total, 50, 5).replicas;
  };
  EXPECT_EQ(five(274), 5U);  // ratio 1.096
  EXPECT_EQ(five(276), 6U);
  EXPECT_EQ(five(226), 5U);
  EXPECT_EQ(five(224), 5U);  // ratio 0.896: 4.48 rounds up
  EXPECT_EQ(five(1'000), 20U);
}

TEST(Keda, PollingActsBetweenNothingAndOne) {
  KedaRules rules;
  rules.triggers = {{50, 3}};
  KedaController keda(rules);
  EXPECT_EQ(keda.poll(at(0), 0, only(3)).replicas, 0U);  // active only above the activation
  EXPECT_EQ(keda.poll(at(30), 0, only(4)).replicas, 1U);
  EXPECT_EQ(keda.poll(at(60), 4, only(1'000)).replicas, 4U);  // the HPA's business
  EXPECT_EQ(keda.poll(at(90), 4, only(0)).limit, ScaleLimit::cooldown);
  EXPECT_EQ(keda.poll(at(360), 4, only(0)).replicas, 4U);
  EXPECT_EQ(keda.poll(at(361), 4, only(0)).replicas, 0U);
}

TEST(Keda, IdlesAtItsIdleCountAndWakesAtTheMinimum) {
  KedaRules rules;
  rules.triggers = {{}};
  rules.min = 3;
  rules.idle = 1;
  KedaController keda(rules);
  EXPECT_EQ(keda.poll(at(0), 1, only(5)).replicas, 3U);
  EXPECT_EQ(keda.poll(at(100), 3, only(0)).replicas, 3U);
  EXPECT_EQ(keda.poll(at(301), 3, only(0)).replicas, 1U);
  EXPECT_EQ(keda.sync(at(315), 1, only(500)).replicas, 1U);
}

// With `idleReplicaCount: 0` and a minimum of 5: 0 or 5 and more, never between.
TEST(Keda, IdlesAtNothingThoughItHasAMinimum) {
  KedaRules rules;
  rules.triggers = {{10}};
  rules.min = 5;
  rules.idle = 0;
  KedaController keda(rules);
  EXPECT_EQ(keda.poll(at(1), 5, only(0)).replicas, 0U) << "nothing was ever active";
  EXPECT_EQ(keda.sync(at(15), 0, only(500)).replicas, 0U) << "no HPA at 0";
  EXPECT_EQ(keda.poll(at(30), 0, only(1)).replicas, 5U);
  EXPECT_EQ(keda.sync(at(45), 5, only(500)).replicas, 10U);
  EXPECT_EQ(keda.poll(at(60), 3, only(1)).replicas, 5U) << "below the minimum while active";
  EXPECT_EQ(keda.poll(at(90), 10, only(0)).limit, ScaleLimit::cooldown);
  EXPECT_EQ(keda.sync(at(500), 10, only(0)).replicas, 5U) << "the HPA keeps its minimum";
  EXPECT_EQ(keda.poll(at(360), 10, only(0)).replicas, 10U);
  EXPECT_EQ(keda.poll(at(361), 5, only(0)).replicas, 0U);
}

TEST(Keda, TheHpaBehindItNeverGoesBelowOne) {
  KedaRules rules;
  rules.triggers = {{50}};
  KedaController keda(rules);
  EXPECT_EQ(keda.sync(at(0), 0, only(1'000)).replicas, 0U);
  EXPECT_EQ(keda.sync(at(15), 5, only(400)).replicas, 8U);
  EXPECT_EQ(keda.sync(at(30), 5, only(276)).replicas, 8U);  // the window remembers the 8
  EXPECT_EQ(keda.sync(at(400), 5, only(0)).replicas, 1U);
}

TEST(Keda, OneActiveTriggerKeepsAllAwakeAndTheLargestCountHolds) {
  KedaRules rules;
  rules.triggers = {{50, 10}, {5}};
  KedaController keda(rules);
  const auto both = [](double first, double second) { return std::vector<double>{first, second}; };
  EXPECT_EQ(keda.poll(at(0), 0, both(10, 0)).replicas, 0U);
  const ScaleDecision woken = keda.poll(at(30), 0, both(0, 1));
  EXPECT_EQ(woken.replicas, 1U);
  EXPECT_EQ(woken.metric, 1U);
  const ScaleDecision first = keda.sync(at(45), 2, both(200, 5));
  EXPECT_EQ(first.replicas, 4U);
  EXPECT_EQ(first.metric, 0U);
  const ScaleDecision second = keda.sync(at(60), 4, both(200, 45));
  EXPECT_EQ(second.replicas, 8U);  // 9, no faster than twice
  EXPECT_EQ(second.recommendation, 9U);
  EXPECT_EQ(second.metric, 1U);
}

KpaRules target_of(double target) {
  KpaRules rules;
  rules.target = target;
  return rules;
}

TEST(Kpa, StableAndPanicFollowTheirWindows) {
  KpaController steady(target_of(70), 1, at(0));
  EXPECT_EQ(steady.decide(at(0), 10, 700, 700).replicas, 10U);
  EXPECT_FALSE(steady.panicking());
  KpaController burst(target_of(70), 1, at(0));
  const ScaleDecision decision = burst.decide(at(0), 10, 700, 1'500);
  EXPECT_EQ(decision.replicas, 22U);
  EXPECT_EQ(decision.recommendation, 10U);
  EXPECT_EQ(decision.limit, ScaleLimit::panic);
  EXPECT_TRUE(burst.panicking());
  KpaController quiet(target_of(70), 1, at(0));
  EXPECT_EQ(quiet.decide(at(0), 10, 70, 70).replicas, 5U);  // at most halved
}

TEST(Kpa, TheUpRateBindsAtSmallCounts) {
  KpaRules rules = target_of(1);
  rules.up_rate = 1.1;
  EXPECT_EQ(KpaController(rules, 1, at(0)).decide(at(0), 2, 3, 3).replicas, 3U);
  EXPECT_EQ(KpaController(rules, 1, at(0)).decide(at(0), 2, 30, 30).replicas, 3U);
}

TEST(Kpa, PanicLastsAStableWindowAndTakesNothingAway) {
  KpaController kpa(target_of(70), 1, at(0));
  EXPECT_EQ(kpa.decide(at(0), 10, 700, 1'500).replicas, 22U);
  EXPECT_EQ(kpa.decide(at(2), 10, 700, 700).replicas, 22U);
  EXPECT_EQ(kpa.decide(at(60), 22, 700, 700).replicas, 22U);
  EXPECT_EQ(kpa.decide(at(62), 22, 700, 700).replicas, 11U);
  EXPECT_FALSE(kpa.panicking());
}

TEST(Kpa, BeginsInPanicWhereSeveralAreReady) {
  KpaController kpa(target_of(70), 10, at(0));
  EXPECT_TRUE(kpa.panicking());
  EXPECT_EQ(kpa.decide(at(2), 10, 70, 70).replicas, 10U);
}

TEST(Kpa, AScaleDownDelayHoldsTheLargestCount) {
  KpaRules rules = target_of(70);
  rules.scale_down_delay = Duration::seconds(30);
  KpaController kpa(rules, 1, at(0));
  EXPECT_EQ(kpa.decide(at(0), 10, 700, 700).replicas, 10U);
  EXPECT_EQ(kpa.decide(at(28), 10, 350, 350).limit, ScaleLimit::stabilization);
  EXPECT_EQ(kpa.decide(at(30), 10, 350, 350).replicas, 5U);
}

TEST(Kpa, BoundsHaveTheLastWord) {
  KpaRules rules = target_of(70);
  rules.min = 2;
  rules.max = 4;
  KpaController kpa(rules, 1, at(0));
  EXPECT_EQ(kpa.decide(at(0), 1, 0, 0).limit, ScaleLimit::minimum);
  EXPECT_EQ(kpa.decide(at(2), 3, 700, 700).limit, ScaleLimit::maximum);
}

TEST(TargetTracking, GoesOutInProportionOnceThreeLooksAgree) {
  TargetTrackingRules rules;
  rules.max = 100;
  TargetTracker tracker(rules);
  EXPECT_EQ(tracker.decide(at(60), 4, 90).limit, ScaleLimit::cooldown);
  EXPECT_EQ(tracker.decide(at(120), 4, 90).replicas, 4U);
  EXPECT_EQ(tracker.decide(at(180), 4, 90).replicas, 8U);  // 4 x 90 / 50 = 7.2
  for (int look = 4; look < 8; ++look)
    EXPECT_EQ(tracker.decide(at(60 * look), 8, 90).replicas, 8U) << look;  // cooldown
  EXPECT_EQ(tracker.decide(at(480), 8, 90).replicas, 15U);
}

TEST(TargetTracking, GoesInLateAndNeverBeyondTheTarget) {
  TargetTrackingRules rules;
  rules.max = 100;
  TargetTracker tracker(rules);
  for (int look = 1; look < 15; ++look)
    EXPECT_EQ(tracker.decide(at(60 * look), 8, 20).replicas, 8U) << look;
  EXPECT_EQ(tracker.decide(at(900), 8, 20).replicas, 4U);  // 3.2 rounds up: 40 <= 50
  EXPECT_EQ(tracker.decide(at(960), 4, 46).limit, ScaleLimit::tolerance);
}

TEST(Schedule, TheLastStepThatHasBegunHolds) {
  const std::vector<ScheduleStep> steps = {{at(60), 8}, {at(120), 3}};
  EXPECT_EQ(scheduled(steps, at(59), 5).replicas, 5U);
  EXPECT_EQ(scheduled(steps, at(60), 5).replicas, 8U);
  EXPECT_EQ(scheduled(steps, at(500), 5).replicas, 3U);
}

}  // namespace
}  // namespace haldane::models
