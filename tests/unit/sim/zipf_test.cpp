#include "sim/random/zipf.h"

#include <cmath>
#include <cstdint>
#include <vector>

#include <gtest/gtest.h>

#include "sim/random/philox.h"

namespace haldane::sim {
namespace {

constexpr StreamKey key(1, 0, 0, Purpose::test);

// The share of words that draw rank `k` or above. Above the head the rank never falls as the word
// rises, so bisection finds where it begins.
double mass_from(const ZipfSampler& law, std::uint32_t k) {
  std::uint64_t low = 0;
  std::uint64_t high = ~std::uint64_t{0};
  while (low < high) {
    const std::uint64_t middle = low + (high - low) / 2;
    // Words of the head draw ranks below 4,096.
    if (law.sample(middle) >= k) {
      high = middle;
    } else {
      low = middle + 1;
    }
  }
  return static_cast<double>(~std::uint64_t{0} - low) * 0x1p-64;
}

TEST(ZipfSampler, RanksAboveTheHeadHaveTheirProbability) {
  struct Case {
    double exponent;
    std::uint32_t count;
  };
  for (const Case& c : {Case{0.9, 1'000'000}, Case{0.6, 200'000}, Case{1.0, 1'000'000},
                        Case{1.2, 50'000}, Case{0, 100'000}}) {
    const ZipfSampler law(c.count, c.exponent);
    std::vector<double> tail(c.count + 1);
    for (std::uint32_t k = c.count; k-- > 0;)
      tail[k] = tail[k + 1] + std::pow(k + 1.0, -c.exponent);
    for (std::uint32_t k = 5'000; k + 1 < c.count; k += 1 + k / 3) {
      const double above = mass_from(law, k);
      const double expected = std::pow(k + 1.0, -c.exponent) / tail[0];
      EXPECT_NEAR(above * tail[0] / tail[k], 1, 1e-6) << c.exponent << " rank " << k;
      EXPECT_NEAR((above - mass_from(law, k + 1)) / expected, 1, 1e-5)
          << c.exponent << " rank " << k;
    }
  }
}

// Chi-square over 200 groups of ranks, equally likely for the law: 199 degrees of freedom, 99.9 %
// point 267.5.
TEST(ZipfSampler, AllRanksAreDrawnInProportion) {
  for (const std::uint32_t count : {1'000U, 20'000U, 300'000U}) {
    for (const double exponent : {0.0, 0.9, 1.2, 2.0}) {
      std::vector<double> cumulated(count + 1);
      for (std::uint32_t k = 0; k < count; ++k)
        cumulated[k + 1] = cumulated[k] + std::pow(k + 1.0, -exponent);
      constexpr std::size_t groups = 200;
      std::vector<double> expected(groups);
      std::vector<double> counts(groups);
      const auto group = [&](std::uint32_t k) {
        const double middle = (cumulated[k] + cumulated[k + 1]) / (2 * cumulated[count]);
        return static_cast<std::size_t>(middle * groups);
      };
      constexpr int n = 400'000;
      for (std::uint32_t k = 0; k < count; ++k)
        expected[group(k)] += n * (cumulated[k + 1] - cumulated[k]) / cumulated[count];
      const ZipfSampler law(count, exponent);
      for (std::uint64_t i = 0; i < n; ++i) ++counts[group(law.sample(draw(key, i).first))];
      double chi_square = 0;
      for (std::size_t g = 0; g < groups; ++g) {
        if (expected[g] > 0) chi_square += std::pow(counts[g] - expected[g], 2) / expected[g];
      }
      EXPECT_LT(chi_square, 267.5) << count << " ranks, exponent " << exponent;
    }
  }
}

TEST(ZipfSampler, BlocksHoldTheSameRanksAsSingleDraws) {
  const ZipfSampler law(1'000'000, 0.9);
  std::vector<std::uint64_t> words(1000);
  for (std::size_t i = 0; i < words.size(); ++i) words[i] = draw(key, i).second;
  words[0] = 0;
  words[1] = ~std::uint64_t{0};
  std::vector<std::uint32_t> ranks(words.size());
  law.sample_block(words, ranks);
  for (std::size_t i = 0; i < words.size(); ++i) EXPECT_EQ(ranks[i], law.sample(words[i])) << i;
}

TEST(ZipfSampler, EveryWordGivesARankInRange) {
  for (const std::uint32_t count : {1U, 2U, 4'096U, 8'192U, 8'193U, 4'000'000'000U}) {
    const ZipfSampler law(count, 0.9);
    for (std::uint64_t i = 0; i < 1'000; ++i) EXPECT_LT(law.sample(draw(key, i).first), count);
    EXPECT_LT(law.sample(0), count);
    EXPECT_LT(law.sample(~std::uint64_t{0}), count);
  }
}

}  // namespace
}  // namespace haldane::sim
