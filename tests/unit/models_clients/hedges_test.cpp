#include "models/clients/hedges.h"

#include <gtest/gtest.h>

namespace haldane::models {
namespace {

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
  EXPECT_TRUE(hedges.end(call, true));
  EXPECT_FALSE(hedges.is_open(call));
  EXPECT_FALSE(hedges.end(call, true));
}

TEST(Hedges, AnErrorCountsOnlyAsTheLastAnswer) {
  Hedges hedges(without_budget());
  const Hedges::Call call{7, 1};
  hedges.begin(at_ms(0), call);
  ASSERT_TRUE(hedges.grant(at_ms(10), call));
  EXPECT_FALSE(hedges.end(call, false));
  EXPECT_TRUE(hedges.is_open(call));
  EXPECT_TRUE(hedges.end(call, false));
  hedges.begin(at_ms(20), {7, 2});
  EXPECT_TRUE(hedges.end({7, 2}, false)) << "nobody else was asked";
}

TEST(Hedges, WhoHasGivenUpHearsNoAnswer) {
  Hedges hedges(without_budget());
  hedges.begin(at_ms(0), {7, 1});
  hedges.begin(at_ms(0), {7, 2});
  EXPECT_TRUE(hedges.give_up({7, 1}));
  EXPECT_FALSE(hedges.give_up({7, 1}));
  EXPECT_FALSE(hedges.end({7, 1}, true));
  EXPECT_TRUE(hedges.is_open({7, 2}));
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
