#include "sim/random/distribution.h"

#include <algorithm>
#include <cmath>
#include <functional>
#include <string>
#include <vector>

#include <boost/math/distributions/exponential.hpp>
#include <boost/math/distributions/gamma.hpp>
#include <boost/math/distributions/hyperexponential.hpp>
#include <boost/math/distributions/lognormal.hpp>
#include <boost/math/distributions/pareto.hpp>
#include <boost/math/distributions/weibull.hpp>
#include <gtest/gtest.h>

#include "sim/random/alias_table.h"
#include "sim/random/philox.h"

namespace haldane::sim {
namespace {

const StreamKey key(20261121, 0, 0, Purpose::test);

struct LawCase {
  std::string name;
  Distribution law;
  std::function<double(double)> cdf;
  double mean;
};

std::vector<LawCase> laws() {
  namespace bm = boost::math;
  const auto lift = [](auto distribution) {
    return [distribution](double x) { return cdf(distribution, x); };
  };
  const std::vector<double> means = {1, 10};
  const std::vector<double> weights = {0.9, 0.1};
  const std::vector<double> rates = {1, 0.1};
  return {
      {"exponential", Distribution::exponential(3), lift(bm::exponential(1.0 / 3)), 3},
      {"lognormal", Distribution::lognormal(5, 0.6), lift(bm::lognormal(std::log(5), 0.6)),
       5 * std::exp(0.18)},
      {"gamma 2.5", Distribution::gamma(4, 2.5), lift(bm::gamma_distribution<>(2.5, 1.6)), 4},
      {"gamma 0.3", Distribution::gamma(1, 0.3), lift(bm::gamma_distribution<>(0.3, 1 / 0.3)), 1},
      {"erlang 4", Distribution::erlang(2, 4), lift(bm::gamma_distribution<>(4, 0.5)), 2},
      {"hyperexponential", Distribution::hyperexponential(means, weights),
       lift(bm::hyperexponential(weights, rates)), 1.9},
      {"uniform", Distribution::uniform(2, 6),
       [](double x) { return std::clamp((x - 2) / 4, 0.0, 1.0); }, 4},
      {"weibull", Distribution::weibull(2, 0.7), lift(bm::weibull(0.7, 2)),
       2 * std::tgamma(1 + 1 / 0.7)},
      {"pareto", Distribution::pareto(1, 2.5), lift(bm::pareto(1, 2.5)), 2.5 / 1.5},
  };
}

// Kolmogorov's statistic of 100,000 draws: above 1.95 / sqrt(n) with probability 1e-3 for a true
// law; seeds are fixed.
TEST(Distribution, SamplesFollowTheirLaw) {
  constexpr std::size_t n = 100'000;
  for (const LawCase& c : laws()) {
    std::vector<double> draws;
    for (std::uint64_t i = 0; i < n; ++i) draws.push_back(c.law.sample(draw(key, i).first));
    std::sort(draws.begin(), draws.end());
    double distance = 0;
    for (std::size_t i = 0; i < n; ++i) {
      const double f = c.cdf(draws[i]);
      distance =
          std::max({distance, f - static_cast<double>(i) / n, static_cast<double>(i + 1) / n - f});
    }
    EXPECT_LT(distance, 1.95 / std::sqrt(n)) << c.name;
    EXPECT_NEAR(c.law.mean(), c.mean, 1e-12 * c.mean) << c.name;
  }
}

// A quantile table is exact if the law's distribution function of a sample gives back the
// probability it was made from.
TEST(Distribution, SamplesInvertTheDistributionFunctionIntoTheTails) {
  for (const LawCase& c : laws()) {
    for (int exponent = 1; exponent <= 40; ++exponent) {
      for (const std::uint64_t half : {0ULL, 1ULL}) {
        const std::uint64_t rest = 0x5b5a1c39e7f21d37ULL >> (exponent - 1);
        const std::uint64_t word = (half << 63) | rest;
        const double p = static_cast<double>(2 * rest + 1) * 0x1p-65;
        const double f = c.cdf(c.law.sample(word));
        const double reached = half == 1 ? 1 - f : f;
        // 1 - f loses digits that only the test needs; 1e-13 covers that loss.
        EXPECT_NEAR(reached, p, 2e-6 * p + 1e-13)
            << c.name << " 2^-" << exponent << " half " << half;
      }
    }
  }
}

TEST(Distribution, AConstantIsTheSameForEveryWord) {
  const Distribution law = Distribution::constant(250);
  for (std::uint64_t i = 0; i < 1000; ++i) EXPECT_EQ(law.sample(draw(key, i).first), 250);
  EXPECT_EQ(law.sample_duration(0), Duration::nanoseconds(250));
  EXPECT_EQ(Distribution{}.sample(12345), 0);
}

TEST(Distribution, EmpiricalDrawsEverySampleEquallyOften) {
  const std::vector<double> samples = {1, 2, 2, 7};
  const Distribution law = Distribution::empirical(samples);
  EXPECT_EQ(law.mean(), 3);
  int twos = 0;
  constexpr int n = 40'000;
  for (int i = 0; i < n; ++i)
    twos += law.sample(draw(key, static_cast<std::uint64_t>(i)).first) == 2 ? 1 : 0;
  EXPECT_NEAR(twos, n / 2, 5 * std::sqrt(n / 4));
}

TEST(Distribution, ScalingMultipliesEverySample) {
  for (const LawCase& c : laws()) {
    const Distribution twice = c.law.scaled(2);
    for (std::uint64_t i = 0; i < 1000; ++i) {
      const std::uint64_t word = draw(key, i).first;
      EXPECT_DOUBLE_EQ(twice.sample(word), 2 * c.law.sample(word)) << c.name;
    }
    EXPECT_DOUBLE_EQ(twice.mean(), 2 * c.law.mean());
  }
}

TEST(Distribution, ExtremeWordsGiveFiniteOrderedValues) {
  for (const LawCase& c : laws()) {
    const double least = c.law.sample(0);
    const double median_low = c.law.sample(0x7fffffffffffffffULL);
    const double median_high = c.law.sample(0xffffffffffffffffULL);
    const double most = c.law.sample(0x8000000000000000ULL);
    EXPECT_GE(least, 0) << c.name;
    EXPECT_LE(least, median_low) << c.name;
    EXPECT_NEAR(median_low, median_high, 1e-6 * median_high) << c.name;
    EXPECT_LE(median_high, most) << c.name;
    EXPECT_TRUE(std::isfinite(most)) << c.name;
  }
}

// Chi-square over 100 ranks with 99 degrees of freedom: 148.2 is its 99.9 % point.
TEST(AliasTable, ZipfRanksAreDrawnInProportion) {
  const AliasTable table = AliasTable::zipf(100, 0.9);
  double total = 0;
  for (int k = 1; k <= 100; ++k) total += std::pow(k, -0.9);
  std::vector<double> counts(100);
  constexpr int n = 1'000'000;
  for (int i = 0; i < n; ++i)
    ++counts[table.sample(draw(key, static_cast<std::uint64_t>(i)).first)];
  double chi_square = 0;
  for (int k = 1; k <= 100; ++k) {
    const double expected = n * std::pow(k, -0.9) / total;
    chi_square += std::pow(counts[static_cast<std::size_t>(k - 1)] - expected, 2) / expected;
  }
  EXPECT_LT(chi_square, 148.2);
}

TEST(AliasTable, OneOutcomeIsAlwaysDrawn) {
  const AliasTable table = AliasTable::zipf(1, 0.9);
  EXPECT_EQ(table.sample(0), 0U);
  EXPECT_EQ(table.sample(~std::uint64_t{0}), 0U);
}

TEST(AliasTable, OutcomesWithoutWeightAreNeverDrawn) {
  const std::vector<double> weights = {0, 1, 0, 3, 0};
  const AliasTable table(weights);
  int threes = 0;
  for (std::uint64_t i = 0; i < 100'000; ++i) {
    const std::uint32_t outcome = table.sample(draw(key, i).first);
    ASSERT_TRUE(outcome == 1 || outcome == 3) << outcome;
    threes += outcome == 3 ? 1 : 0;
  }
  EXPECT_NEAR(threes, 75'000, 5 * std::sqrt(100'000 * 0.1875));
}

}  // namespace
}  // namespace haldane::sim
