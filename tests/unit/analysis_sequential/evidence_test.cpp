// Properties that make the evidence what it claims to be: an average of likelihood ratios whose
// expectation under the null is one, monotone, symmetric, and finite everywhere.
#include <cmath>

#include <gtest/gtest.h>

#include "analysis/sequential/bernoulli_evidence.h"
#include "analysis/sequential/log_gamma.h"
#include "analysis/sequential/poisson_evidence.h"

namespace haldane::analysis {
namespace {

double log_binomial(double k, double n, double p) {
  return log_gamma(n + 1) - log_gamma(k + 1) - log_gamma(n - k + 1) + k * std::log(p) +
         (n - k) * std::log1p(-p);
}

TEST(BernoulliEvidence, ExpectationIsOneUnderTheNull) {
  for (const double p : {0.01, 0.3, 0.5, 0.99}) {
    const auto evidence = BernoulliEvidence::with_strength(p, 5);
    double greater = 0;
    double less = 0;
    double either = 0;
    for (int k = 0; k <= 200; ++k) {
      const double log_mass = log_binomial(k, 200, p);
      greater += std::exp(log_mass + evidence.log_e_greater(k, 200));
      less += std::exp(log_mass + evidence.log_e_less(k, 200));
      either += std::exp(log_mass + evidence.log_e_either(k, 200));
    }
    EXPECT_NEAR(greater, 1, 1e-9) << p;
    EXPECT_NEAR(less, 1, 1e-9) << p;
    EXPECT_NEAR(either, 1, 1e-9) << p;
  }
}

TEST(BernoulliEvidence, ExpectationStaysBelowOneInsideTheNull) {
  const auto evidence = BernoulliEvidence::with_strength(0.3, 5);
  double greater = 0;
  for (int k = 0; k <= 200; ++k) {
    greater += std::exp(log_binomial(k, 200, 0.25) + evidence.log_e_greater(k, 200));
  }
  EXPECT_LT(greater, 1);
}

TEST(BernoulliEvidence, RisesWithTheCountAndStaysFiniteFarOnTheWrongSide) {
  const auto evidence = BernoulliEvidence::with_strength(0.5, 5);
  double previous = -1e300;
  for (int k = 0; k <= 100'000; k += 500) {
    const double log_e = evidence.log_e_greater(k, 100'000);
    EXPECT_TRUE(std::isfinite(log_e)) << k;
    EXPECT_GE(log_e, previous - 1e-6) << k;
    previous = log_e;
  }
}

TEST(BernoulliEvidence, SidesMirrorEachOther) {
  const BernoulliEvidence at_p(0.2, 40);
  const BernoulliEvidence at_q(0.8, 40);
  EXPECT_NEAR(at_p.log_e_greater(30, 100), at_q.log_e_less(70, 100), 1e-10);
}

TEST(PoissonEvidence, ExpectationIsOneUnderTheNull) {
  constexpr double rate = 0.02;
  constexpr double exposure = 700;
  const PoissonEvidence evidence(rate, 2.5);
  double greater = 0;
  double less = 0;
  for (int k = 0; k < 200; ++k) {
    const double log_mass = k * std::log(rate * exposure) - rate * exposure - log_gamma(k + 1.0);
    greater += std::exp(log_mass + evidence.log_e_greater(k, exposure));
    less += std::exp(log_mass + evidence.log_e_less(k, exposure));
  }
  EXPECT_NEAR(greater, 1, 1e-9);
  EXPECT_NEAR(less, 1, 1e-9);
}

TEST(PoissonEvidence, UnitOfExposureCancels) {
  const PoissonEvidence per_request(0.02, 2.5);
  const PoissonEvidence per_million(0.02e6, 2.5);
  EXPECT_NEAR(per_request.log_e_greater(30, 700), per_million.log_e_greater(30, 700e-6), 1e-9);
}

}  // namespace
}  // namespace haldane::analysis
