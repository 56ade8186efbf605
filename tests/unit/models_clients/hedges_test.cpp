#include "models/clients/hedges.h"

#include <gtest/gtest.h>

namespace haldane::models {
namespace {

using Copy = Hedges::Copy;

SimTime at_ms(std::int64_t ms) {
  return SimTime::zero() + Duration::milliseconds(ms);
}

HedgeRules without_budget() {
  HedgeRules rules;
  rules.delay = Duration::milliseconds(10);
  rules.budget.reset();
  return rules;
}

TEST(Hedges, TheFirstGoodAnswerCounts) {
  Hedges hedges(without_budget());
  const Hedges::Call call{7, 1};
  hedges.begin(at_ms(0), call);
  ASSERT_TRUE(hedges.grant(at_ms(10), call));
  EXPECT_TRUE(hedges.end(at_ms(30), call, Copy::first, true));
  EXPECT_FALSE(hedges.is_open(call));
  EXPECT_FALSE(hedges.end(at_ms(30), call, Copy::first, true));
}

TEST(Hedges, AnErrorCountsOnlyAsTheLastAnswer) {
  Hedges hedges(without_budget());
  const Hedges::Call call{7, 1};
  hedges.begin(at_ms(0), call);
  ASSERT_TRUE(hedges.grant(at_ms(10), call));
  EXPECT_FALSE(hedges.end(at_ms(30), call, Copy::second, false));
  EXPECT_TRUE(hedges.is_open(call));
  EXPECT_TRUE(hedges.end(at_ms(31), call, Copy::first, false));
  hedges.begin(at_ms(40), {7, 2});
  EXPECT_TRUE(hedges.end(at_ms(50), {7, 2}, Copy::first, false)) << "nobody else was asked";
}

TEST(Hedges, WhoHasGivenUpHearsNoAnswer) {
  Hedges hedges(without_budget());
  hedges.begin(at_ms(0), {7, 1});
  hedges.begin(at_ms(0), {7, 2});
  EXPECT_TRUE(hedges.give_up(at_ms(9), {7, 1}));
  EXPECT_FALSE(hedges.give_up(at_ms(9), {7, 1}));
  EXPECT_FALSE(hedges.end(at_ms(9), {7, 1}, Copy::first, true));
  EXPECT_TRUE(hedges.is_open({7, 2}));
}

HedgeRules at_median() {
  HedgeRules rules;
  rules.delay = Duration::milliseconds(3);
  rules.percentile = 0.5;
  rules.budget.reset();
  return rules;
}

// A copy takes until its client has an answer or gives up. One that failed took no time that says
// anything.
TEST(Hedges, WaitAsLongAsCallsTookLately) {
  Hedges hedges(at_median());
  const auto call = [&hedges](std::int64_t at, std::int64_t took, bool ok) {
    const auto id = static_cast<std::uint64_t>(at);
    hedges.begin(at_ms(at), {id, 1});
    EXPECT_TRUE(hedges.end(at_ms(at + took), {id, 1}, Copy::first, ok));
  };
  EXPECT_EQ(hedges.delay(at_ms(0)), std::nullopt) << "nobody knows yet";
  for (std::int64_t at = 0; at < 1'000; at += 100) call(at, 1, false);
  call(2'000, 20, true);
  hedges.begin(at_ms(3'000), {1, 1});
  EXPECT_TRUE(hedges.give_up(at_ms(3'040), {1, 1}));
  hedges.begin(at_ms(4'000), {2, 1});
  ASSERT_TRUE(hedges.grant(at_ms(4'010), {2, 1}));
  EXPECT_TRUE(hedges.end(at_ms(4'070), {2, 1}, Copy::second, true));
  EXPECT_EQ(hedges.delay(at_ms(9'999)), std::nullopt);
  // 20, 40, 70 and 60 ms: half of them are at most 40 ms.
  const std::optional<Duration> delay = hedges.delay(at_ms(10'000));
  ASSERT_TRUE(delay.has_value());
  EXPECT_NEAR(delay->as_seconds(), 0.040, 0.001 * 0.040);
}

TEST(Hedges, NeverWaitLessThanTheyMust) {
  Hedges hedges(at_median());
  hedges.begin(at_ms(0), {1, 1});
  EXPECT_TRUE(hedges.end(at_ms(1), {1, 1}, Copy::first, true));
  EXPECT_EQ(hedges.delay(at_ms(10'000)), Duration::milliseconds(3));
}

// A tenth of the calls of the last 10 s, and one a second beside them.
TEST(Hedges, AreLimitedByTheirBudget) {
  HedgeRules rules = without_budget();
  rules.budget = FinagleBudgetRules{0.1, 1, Duration::seconds(10)};
  Hedges hedges(rules);
  for (std::uint64_t id = 0; id < 100; ++id) hedges.begin(at_ms(0), {id, 1});
  int granted = 0;
  for (std::uint64_t id = 0; id < 100; ++id) granted += hedges.grant(at_ms(10), {id, 1}) ? 1 : 0;
  EXPECT_EQ(granted, 100 / 10 + 10 * 1);
}

}  // namespace
}  // namespace haldane::models
