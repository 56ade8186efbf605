#include "models/balance/slow_start_weight.h"

#include <string>

#include <gtest/gtest.h>

#include "models/balance/weighted_least_requests.h"

namespace haldane::models {
namespace {

constexpr Duration ms(std::int64_t count) {
  return Duration::milliseconds(count);
}

TEST(SlowStartWeight, GrowsInAStraightLineFromItsLeast) {
  const SlowStartWeight rule{Duration::seconds(60)};
  EXPECT_EQ(rule.factor_at(ms(0)), 0.1);
  EXPECT_EQ(rule.factor_at(ms(6'000)), 0.1);
  EXPECT_EQ(rule.factor_at(ms(15'000)), 0.25);
  EXPECT_EQ(rule.factor_at(ms(30'000)), 0.5);
  EXPECT_EQ(rule.factor_at(ms(59'999)), 59'999 / 60'000.0);
  EXPECT_EQ(rule.factor_at(ms(60'000)), 1);
  EXPECT_EQ(rule.factor_at(Duration::seconds(86'400)), 1);
}

TEST(SlowStartWeight, AggressionBendsTheLine) {
  const SlowStartWeight early{Duration::seconds(40), 2, 0.01};
  EXPECT_NEAR(early.factor_at(ms(10'000)), 0.5, 1e-14);
  EXPECT_NEAR(early.factor_at(ms(2'500)), 0.25, 1e-14);
  const SlowStartWeight late{Duration::seconds(40), 0.5, 0.01};
  EXPECT_NEAR(late.factor_at(ms(20'000)), 0.25, 1e-14);
  EXPECT_EQ(late.factor_at(ms(3'999)), 0.01) << "(0.1)^2 would be no less";
}

// Envoy counts whole milliseconds, and at least one.
TEST(SlowStartWeight, CountsWholeMilliseconds) {
  const SlowStartWeight rule{ms(4), 1, 0.001};
  EXPECT_EQ(rule.factor_at(Duration{}), 0.25);
  EXPECT_EQ(rule.factor_at(Duration::microseconds(1'999)), 0.25);
  EXPECT_EQ(rule.factor_at(Duration::microseconds(2'000)), 0.5);
  EXPECT_EQ(rule.factor_at(Duration::microseconds(3'999)), 0.75);
  EXPECT_EQ(rule.factor_at(ms(4)), 1);
  EXPECT_TRUE(rule.is_young(Duration::microseconds(4'999)));
  EXPECT_FALSE(rule.is_young(ms(5)));
}

TEST(SlowStartWeight, NeverShrinksWithAgeAndStaysWithinItsBounds) {
  for (const double aggression : {0.01, 0.3, 1.0, 1.7, 100.0}) {
    for (const double least : {0.001, 0.1, 1.0}) {
      for (const std::int64_t window : {1, 7, 1'000, 86'400'000}) {
        const SlowStartWeight rule{ms(window), aggression, least};
        double before = 0;
        for (std::int64_t i = 0; i <= 50; ++i) {
          const double now = rule.factor_at(ms(window * i / 50));
          EXPECT_GE(now, before);
          EXPECT_GE(now, least);
          EXPECT_LE(now, 1);
          before = now;
        }
        EXPECT_EQ(before, 1);
      }
    }
  }
}

// a is grown up; b weighs a quarter, and from its second turn on all.
TEST(SlowStartWeight, CountsWhenATurnIsTaken) {
  const SlowStartWeight rule{Duration::seconds(8), 1, 0.01};
  Duration age = Duration::seconds(2);
  const auto weight = [&](std::uint32_t r) { return r == 0 ? 1.0 : rule.factor_at(age); };
  const auto idle = [](std::uint32_t) { return std::uint64_t{0}; };
  WeightedLeastRequests turns(0);
  const std::uint32_t both[] = {0, 1};
  turns.build(both, weight, idle);
  std::string taken;
  const auto take = [&](int count) {
    for (; count > 0; --count) taken += static_cast<char>('a' + turns.pick(weight, idle));
  };
  take(4);
  age = Duration::seconds(9);
  take(9);  // b's next turn was set to 8 when it weighed a quarter; then one by one
  EXPECT_EQ(taken, "aaabaaaababab");
}

}  // namespace
}  // namespace haldane::models
