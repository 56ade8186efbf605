// Peak EWMA, step by step.
#include "models/balance/peak_ewma.h"

#include <cmath>

#include <gtest/gtest.h>

namespace haldane::models {
namespace {

SimTime at_ms(std::int64_t ms) {
  return SimTime::zero() + Duration::milliseconds(ms);
}

PeakEwma one() {
  return PeakEwma(Duration::seconds(10));
}

TEST(PeakEwma, CostsNothingBeforeItsFirstRequestAndMostDuringIt) {
  PeakEwma replica = one();
  EXPECT_EQ(replica.load(at_ms(0)), 0);
  replica.begin();
  EXPECT_EQ(replica.load(at_ms(1)), static_cast<double>(0x7fffffffffffffffLL >> 16) + 1);
}

TEST(PeakEwma, JumpsToPeaksAndMultipliesByLoad) {
  PeakEwma replica = one();
  replica.begin();
  replica.end(at_ms(100), Duration::milliseconds(100));
  EXPECT_EQ(replica.load(at_ms(100)), 100e6);
  replica.begin();
  replica.begin();
  EXPECT_EQ(replica.load(at_ms(100)), 300e6);
  replica.end(at_ms(100), Duration::milliseconds(700));
  EXPECT_EQ(replica.load(at_ms(100)), 2 * 700e6);
}

// After a time constant without news 1/e is left; a smaller latency takes the rest of the weight.
TEST(PeakEwma, DecaysWithItsTimeConstant) {
  PeakEwma quiet = one();
  quiet.begin();
  quiet.end(at_ms(0), Duration::milliseconds(100));
  EXPECT_NEAR(quiet.load(at_ms(10'000)), 100e6 * std::exp(-1.0), 1);
  PeakEwma asked = one();
  asked.begin();
  asked.end(at_ms(0), Duration::milliseconds(100));
  asked.begin();
  asked.end(at_ms(5'000), Duration::milliseconds(20));
  const double kept = std::exp(-0.5);
  EXPECT_NEAR(asked.cost_ns(), 100e6 * kept + 20e6 * (1 - kept), 1);
  EXPECT_EQ(asked.pending(), 0U);
}

}  // namespace
}  // namespace haldane::models
