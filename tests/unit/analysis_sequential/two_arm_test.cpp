// Two arms: bounds and evidence agree with each other and with direct search.
#include <algorithm>
#include <cmath>
#include <limits>
#include <random>
#include <vector>

#include <gtest/gtest.h>

#include "analysis/sequential/bernoulli_evidence.h"
#include "analysis/sequential/quantile_stairs.h"
#include "analysis/sequential/rate_bounds.h"

namespace haldane::analysis {
namespace {

std::vector<double> lognormal(std::size_t n, double median, unsigned seed) {
  std::mt19937_64 random(seed);
  std::lognormal_distribution<double> law(std::log(median), 0.6);
  std::vector<double> values(n);
  for (double& v : values) v = law(random);
  std::sort(values.begin(), values.end());
  return values;
}

double evidence(double probability, double below, double n) {
  return BernoulliEvidence::with_strength(probability, 5).log_e_greater(below, n);
}

QuantileEvidence stairs(const std::vector<double>& values, double p, double smallest) {
  return quantile_evidence({values, 1}, p, smallest, evidence);
}

TEST(QuantileStairs, LeastRatioIsWhereTheEvidenceReachesTheThreshold) {
  const auto b = stairs(lognormal(900, 20, 1), 0.9, 700);
  const auto c = stairs(lognormal(700, 30, 2), 0.9, 700);
  const double level = std::log(1 / 0.01);
  const double ratio = least_ratio(c, b, level);
  const auto at = [&](double r) {
    return log_evidence_beyond(c, b, [r](double x) { return x * r; });
  };
  EXPECT_GT(at(ratio * (1 - 1e-9)), level);
  EXPECT_LT(at(ratio * (1 + 1e-9)), level);
  EXPECT_GT(ratio, 1);
  EXPECT_LT(ratio, 1.5);
}

TEST(QuantileStairs, LeastDifferenceIsWhereTheEvidenceReachesTheThreshold) {
  const auto b = stairs(lognormal(900, 20, 1), 0.5, 700);
  const auto c = stairs(lognormal(700, 30, 2), 0.5, 700);
  const double level = std::log(1 / 0.001);
  const double difference = least_difference(c, b, level);
  const auto at = [&](double d) {
    return log_evidence_beyond(c, b, [d](double x) { return x + d; });
  };
  EXPECT_GT(at(difference - 1e-9), level);
  EXPECT_LT(at(difference + 1e-9), level);
}

TEST(QuantileStairs, CoarseStairsNeverClaimMoreThanEveryRankWould) {
  // Search over every order statistic, which the stairs thin out.
  const auto b = lognormal(30'000, 20, 3);
  const auto c = lognormal(20'000, 20.6, 4);
  constexpr double p = 0.5;
  const auto at_b = BernoulliEvidence::with_strength(p, 5);
  double direct = 1e300;
  for (std::size_t i = 14'000; i < 16'500; ++i) {
    const double x = b[i];
    const auto above = static_cast<double>(c.end() - std::upper_bound(c.begin(), c.end(), x));
    direct = std::min(direct, at_b.log_e_greater(static_cast<double>(i), 30'000) +
                                  at_b.log_e_greater(above, 20'000));
  }
  const double thinned =
      log_evidence_beyond(stairs(c, p, 20'000), stairs(b, p, 20'000), [](double x) { return x; });
  EXPECT_LE(thinned, direct + 1e-9);
  EXPECT_GT(thinned, direct - 0.6);
}

TEST(QuantileStairs, TooFewObservationsBoundNothing) {
  const auto b = stairs({1, 2, 3}, 0.5, 3);
  const auto c = stairs({10, 20, 30}, 0.5, 3);
  EXPECT_EQ(least_difference(c, b, std::log(1 / 0.01)), -std::numeric_limits<double>::infinity());
  EXPECT_LE(least_ratio(c, b, std::log(1 / 0.01)), 0);
}

TEST(QuantileStairs, SampleQuantileIsTheSmallestValueReachingItsShare) {
  std::vector<double> values(100);
  for (std::size_t i = 0; i < 100; ++i) values[i] = static_cast<double>(i + 1);
  EXPECT_EQ(sample_quantile(values, 0.07), 7);
  EXPECT_EQ(sample_quantile(values, 0.5), 50);
  EXPECT_EQ(sample_quantile(values, 0.999), 100);
  EXPECT_EQ(sample_quantile(values, 1e-9), 1);
}

TEST(RateBounds, LeastRatioIsWhereTheEvidenceReachesTheThreshold) {
  const RateArm canary{80, 10'000};
  const RateArm baseline{90, 30'000};
  const double level = std::log(1 / 0.01);
  const double ratio = least_rate_ratio(canary, baseline, level);
  EXPECT_NEAR(log_evidence_ratio_above(canary, baseline, ratio), level, 1e-6);
  EXPECT_GT(ratio, 1);
  EXPECT_LT(ratio, 80.0 / 30);
}

TEST(RateBounds, ErrorsOnlyInTheCanaryBoundTheRatioFromBelow) {
  EXPECT_GT(least_rate_ratio({40, 1000}, {0, 1000}, std::log(1 / 0.01)), 3);
  EXPECT_EQ(least_rate_ratio({0, 1000}, {40, 1000}, std::log(1 / 0.01)), 0);
}

TEST(RateBounds, LeastDifferenceIsWhereTheEvidenceReachesTheThreshold) {
  for (const EventLaw law : {EventLaw::bernoulli, EventLaw::poisson}) {
    const RateArm canary{300, 10'000};
    const RateArm baseline{500, 30'000};
    const double level = std::log(1 / 0.002);
    const double difference = least_rate_difference(canary, baseline, level, law);
    EXPECT_NEAR(log_evidence_difference_above(canary, baseline, difference, law), level, 1e-3);
    EXPECT_GT(difference, 0.002);
    EXPECT_LT(difference, 300.0 / 10'000 - 500.0 / 30'000);
  }
}

TEST(RateBounds, NoEventsInEitherArmBoundTheDifferenceByAboutTheBudgetOverTheSize) {
  const double level = std::log(1 / 0.05);
  const double least = least_rate_difference({0, 20'000}, {0, 20'000}, level, EventLaw::bernoulli);
  EXPECT_LT(least, 0);
  EXPECT_GT(least, -3 * level / 20'000);
}

}  // namespace
}  // namespace haldane::analysis
