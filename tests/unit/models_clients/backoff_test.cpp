// Pauses between attempts: their bounds, and their means where the law is known.
#include "models/clients/backoff.h"

#include <algorithm>
#include <cmath>

#include <gtest/gtest.h>

#include "sim/random/philox.h"

namespace haldane::models {
namespace {

using Jitter = BackoffSpec::Jitter;

Backoff backoff(Jitter jitter, double factor = 2) {
  return Backoff({Duration::milliseconds(100), factor, Duration::seconds(10), jitter});
}

struct Sample {
  double low = 1e300;
  double high = 0;
  double mean = 0;
};

/// Of so many pauses after the `failures`-th failure. **Units** s.
Sample sample(const Backoff& b, std::uint32_t failures, int count = 20'000) {
  const sim::StreamKey key(1, 0, 0, sim::Purpose::test);
  Sample s;
  for (int i = 0; i < count; ++i) {
    const auto words = sim::draw(key, static_cast<std::uint64_t>(i), failures);
    const double pause = b.pause(failures, words.first, words.second).as_seconds();
    s.low = std::min(s.low, pause);
    s.high = std::max(s.high, pause);
    s.mean += pause / count;
  }
  return s;
}

TEST(Backoff, GrowsUpToItsCap) {
  const Backoff b = backoff(Jitter::none);
  EXPECT_EQ(b.pause(1, 7), Duration::milliseconds(100));
  EXPECT_EQ(b.pause(2, 7), Duration::milliseconds(200));
  EXPECT_EQ(b.pause(5, 7), Duration::milliseconds(1'600));
  EXPECT_EQ(b.pause(8, 7), Duration::seconds(10));
  EXPECT_EQ(b.pause(255, 7), Duration::seconds(10));
}

// AWS: full jitter is uniform below the pause, equal jitter in its upper half.
TEST(Backoff, FullAndEqualJitterHaveTheirBoundsAndMeans) {
  for (std::uint32_t n = 1; n <= 4; ++n) {
    const double v = 0.1 * std::pow(2, n - 1);
    const Sample full = sample(backoff(Jitter::full), n);
    EXPECT_LT(full.low, 0.01 * v);
    EXPECT_LE(full.high, v);
    EXPECT_NEAR(full.mean, v / 2, 0.02 * v);
    const Sample equal = sample(backoff(Jitter::equal), n);
    EXPECT_GE(equal.low, v / 2 - 1e-9);
    EXPECT_LE(equal.high, v);
    EXPECT_NEAR(equal.mean, 0.75 * v, 0.01 * v);
  }
}

// gRPC proposal A6: 0.1 s, maximum 1 s, times 2.
TEST(Backoff, ProportionalJitterHasTheRangesOfGrpc) {
  const Backoff b({Duration::milliseconds(100), 2, Duration::seconds(1), Jitter::proportional});
  const double ranges[][2] = {{0.08, 0.12}, {0.16, 0.24}, {0.32, 0.48}, {0.64, 0.96}, {0.8, 1.2}};
  for (std::uint32_t n = 1; n <= 5; ++n) {
    const Sample s = sample(b, n);
    const double width = ranges[n - 1][1] - ranges[n - 1][0];
    EXPECT_GE(s.low, ranges[n - 1][0] - 1e-9);
    EXPECT_LT(s.low, ranges[n - 1][0] + 0.01 * width);
    EXPECT_LE(s.high, ranges[n - 1][1] + 1e-9);
    EXPECT_GT(s.high, ranges[n - 1][1] - 0.01 * width);
  }
}

// The first pause is U(base, 3 base), the second's mean is (base + 3 * 2 base) / 2.
TEST(Backoff, DecorrelatedJitterStartsFromTheBase) {
  const Backoff b = backoff(Jitter::decorrelated, 1);
  const Sample first = sample(b, 1);
  EXPECT_GE(first.low, 0.1 - 1e-9);
  EXPECT_LE(first.high, 0.3);
  EXPECT_NEAR(first.mean, 0.2, 0.002);
  EXPECT_NEAR(sample(b, 2).mean, 0.35, 0.005);
  EXPECT_LE(sample(b, 100, 100).high, 10);
}

TEST(Backoff, DecorrelatedPausesOfARequestFollowFromEachOther) {
  const Backoff b = backoff(Jitter::decorrelated, 1);
  for (std::uint64_t request = 1; request <= 1'000; ++request) {
    double before = 0.1;
    for (std::uint32_t n = 1; n <= 6; ++n) {
      const double pause = b.pause(n, 0, request * 0x1234567).as_seconds();
      ASSERT_GE(pause, 0.1 - 1e-9);
      ASSERT_LE(pause, std::min(10.0, 3 * before) + 1e-9);
      before = pause;
    }
  }
}

}  // namespace
}  // namespace haldane::models
