#include "models/clients/latency_percentile.h"

#include <utility>
#include <vector>

#include <gtest/gtest.h>

namespace haldane::models {
namespace {

constexpr Duration window = Duration::seconds(30);

SimTime at_s(std::int64_t s) {
  return SimTime::zero() + Duration::seconds(s);
}
Duration us(std::int64_t count) {
  return Duration::microseconds(count);
}

double us_at(LatencyPercentile& latencies, SimTime now) {
  const std::optional<Duration> value = latencies.at(now);
  EXPECT_TRUE(value.has_value());
  return value ? static_cast<double>(value->count_ns()) * 1e-3 : -1;
}

TEST(LatencyPercentile, IsTheSmallestThatTheShareDoesNotExceed) {
  for (const auto& [percentile, expected] :
       std::vector<std::pair<double, double>>{{0.95, 95}, {0.951, 96}, {0.005, 1}, {0.999, 100}}) {
    LatencyPercentile latencies(percentile, window);
    for (std::int64_t value = 100; value >= 1; --value) latencies.add(at_s(1), us(value));
    EXPECT_NEAR(us_at(latencies, at_s(10)), expected, 0.002 * expected) << percentile;
  }
}

// Three whole spans of 10 s: the one under way does not count, and the fourth last no more.
TEST(LatencyPercentile, IsOfTheLastWholeSpans) {
  LatencyPercentile latencies(0.5, window);
  EXPECT_FALSE(latencies.at(at_s(0)).has_value());
  for (int i = 0; i < 100; ++i) latencies.add(at_s(1), us(100));
  EXPECT_FALSE(latencies.at(at_s(9)).has_value());
  for (int i = 0; i < 1'000; ++i) latencies.add(at_s(11), us(900));
  EXPECT_NEAR(us_at(latencies, at_s(19)), 100, 0.2);
  EXPECT_NEAR(us_at(latencies, at_s(20)), 900, 1.8);
  latencies.add(at_s(35), us(20));
  EXPECT_NEAR(us_at(latencies, at_s(49)), 900, 1.8);
  EXPECT_NEAR(us_at(latencies, at_s(50)), 20, 0.04);
  EXPECT_NEAR(us_at(latencies, at_s(69)), 20, 0.04);
  EXPECT_FALSE(latencies.at(at_s(70)).has_value());
}

TEST(LatencyPercentile, ForgetsEverythingInALongSilence) {
  LatencyPercentile latencies(0.5, window);
  latencies.add(at_s(1), us(100));
  EXPECT_FALSE(latencies.at(at_s(100'003)).has_value());
  latencies.add(at_s(100'009), us(7));
  EXPECT_FALSE(latencies.at(at_s(100'009)).has_value());
  EXPECT_NEAR(us_at(latencies, at_s(100'010)), 7, 0.014);
}

}  // namespace
}  // namespace haldane::models
