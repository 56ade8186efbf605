// The classifier against the cases of Kayenta's own test suite. Classes, ratios and flags are the
// suite's; intervals and estimates were computed with an independent port of its algorithm.
#include "analysis/kayenta/classify.h"

#include <algorithm>
#include <cmath>
#include <random>

#include <gtest/gtest.h>

#include "tests/unit/analysis_kayenta/fixtures.h"

namespace haldane::analysis::kayenta {
namespace {

using fixture::Values;

MetricRule suite_rule() {
  MetricRule rule;
  rule.tolerance = 0.1;
  rule.confidence = 0.95;
  return rule;
}

MetricRule with_effects(double allowed_decrease, double allowed_increase) {
  MetricRule rule = suite_rule();
  rule.limits.allowed_decrease = allowed_decrease;
  rule.limits.allowed_increase = allowed_increase;
  return rule;
}

MetricRule with_critical_effects(double decrease, double increase) {
  MetricRule rule = suite_rule();
  rule.critical = true;
  rule.limits.critical_decrease = decrease;
  rule.limits.critical_increase = increase;
  return rule;
}

MetricRule cles_rule(double allowed_decrease, double allowed_increase) {
  MetricRule rule;
  rule.tolerance = 0.2;
  rule.measure = EffectMeasure::cles;
  rule.limits = {allowed_increase, allowed_decrease, 1, 1};
  return rule;
}

Classified run(const MetricRule& rule, const Values& experiment, const Values& control) {
  return classify("m", rule, control, experiment);
}

void expect_shift(const Classified& result, double low, double high, double estimate) {
  ASSERT_TRUE(result.shift);
  EXPECT_NEAR(result.shift->low, low, 1.5e-6);
  EXPECT_NEAR(result.shift->high, high, 1.5e-6);
  EXPECT_NEAR(result.shift->estimate, estimate, 1.5e-6);
}

const Values tens = {20, 22, 21, 25, 30};
const Values ones = {1, 2.2, 1.1, 2.5, 3};
const Values zeros(5, 0.0);

TEST(KayentaInterval, IsThatOfTheUpstreamExample) {
  expect_shift(run(suite_rule(), {10, 20, 30, 40}, {1, 2, 3, 4}), 6, 39, 22.5);
}

TEST(KayentaClass, ATenfoldMetricIsHigh) {
  const Classified result = run(with_effects(0.8, 1.2), tens, ones);
  EXPECT_EQ(result.label, Class::high);
  EXPECT_FALSE(result.critical);
  EXPECT_EQ(result.reason, "m was classified as High");
  EXPECT_NEAR(*result.ratio, 12.040816, 1e-6);
  expect_shift(result, 17.800044, 27.799943, 20.0);
}

TEST(KayentaClass, ACriticalIncreaseDecidesWhetherItFailsTheCanary) {
  EXPECT_TRUE(run(with_critical_effects(1, 1.2), tens, ones).critical);
  MetricRule rule = with_critical_effects(1, 13);
  rule.limits.allowed_increase = 5;
  const Classified high = run(rule, tens, ones);
  EXPECT_EQ(high.label, Class::high);
  EXPECT_FALSE(high.critical);
  EXPECT_EQ(high.reason, "m was classified as High");
  rule.limits.allowed_increase = 13;
  rule.limits.critical_increase = 15;
  const Classified pass = run(rule, tens, ones);
  EXPECT_EQ(pass.label, Class::pass);
  EXPECT_FALSE(pass.critical);
  EXPECT_FALSE(pass.reason);
}

TEST(KayentaClass, DefaultsMakeAnyHighOfACriticalMetricCritical) {
  const Classified result = run(with_critical_effects(1, 1), tens, ones);
  EXPECT_EQ(result.label, Class::high);
  EXPECT_TRUE(result.critical);
  EXPECT_EQ(result.reason, "The metric m was classified as High (Critical)");
}

TEST(KayentaClass, ACriticalLowIsFound) {
  const Classified result =
      run(with_critical_effects(1.2, 1), {2, 2, 2, 2, 3}, {10, 20.2, 10.1, 20.5, 30});
  EXPECT_EQ(result.label, Class::low);
  EXPECT_TRUE(result.critical);
  EXPECT_EQ(result.reason, "The metric m was classified as Low (Critical)");
  EXPECT_NEAR(*result.ratio, 0.121145, 1e-6);
  ASSERT_TRUE(result.shift);
  EXPECT_NEAR(result.shift->low, -27.999942, 1.5e-6);
  EXPECT_NEAR(result.shift->high, -7.999954, 1.5e-6);
}

TEST(KayentaInterval, KeepsTheContinuityCorrectionInTheEstimate) {
  const Classified result =
      run(with_effects(0.5, 1), {10, 12.2, 10.1, 12.5, 23}, {20, 22, 21, 25, 30});
  EXPECT_EQ(result.label, Class::pass);
  expect_shift(result, -17.799962, 0.999948, -10.78122);  // R, without it: -10.00005
}

TEST(KayentaClass, OneValueOrOneMultisetPasses) {
  MetricRule decrease = suite_rule();
  decrease.direction = Direction::decrease;
  const Classified one_value = run(decrease, {1, 1, 1}, {1, 1});
  EXPECT_EQ(one_value.label, Class::pass);
  EXPECT_FALSE(one_value.reason);
  const Classified reversed = run(suite_rule(), {1, 2, 3, 4, 5}, {5, 4, 3, 2, 1});
  EXPECT_EQ(reversed.label, Class::pass);
  EXPECT_EQ(reversed.reason, "The Canary and Baseline data are identical");
  const Classified nothing = run(suite_rule(), zeros, zeros);
  EXPECT_EQ(nothing.label, Class::pass);
  EXPECT_EQ(nothing.ratio, 1.0);
}

TEST(KayentaClass, OneValueAmongManyTiesPasses) {
  MetricRule decrease = suite_rule();
  decrease.direction = Direction::decrease;
  const Classified lower = run(decrease, {0, 1, 1, 1, 1}, {1, 1, 1, 1, 1});
  EXPECT_EQ(lower.label, Class::pass);
  expect_shift(lower, -0.999941, 0, 0);
  const Classified higher = run(suite_rule(), {1, 1, 1, 1, 10}, {1, 1, 1, 1, 1});
  EXPECT_EQ(higher.label, Class::pass);
  ASSERT_TRUE(higher.shift);
  EXPECT_NEAR(higher.shift->low, 0, 1.5e-6);
  EXPECT_NEAR(higher.shift->high, 8.999933, 1.5e-6);
}

TEST(KayentaClass, TwoConstantsAreCompared) {
  const Values ten(5, 10.0);
  const Classified high = run(suite_rule(), ten, Values(5, 1.0));
  EXPECT_EQ(high.label, Class::high);
  EXPECT_NEAR(high.shift->estimate, 9, 1e-3);
  const Classified above_zero = run(suite_rule(), ten, zeros);
  EXPECT_EQ(above_zero.label, Class::high);
  EXPECT_TRUE(std::isnan(*above_zero.ratio));
  // The ratio of negative means is above 1, so the rule calls nothing that falls Low.
  EXPECT_EQ(run(suite_rule(), Values(5, -10.0), Values(5, -1.0)).label, Class::pass);
}

TEST(KayentaClass, AnEffectThatCannotBeComputedIsNoObstacle) {
  const Values fifties = {54.9, 54.5, 55.1, 55.6, 57.4};
  const Classified high = run(with_effects(0.8, 1.2), fifties, zeros);
  EXPECT_EQ(high.label, Class::high);
  EXPECT_TRUE(std::isnan(*high.ratio));
  expect_shift(high, 54.5, 57.4, 55.100036);
  EXPECT_EQ(run(with_effects(0.8, 1.2), zeros, fifties).label, Class::low);
  EXPECT_TRUE(run(with_critical_effects(0.5, 2), fifties, zeros).critical);
}

TEST(KayentaClass, MissingDataFollowTheirStrategy) {
  MetricRule rule = suite_rule();
  const Classified plain = run(rule, {}, {1, 2, 3, 4, 5});
  EXPECT_EQ(plain.label, Class::nodata);
  EXPECT_FALSE(plain.critical);
  EXPECT_EQ(plain.reason, "Missing data for m");
  EXPECT_EQ(plain.ratio, 1.0);
  rule.must_have_data = true;
  EXPECT_EQ(run(rule, {}, {1, 2}).label, Class::nodata_fail_metric);
  rule.critical = true;
  const Classified critical = run(rule, {}, {1, 2, 3, 4, 5});
  EXPECT_EQ(critical.label, Class::nodata);
  EXPECT_TRUE(critical.critical);
  rule.nan_strategy = NanStrategy::replace;
  const Classified replaced = run(rule, {}, {1, 2, 3, 4, 5});
  EXPECT_EQ(replaced.label, Class::pass);
  EXPECT_FALSE(replaced.reason);
}

TEST(KayentaClass, ErrorsFromNothingAreHighUnderTheJudgesOwnSettings) {
  MetricRule rule;
  rule.direction = Direction::increase;
  const Classified result = run(rule, {1, 4, 2, 3, 1}, zeros);
  EXPECT_EQ(result.label, Class::high);
  ASSERT_TRUE(result.shift);
  EXPECT_EQ(result.shift->low, 1);
  EXPECT_EQ(result.shift->high, 4);
  EXPECT_NEAR(result.shift->estimate, 2, 1e-4);  // as exact as the root finder
}

TEST(KayentaClass, ThirtyValuesAnArmGiveThePublishedClasses) {
  const Classified pass = run(suite_rule(), fixture::near_ten_again, fixture::near_ten);
  EXPECT_EQ(pass.label, Class::pass);
  EXPECT_NEAR(*pass.ratio, 1.0009286, 1e-7);
  expect_shift(pass, -1.059166, 1.092569, 0.058740);
  const Classified high = run(suite_rule(), fixture::near_twenty, fixture::near_ten);
  EXPECT_EQ(high.label, Class::high);
  EXPECT_NEAR(*high.ratio, 2.0675587, 1e-7);
  expect_shift(high, 9.337063, 11.619203, 10.622841);
  const Classified low = run(suite_rule(), fixture::near_ten_again, fixture::near_twenty_control);
  EXPECT_EQ(low.label, Class::low);
  EXPECT_NEAR(*low.ratio, 0.4906558, 1e-7);
  expect_shift(low, -11.114987, -8.799712, -9.898169);
}

TEST(KayentaClass, OneDirectionOverlooksTheOther) {
  MetricRule increase = suite_rule();
  increase.direction = Direction::increase;
  EXPECT_EQ(run(increase, fixture::near_ten_again, fixture::near_twenty_control).label,
            Class::pass);
  EXPECT_EQ(run(increase, fixture::near_twenty, fixture::near_ten).label, Class::high);
  MetricRule decrease = suite_rule();
  decrease.direction = Direction::decrease;
  EXPECT_EQ(run(decrease, fixture::near_twenty, fixture::near_ten).label, Class::pass);
  EXPECT_EQ(run(decrease, fixture::near_ten_again, fixture::near_twenty_control).label, Class::low);
}

TEST(KayentaEffect, IsTheShareOfPairsThatTheExperimentWins) {
  const Values five = {1, 2, 3, 4, 5};
  EXPECT_EQ(common_language_effect(five, five), 0.5);
  EXPECT_EQ(common_language_effect(five, Values{6, 7, 8, 9, 10}), 0.0);
  EXPECT_EQ(common_language_effect(Values{1, 1}, Values{0, 1, 1, 2}), 0.5);
}

TEST(KayentaClass, FollowsTheCommonLanguageEffectWhereItIsTheMeasure) {
  const Classified low =
      run(cles_rule(0.2, 0.8), fixture::lower_experiment, fixture::lower_control);
  EXPECT_EQ(low.label, Class::low);
  EXPECT_NEAR(*low.effect, 0.12, 1e-12);
  const Classified high = run(cles_rule(0.2, 0.8), fixture::slow_experiment, fixture::slow_control);
  EXPECT_EQ(high.label, Class::high);
  EXPECT_EQ(*high.effect, 1.0);
  const Classified pass =
      run(cles_rule(0.5, 0.8), fixture::sparse_experiment, fixture::sparse_control);
  EXPECT_EQ(pass.label, Class::pass);
  EXPECT_NEAR(*pass.effect, 0.5797, 1e-4);
}

// The suite's benchmark judge compares means; at the suite's settings the ranks agree with it.
TEST(KayentaClass, AgreesWithTheMeanInequalityJudgeWhereThatIsClear) {
  const Values tens_up = {10, 20, 30, 40, 50};
  const Values ones_up = {1, 2, 3, 4, 5};
  EXPECT_EQ(run(suite_rule(), tens_up, ones_up).label, Class::high);
  EXPECT_EQ(run(suite_rule(), ones_up, tens_up).label, Class::low);
  EXPECT_EQ(run(suite_rule(), ones_up, ones_up).label, Class::pass);
}

TEST(KayentaClass, NanIsRemovedOrZero) {
  const double nan = std::nan("");
  const Values gaps = {nan, 10.1, 20.2, 30.3, nan, 40.4};
  MetricRule rule;
  EXPECT_EQ(run(rule, gaps, ones).experiment.count, 4);
  rule.nan_strategy = NanStrategy::replace;
  const Classified replaced = run(rule, gaps, ones);
  EXPECT_EQ(replaced.experiment.count, 6);
  EXPECT_EQ(replaced.experiment.min, 0);
  EXPECT_NEAR(replaced.experiment.mean, 101.0 / 6, 1e-12);
}

TEST(KayentaClass, WhatCannotBeComparedIsAnError) {
  const Classified single = run(MetricRule{}, {2}, {1});
  EXPECT_EQ(single.label, Class::error);
  EXPECT_EQ(single.reason, "Metric Classification Failed");
  EXPECT_FALSE(single.critical);
  EXPECT_FALSE(single.ratio);
  EXPECT_EQ(run(MetricRule{}, {1.7e308, 1.6e308}, {-1.7e308, -1.5e308}).label, Class::error);
}

// Facts of the rule that our own judge does not share; they must stay as they are here.
TEST(KayentaClass, KeepsTheWeaknessesOfTheRule) {
  EXPECT_EQ(run(MetricRule{}, {3, 4}, {1, 2}).label, Class::high) << "two against two";
  Values tiny_high;
  Values tiny;
  for (const double v : fixture::near_twenty) tiny_high.push_back(v * 1e-9);
  for (const double v : fixture::near_ten) tiny.push_back(v * 1e-9);
  EXPECT_EQ(run(MetricRule{}, tiny_high, tiny).label, Class::pass) << "roots to 1e-4 only";
}

// Swapping the arms turns High into Low and mirrors the interval: 200 random pairs, fixed seed.
// Roots of step functions are only found to 1e-4, and from the other end.
TEST(KayentaProperty, SwappedArmsGiveTheMirrorImage) {
  std::mt19937_64 random(20'240'611);
  std::normal_distribution<double> law(100, 10);
  int decided = 0;
  for (int trial = 0; trial < 200; ++trial) {
    Values a(static_cast<std::size_t>(8 + trial % 40));
    Values b(static_cast<std::size_t>(8 + trial % 23));
    for (double& v : a) v = law(random) + trial % 3 * 20;
    for (double& v : b) v = law(random);
    const Classified there = run(MetricRule{}, a, b);
    const Classified back = run(MetricRule{}, b, a);
    ASSERT_TRUE(there.shift && back.shift);
    EXPECT_NEAR(there.shift->low, -back.shift->high, 2.1e-4);
    EXPECT_NEAR(there.shift->high, -back.shift->low, 2.1e-4);
    decided += there.label == Class::pass ? 0 : 1;
    EXPECT_EQ(there.label == Class::high, back.label == Class::low);
    EXPECT_EQ(there.label == Class::low, back.label == Class::high);
  }
  EXPECT_GT(decided, 50);
  EXPECT_LT(decided, 200);
}

// Units of 1 and more leave the class alone; the order of values always does.
TEST(KayentaProperty, LargerUnitsAndOrderChangeNothing) {
  for (const double scale : {1e1, 1e3, 1e6}) {
    for (const Values* experiment : {&fixture::near_twenty, &fixture::near_ten_again}) {
      Values a = *experiment;
      Values b = fixture::near_ten;
      for (double& v : a) v *= scale;
      for (double& v : b) v *= scale;
      std::reverse(a.begin(), a.end());
      EXPECT_EQ(run(MetricRule{}, a, b).label,
                run(MetricRule{}, *experiment, fixture::near_ten).label)
          << scale;
    }
  }
}

}  // namespace
}  // namespace haldane::analysis::kayenta
