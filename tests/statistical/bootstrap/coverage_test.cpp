// How often bootstrap bounds hold: BCa of skewed samples, blocks of correlated series.
#include <algorithm>
#include <cmath>
#include <cstdint>
#include <random>
#include <vector>

#include <fmt/format.h>
#include <gtest/gtest.h>

#include "analysis/compare/bootstrap.h"

namespace haldane::analysis {
namespace {

constexpr int runs = 1000;
constexpr std::size_t resamples = 1999;
constexpr double error = 0.05;  // of each side

struct Misses {
  int low = 0;
  int high = 0;
};

// `arms` gives the two arms of a run, whose true contrast is `truth`.
template <class Arms>
Misses count(const char* name, double truth, const Arms& arms) {
  Misses misses;
  for (int run = 0; run < runs; ++run) {
    std::mt19937_64 random(static_cast<std::uint64_t>(4'000'000 + run));
    const auto [drawn, baseline, canary] = arms(random);
    BootstrapArms asked = drawn;
    asked.baseline = baseline;
    asked.canary = canary;
    const Bootstrap law(asked, resamples, static_cast<std::uint64_t>(run));
    misses.low += law.low(error) > truth ? 1 : 0;
    misses.high += law.high(error) < truth ? 1 : 0;
  }
  fmt::print("{}: {} of {} lower and {} upper bounds of 5 % missed\n", name, misses.low, runs,
             misses.high);
  return misses;
}

struct Drawn {
  BootstrapArms how;
  std::vector<double> baseline;
  std::vector<double> canary;
};

template <class Law>
std::vector<double> sample(std::size_t n, std::mt19937_64& random, Law law) {
  std::vector<double> values(n);
  for (double& v : values) v = law(random);
  return values;
}

std::vector<double> ar1(std::size_t n, double phi, std::mt19937_64& random) {
  std::normal_distribution<double> noise(0, 1);
  std::vector<double> values(n);
  double state = noise(random);
  for (double& v : values) {
    v = 10 + state;
    state = phi * state + std::sqrt(1 - phi * phi) * noise(random);
  }
  return values;
}

// Three binomial standard deviations about 5 % are 2.1 %: what is promised lies within.
void expect_near_five_percent(const Misses& misses) {
  EXPECT_NEAR(misses.low, 50, 25);
  EXPECT_NEAR(misses.high, 50, 25);
}

TEST(BootstrapCoverage, RatioOfMeansOfExponentials) {
  expect_near_five_percent(count("exponential, 40 an arm", 0.5, [](std::mt19937_64& random) {
    using Law = std::exponential_distribution<double>;
    return Drawn{{}, sample(40, random, Law(1)), sample(40, random, Law(1 / 1.5))};
  }));
}

Drawn lognormals(std::size_t baseline, std::size_t canary, std::mt19937_64& random) {
  using Law = std::lognormal_distribution<double>;
  Drawn drawn{{}, sample(baseline, random, Law(0, 0.6)), sample(canary, random, Law(0, 0.6))};
  drawn.how.relative = false;
  return drawn;
}

TEST(BootstrapCoverage, DifferenceOfMeansOfLognormals) {
  expect_near_five_percent(count("lognormal, 300 and 200", 0, [](std::mt19937_64& random) {
    return lognormals(300, 200, random);
  }));
  // Few values of a skewed law do not show its tail: bounds fail half as often again.
  const Misses few = count("lognormal, 100 and 60", 0,
                           [](std::mt19937_64& random) { return lognormals(100, 60, random); });
  EXPECT_LT(few.low, 100);
  EXPECT_LT(few.high, 100);
}

Drawn series(std::size_t n, double phi, bool paired, std::mt19937_64& random) {
  Drawn drawn{{}, ar1(n, phi, random), ar1(n, phi, random)};
  drawn.how.block = block_length(phi, n);
  drawn.how.correlation = phi;
  drawn.how.paired = paired;
  return drawn;
}

TEST(BootstrapCoverage, BlocksOfSeries) {
  expect_near_five_percent(count("AR(1) with 0.5, 300 pairs", 0, [](std::mt19937_64& random) {
    return series(300, 0.5, true, random);
  }));
  expect_near_five_percent(count("AR(1) with 0.5, 300 points", 0, [](std::mt19937_64& random) {
    return series(300, 0.5, false, random);
  }));
  expect_near_five_percent(count("AR(1) with 0.9, 1,500 pairs", 0, [](std::mt19937_64& random) {
    return series(1500, 0.9, true, random);
  }));
}

// What blocks are for: without them a bound of 5 % fails far more often.
TEST(BootstrapCoverage, SingleValuesOfASeriesAreTooSure) {
  const Misses misses = count("AR(1) with 0.9, single points", 0, [](std::mt19937_64& random) {
    Drawn drawn = series(300, 0.9, true, random);
    drawn.how.block = 1;
    return drawn;
  });
  EXPECT_GT(misses.low, 200);
}

}  // namespace
}  // namespace haldane::analysis
