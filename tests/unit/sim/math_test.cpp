#include "sim/base/math.h"

#include <cmath>
#include <limits>

#include <boost/math/special_functions/gamma.hpp>
#include <gtest/gtest.h>

#include "sim/random/philox.h"

namespace haldane {
namespace {

// The C library's functions are correct to 1 ulp, which makes them good judges (but
// machine-dependent tools).
TEST(Math, LogarithmAndExponentialAreWithinTwoUlp) {
  const sim::StreamKey key(1, 0, 0, sim::Purpose::test);
  for (std::uint64_t i = 0; i < 100'000; ++i) {
    const sim::RandomWords words = sim::draw(key, i);
    const double x = std::exp((sim::to_unit(words.first) - 0.5) * 1400);
    EXPECT_NEAR(math::log(x), std::log(x), std::abs(std::log(x)) * 4.5e-16 + 1e-300) << x;
    const double y = (sim::to_unit(words.second) - 0.5) * 1390;
    EXPECT_NEAR(math::exp(y) / std::exp(y), 1, 4.5e-16) << y;
  }
}

TEST(Math, LogarithmNearOneKeepsItsDigits) {
  for (const double d : {1e-15, -1e-15, 1e-9, -1e-9, 1e-3}) {
    const double x = 1 + d;
    EXPECT_NEAR(math::log(x) / std::log1p(x - 1), 1, 1e-15);
  }
  EXPECT_EQ(math::log(1), 0);
}

TEST(Math, OutsideItsDomainTheLogarithmIsNotANumber) {
  EXPECT_TRUE(std::isnan(math::log(0)));
  EXPECT_TRUE(std::isnan(math::log(-1)));
  EXPECT_TRUE(std::isnan(math::log(std::numeric_limits<double>::infinity())));
  EXPECT_TRUE(std::isnan(math::log(std::numeric_limits<double>::quiet_NaN())));
}

TEST(Math, SubnormalsHaveLogarithms) {
  const double x = std::numeric_limits<double>::denorm_min() * 12345;
  EXPECT_NEAR(math::log(x), std::log(x), 1e-12);
}

TEST(Math, LogGammaAgreesWithBoost) {
  for (double x = 0.05; x < 500; x *= 1.07) {
    const double expected = boost::math::lgamma(x);
    EXPECT_NEAR(math::log_gamma(x), expected, 2e-13 * std::max(1.0, std::abs(expected))) << x;
  }
}

}  // namespace
}  // namespace haldane
