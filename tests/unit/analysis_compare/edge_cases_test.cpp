// What the golden tables do not hold: degenerate samples, symmetry, units, and size.
#include <algorithm>
#include <array>
#include <cmath>
#include <functional>
#include <limits>
#include <random>

#include <gtest/gtest.h>

#include "analysis/compare/bootstrap.h"
#include "analysis/compare/fisher_exact.h"
#include "analysis/compare/hodges_lehmann.h"
#include "analysis/compare/kolmogorov_smirnov.h"
#include "analysis/compare/mann_whitney.h"
#include "analysis/compare/poisson_rates.h"
#include "analysis/compare/sort_values.h"
#include "analysis/compare/two_proportion.h"
#include "analysis/compare/welch.h"

namespace haldane::analysis {
namespace {

std::vector<double> lognormal(std::size_t n, double median, unsigned seed) {
  std::mt19937_64 random(seed);
  std::lognormal_distribution<double> law(std::log(median), 0.6);
  std::vector<double> values(n);
  for (double& v : values) v = law(random);
  sort_values(values);
  return values;
}

TEST(SortValues, AgreesWithTheLibraryOnSignsZerosInfinitiesAndSubnormals) {
  std::mt19937_64 random(7);
  std::normal_distribution<double> law(0, 1e3);
  std::vector<double> values(10'000);
  for (double& v : values) v = law(random);
  values[5] = 0.0;
  values[17] = std::numeric_limits<double>::infinity();
  values[18] = -std::numeric_limits<double>::infinity();
  values[19] = std::numeric_limits<double>::denorm_min();
  std::vector<double> expected = values;
  std::sort(expected.begin(), expected.end());
  sort_values(values);
  EXPECT_EQ(values, expected);
}

// One bucket for nearly all, buckets of one value, ranges of every width, and sorted input.
TEST(SortValues, SortsWhateverTheValuesCrowdAround) {
  std::mt19937_64 random(8);
  std::uniform_real_distribution<double> unit(0, 1);
  std::uniform_int_distribution<int> exponent(-1000, 1000);
  const auto laws = std::to_array<std::function<double(std::size_t)>>({
      [](std::size_t) { return 3.0; },
      [](std::size_t i) { return static_cast<double>(i); },
      [](std::size_t i) { return -static_cast<double>(i % 7); },
      [&](std::size_t i) { return i % 1000 == 0 ? 1e300 * unit(random) : unit(random); },
      [&](std::size_t) { return std::ldexp(unit(random), exponent(random)); },
      [&](std::size_t) { return 1 + 1e-15 * std::floor(9 * unit(random)); },
      [](std::size_t i) { return i % 2 == 0 ? 0.0 : -0.0; },
  });
  std::vector<double> scratch;
  for (std::size_t law = 0; law < laws.size(); ++law) {
    for (const std::size_t size : {2U, 255U, 256U, 3'000U, 70'000U}) {
      std::vector<double> values(size);
      for (std::size_t i = 0; i < size; ++i) values[i] = laws[law](i);
      std::vector<double> expected = values;
      std::sort(expected.begin(), expected.end());
      sort_values(values, scratch);
      EXPECT_EQ(values, expected) << "law " << law << ", " << size << " values";
      EXPECT_TRUE(std::is_sorted(values.begin(), values.end(), [](double a, double b) {
        return a == b && std::signbit(a) && !std::signbit(b);
      })) << "negative zeros come first";
    }
  }
}

// One of the 55 ways to choose 2 of 11 values puts both at the top.
TEST(KolmogorovSmirnov, TiesDoNotMakeOneDirectionImpossible) {
  const std::vector<double> x = {15, 40};
  const std::vector<double> y = {5, 10, 10, 10, 10, 10, 10, 10, 10};
  EXPECT_NEAR(kolmogorov_smirnov(x, y, Alternative::less).p_value, 1 / 55.0, 1e-15);
  EXPECT_NEAR(kolmogorov_smirnov(y, x, Alternative::greater).p_value, 1 / 55.0, 1e-15);
  EXPECT_EQ(kolmogorov_smirnov(x, y, Alternative::greater).p_value, 1);
}

TEST(MannWhitney, AllValuesEqualHasNoEvidenceAndNoInterval) {
  const std::vector<double> x(60, 2.0);
  const MannWhitney test = mann_whitney(x, x, Alternative::two_sided);
  EXPECT_TRUE(test.degenerate);
  EXPECT_EQ(test.p_value, 1);
  EXPECT_FALSE(hodges_lehmann(x, x, Alternative::two_sided, 0.95).has_value());
}

TEST(MannWhitney, SwappingTheSamplesSwapsTheAlternatives) {
  const auto x = lognormal(70, 21, 1);
  const auto y = lognormal(40, 20, 2);
  EXPECT_DOUBLE_EQ(mann_whitney(x, y, Alternative::less).p_value,
                   mann_whitney(y, x, Alternative::greater).p_value);
}

TEST(MannWhitney, ShiftIsTakenFromTheFirstSample) {
  const auto x = lognormal(200, 20, 3);
  std::vector<double> moved = x;
  for (double& v : moved) v += 4;
  EXPECT_NEAR(mann_whitney(moved, x, Alternative::two_sided, 4).p_value, 1, 1e-3);
}

TEST(HodgesLehmann, UnitsCancelFromNanoToGiga) {
  const auto x = lognormal(90, 22, 4);
  const auto y = lognormal(80, 20, 5);
  const auto reference = hodges_lehmann(x, y, Alternative::two_sided, 0.95);
  ASSERT_TRUE(reference.has_value());
  for (const double unit : {1e-9, 1e9}) {
    auto scaled_x = x;
    auto scaled_y = y;
    for (double& v : scaled_x) v *= unit;
    for (double& v : scaled_y) v *= unit;
    const auto scaled = hodges_lehmann(scaled_x, scaled_y, Alternative::two_sided, 0.95);
    ASSERT_TRUE(scaled.has_value());
    EXPECT_NEAR(scaled->low / unit, reference->low, 1e-9 * 22);
    EXPECT_NEAR(scaled->high / unit, reference->high, 1e-9 * 22);
  }
}

TEST(HodgesLehmann, LargeSamplesNeedNoPairwiseDifferences) {
  // 40 billion differences would not fit any memory; the answer is the known shift.
  auto x = lognormal(200'000, 20, 6);
  const auto y = lognormal(200'000, 20, 7);
  for (double& v : x) v += 3;
  const auto shift = hodges_lehmann(x, y, Alternative::two_sided, 0.95);
  ASSERT_TRUE(shift.has_value());
  EXPECT_NEAR(shift->estimate, 3, 0.1);
  EXPECT_LT(shift->low, shift->estimate);
  EXPECT_GT(shift->high, shift->estimate);
}

TEST(Welch, TooFewOrConstantValuesGiveNoAnswer) {
  const SampleMoments one = sample_moments(std::vector<double>{1.0});
  const SampleMoments constant = sample_moments(std::vector<double>{3.0, 3.0, 3.0});
  EXPECT_FALSE(welch(one, constant, Alternative::two_sided, 0, 0.95).has_value());
  EXPECT_FALSE(welch(constant, constant, Alternative::two_sided, 0, 0.95).has_value());
}

TEST(Welch, MomentsKeepTheirDigitsFarFromZero) {
  const SampleMoments m = sample_moments(std::vector<double>{1e9 + 1, 1e9 + 2, 1e9 + 3});
  EXPECT_DOUBLE_EQ(m.variance, 1);
}

TEST(KolmogorovSmirnov, IdenticalSamplesHaveNoDistance) {
  const auto x = lognormal(300, 20, 8);
  const KolmogorovSmirnov test = kolmogorov_smirnov(x, x, Alternative::two_sided);
  EXPECT_EQ(test.distance, 0);
  EXPECT_EQ(test.p_value, 1);
}

TEST(KolmogorovSmirnov, TinyExactProbabilitiesAreNotRoundedToZero) {
  std::vector<double> x(40);
  std::vector<double> y(40);
  for (std::size_t i = 0; i < 40; ++i) {
    x[i] = static_cast<double>(i);
    y[i] = static_cast<double>(i) + 100;
  }
  // Two of C(80, 40) orders separate the samples completely.
  EXPECT_NEAR(
      kolmogorov_smirnov(x, y, Alternative::two_sided).p_value / (2 / 1.0750720873333652e23), 1,
      1e-9);
}

TEST(TwoProportion, AllOrNoneAreEventsGivesNoAnswer) {
  EXPECT_FALSE(two_proportion({0, 10}, {0, 20}, Alternative::two_sided, false, 0.95).has_value());
  EXPECT_FALSE(two_proportion({5, 5}, {9, 9}, Alternative::two_sided, false, 0.95).has_value());
}

TEST(FisherExact, EmptyTableHasNoEvidence) {
  const FisherExact test = fisher_exact({0, 0, 0, 0}, Alternative::two_sided, 1, 0.95);
  EXPECT_EQ(test.p_value, 1);
  EXPECT_EQ(test.odds_ratio.low, 0);
  EXPECT_TRUE(std::isinf(test.odds_ratio.high));
}

TEST(PoissonRates, NoEventsAtAllSayNothing) {
  const PoissonRates test = poisson_rates({0, 10}, {0, 10}, Alternative::two_sided, 1, 0.95);
  EXPECT_EQ(test.p_value, 1);
  EXPECT_EQ(test.ratio.low, 0);
  EXPECT_TRUE(std::isinf(test.ratio.high));
}

TEST(PoissonRates, TwoSidedPValueIsQuickForMillionsOfEvents) {
  const PoissonRates test =
      poisson_rates({5'001'000, 1}, {5'000'000, 1}, Alternative::two_sided, 1, 0.95);
  EXPECT_NEAR(test.p_value, 0.7519, 0.001);  // z = 1000 / sqrt(10,001,000)
}

TEST(Bootstrap, SymmetricSampleHasThePercentilesOfItsMean) {
  std::vector<double> x(400);
  for (std::size_t i = 0; i < x.size(); ++i) x[i] = static_cast<double>(i % 20);
  const std::vector<double> y(50, 10.0);
  BootstrapArms arms{y, x};
  arms.relative = false;
  const Bootstrap law(arms, 9'999, 1);
  EXPECT_DOUBLE_EQ(law.estimate(), -0.5);
  // The mean of 400 values with variance 33.25 scatters by 0.2883.
  EXPECT_NEAR(law.low(0.05), -0.5 - 1.645 * 0.2883, 0.02);
  EXPECT_NEAR(law.high(0.05), -0.5 + 1.645 * 0.2883, 0.02);
}

TEST(Bootstrap, PValuesAreTheErrorsOfTheBounds) {
  const auto x = lognormal(60, 24, 11);
  const auto y = lognormal(80, 20, 12);
  const Bootstrap law({y, x}, 9'999, 1);
  for (const double error : {0.001, 0.01, 0.05, 0.3}) {
    EXPECT_NEAR(law.p_above(law.low(error)), error, 0.05 * error + 2e-4);
    EXPECT_NEAR(law.p_below(law.high(error)), error, 0.05 * error + 2e-4);
    EXPECT_LE(law.p_above(law.low(error) - 1e-9), error);
    EXPECT_GT(law.p_above(law.low(error)), error) << "a bound does not lie below itself";
  }
  EXPECT_EQ(law.low(1e-9), -std::numeric_limits<double>::infinity());
  EXPECT_EQ(law.high(1e-9), std::numeric_limits<double>::infinity());
  EXPECT_EQ(law.p_above(1e9), 1);
  EXPECT_EQ(law.p_below(-1e9), 1);
}

// Skewed to the right: the upper bound lies further away, and BCa moves both up.
TEST(Bootstrap, BoundsFollowTheSkew) {
  const auto x = lognormal(40, 20, 13);
  const std::vector<double> y(40, 20.0);
  const Bootstrap law({y, x}, 9'999, 1);
  EXPECT_GT(law.high(0.01) - law.estimate(), 1.1 * (law.estimate() - law.low(0.01)));
}

TEST(Bootstrap, BlocksAreLongWhereNeighboursAgreeAndNeverAboveAQuarter) {
  EXPECT_EQ(block_length(0, 1000), 1U);
  EXPECT_EQ(block_length(0.5, 1000), 14U);  // (1.633)^(2/3) * 10 = 13.87
  EXPECT_EQ(block_length(0.99, 100), 25U);
  EXPECT_EQ(block_length(0.9, 1), 1U);
}

}  // namespace
}  // namespace haldane::analysis
