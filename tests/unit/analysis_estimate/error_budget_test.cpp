// Error budgets and the workbook's burn-rate alerts on histories that can be worked out by hand.
#include "analysis/estimate/error_budget.h"

#include <vector>

#include <gtest/gtest.h>

namespace haldane::analysis {
namespace {

constexpr double month_s = 30 * 86'400.0;

/// Minutes of 1,000 events each, of which the share `bad(minute)` is bad.
template <class Bad>
std::vector<EventPoint> minutes(int count, const Bad& bad) {
  std::vector<EventPoint> points;
  for (int m = 0; m < count; ++m)
    points.push_back({60.0 * m, 60.0 * (m + 1), 1'000, 1'000 * bad(m)});
  return points;
}

TEST(ErrorBudget, RulesAreThoseOfTheWorkbook) {
  const std::vector<BurnRule> rules = burn_rules(month_s);
  ASSERT_EQ(rules.size(), 4U);
  const double expected[4][3] = {
      {3'600, 300, 14.4}, {21'600, 1'800, 6}, {86'400, 7'200, 3}, {259'200, 21'600, 1}};
  for (std::size_t i = 0; i < 4; ++i) {
    EXPECT_NEAR(rules[i].long_s, expected[i][0], 1e-6);
    EXPECT_NEAR(rules[i].short_s, expected[i][1], 1e-6);
    EXPECT_EQ(rules[i].factor, expected[i][2]);
    EXPECT_EQ(rules[i].severity, i < 2 ? "page" : "ticket");
  }
  EXPECT_NEAR(burn_rules(720)[0].long_s, 1, 1e-12);
}

TEST(ErrorBudget, IsSpentInProportionToTheBurnRate) {
  const auto points = minutes(600, [](int) { return 0.002; });
  const ErrorBudget budget = spend_budget(points, 0.999, month_s);
  EXPECT_NEAR(*budget.bad_ratio, 0.002, 1e-12);
  EXPECT_NEAR(*budget.burn_rate, 2, 1e-9);
  EXPECT_NEAR(*budget.budget_used, 2 * 36'000 / month_s, 1e-9);
  EXPECT_EQ(budget.all, 600'000);
}

// 2 % of errors burn 20 times the budget of 99.9 %. After 43.2 of 60 minutes the long window's
// mean passes 14.4; when errors end, the short window forgets them within its five minutes: once
// less than 14.4 / 20 of it are bad.
TEST(ErrorBudget, FastBurnPagesWhileItLasts) {
  const auto points = minutes(300, [](int m) { return m >= 100 && m < 160 ? 0.02 : 0.0; });
  const ErrorBudget budget = spend_budget(points, 0.999, month_s);
  const BurnOutcome& hour = budget.burns[0];
  ASSERT_EQ(hour.firings.size(), 1U);
  EXPECT_EQ(hour.firings[0].from_s, 144 * 60);
  EXPECT_EQ(hour.firings[0].to_s, 162 * 60);
  EXPECT_NEAR(*hour.worst, 20, 1e-6);
}

TEST(ErrorBudget, SlowBurnOpensATicketOnly) {
  const auto points = minutes(6 * 1'440, [](int) { return 0.0015; });
  const ErrorBudget budget = spend_budget(points, 0.999, month_s);
  EXPECT_TRUE(budget.burns[0].firings.empty());
  EXPECT_TRUE(budget.burns[1].firings.empty());
  EXPECT_TRUE(budget.burns[2].firings.empty());
  ASSERT_EQ(budget.burns[3].firings.size(), 1U);
  EXPECT_NEAR(budget.burns[3].firings[0].from_s, 259'200, 1);
  EXPECT_NEAR(budget.burns[3].firings[0].to_s, 6 * 86'400, 1);
}

TEST(ErrorBudget, WindowsThatDoNotFitAreNotLookedAt) {
  const auto points = minutes(59, [](int) { return 1.0; });
  const ErrorBudget budget = spend_budget(points, 0.999, month_s);
  for (const BurnOutcome& burn : budget.burns) {
    EXPECT_FALSE(burn.worst.has_value());
    EXPECT_TRUE(burn.firings.empty());
  }
  EXPECT_NEAR(*budget.burn_rate, 1'000, 1e-6);
}

TEST(ErrorBudget, OfNothingIsNothing) {
  EXPECT_FALSE(spend_budget({}, 0.99, 60).burn_rate.has_value());
  const ErrorBudget idle = spend_budget({{0, 60, 0, 0}, {60, 120, 0, 0}}, 0.99, 60);
  EXPECT_FALSE(idle.bad_ratio.has_value());
  EXPECT_FALSE(idle.burns[0].worst.has_value());
}

}  // namespace
}  // namespace haldane::analysis
