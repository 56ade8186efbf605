// Values published with the confseq library (its unit tests), reproduced from our parametrisation.
#include <algorithm>
#include <cmath>
#include <vector>

#include <gtest/gtest.h>

#include "analysis/sequential/bernoulli_evidence.h"
#include "analysis/sequential/distribution_band.h"
#include "analysis/sequential/log_gamma.h"
#include "analysis/sequential/mean_sequence.h"
#include "analysis/sequential/poisson_evidence.h"

namespace haldane::analysis {
namespace {

// confseq's rho for a variance v_opt at error alpha.
double two_sided_rho(double v_opt, double alpha) {
  const double twice = 2 * std::log(1 / alpha);
  return v_opt / (twice + std::log(1 + twice));
}

TEST(PublishedValues, OneSidedBetaBinomialBoundIsThatOfConfseq) {
  // g = .2, h = .8, v = v_opt = 100, alpha = alpha_opt = .05: bound 28.41238.
  constexpr double p = 0.2;
  const double strength = two_sided_rho(100, 2 * 0.05) - p * (1 - p);
  const auto evidence = BernoulliEvidence::with_strength(p, strength);
  constexpr double n = 100 / (p * (1 - p));
  double low = 0;
  double high = 100;
  for (int i = 0; i < 60; ++i) {
    const double s = (low + high) / 2;
    (evidence.log_e_greater(p * n + s, n) < std::log(1 / 0.05) ? low : high) = s;
  }
  EXPECT_NEAR(low, 28.41238, 1e-5);
}

// confseq's p-value of two arms' medians: the least joint evidence over candidate values.
double two_arm_p_value(int shift) {
  const double strength = two_sided_rho(100 * 0.25, 0.05) - 0.25;
  const auto evidence = BernoulliEvidence::with_strength(0.5, strength);
  const auto at = [&](double below, double below_or_at) {
    // Flat between the order statistics around the minimiser.
    const double centre = std::clamp(500.0, below, below_or_at);
    return evidence.log_e_either(centre, 1000);
  };
  double least = 1e300;
  for (int x = 1; x <= 1000 + shift; ++x) {
    const auto count = [](int value) { return std::clamp(value, 0, 1000); };
    const double a = at(count(x - 1), count(x));
    const double b = at(count(x - 1 - shift), count(x - shift));
    least = std::min(least, a + b);
  }
  return std::min(1.0, std::exp(-least));
}

TEST(PublishedValues, TwoArmMedianPValuesAreThoseOfConfseq) {
  EXPECT_NEAR(two_arm_p_value(85), 0.0838055, 2e-4);
  EXPECT_NEAR(two_arm_p_value(70), 0.814704, 2e-3);
}

TEST(PublishedValues, DistributionBandHasThePublishedHeights) {
  EXPECT_NEAR(distribution_band(100, 0.05), 0.2692, 5e-5);
  EXPECT_NEAR(distribution_band(1e4, 0.05), 0.02771, 5e-6);
  EXPECT_NEAR(distribution_band(1e6, 0.05), 0.00282, 5e-6);
}

TEST(MeanSequence, HalfWidthAndEvidenceAreInverse) {
  const MeanEstimate e{5, 0.3, 80};
  const double width = half_width(e, std::log(1 / 0.003));
  EXPECT_NEAR(log_evidence_mean_above(e, 5 - width), std::log(1 / 0.003), 1e-9);
  EXPECT_LT(log_evidence_mean_above(e, 5), -1e300);
}

TEST(MeanSequence, IsAboutHalfWiderThanOneLookAtItsTunedSize) {
  const MeanEstimate e{0, 1, 200};
  const double ratio = half_width(e, std::log(1 / 0.01)) / 2.326;
  EXPECT_GT(ratio, 1.2);
  EXPECT_LT(ratio, 1.6);
}

TEST(LogGamma, AgreesWithTheLibrary) {
  for (const double x : {1e-3, 0.1, 0.5, 1.0, 1.5, 2.0, 7.9, 8.0, 30.0, 1e3, 1e6, 1e9}) {
    const double expected = std::lgamma(x);
    EXPECT_NEAR(log_gamma(x), expected, 1e-13 * std::max(1.0, std::abs(expected))) << x;
  }
}

}  // namespace
}  // namespace haldane::analysis
