// Retry budgets against the published rules and numbers.
#include "models/clients/retry_budget.h"

#include <cmath>

#include <gtest/gtest.h>

namespace haldane::models {
namespace {

constexpr Failure error{{}, false, true};
constexpr Failure timeout{{}, true, true};

SimTime at_ms(std::int64_t ms) {
  return SimTime::at_nanoseconds(ms * 1'000'000);
}

// 10 tokens: four failures leave 6 of them, the fifth only the half.
TEST(GrpcThrottle, StopsRetriesAtHalfTheTokens) {
  GrpcThrottle throttle({10, 0.1});
  for (int i = 0; i < 4; ++i) EXPECT_TRUE(throttle.fail(at_ms(0), error));
  EXPECT_EQ(throttle.tokens(), 6'000);
  EXPECT_FALSE(throttle.fail(at_ms(0), error));
  for (int i = 0; i < 10; ++i) throttle.succeed(at_ms(0), {});
  EXPECT_EQ(throttle.tokens(), 6'000);
  EXPECT_FALSE(throttle.fail(at_ms(0), error));
}

TEST(GrpcThrottle, StaysWithinItsBounds) {
  GrpcThrottle throttle({3, 0.5});
  throttle.succeed(at_ms(0), {});
  EXPECT_EQ(throttle.tokens(), 3'000);
  for (int i = 0; i < 10; ++i) (void)throttle.fail(at_ms(0), error);
  EXPECT_EQ(throttle.tokens(), 0);
}

TEST(GrpcThrottle, CountsFailuresThatNobodyRetries) {
  GrpcThrottle throttle({10, 0.1});
  EXPECT_FALSE(throttle.fail(at_ms(0), {{}, false, false}));
  EXPECT_EQ(throttle.tokens(), 9'000);
}

// The table of finagle-core's RetryBudgetTest: 10,000 requests, time frozen, all of them wishing to
// retry.
struct FinagleCase {
  std::int64_t ttl_s;
  std::uint32_t min_retries_per_s;
  double ratio;
};

class FinaglePublished : public testing::TestWithParam<FinagleCase> {};

TEST_P(FinaglePublished, GrantsTheReserveAndTheShare) {
  const FinagleCase& c = GetParam();
  FinagleBudget budget({c.ratio, c.min_retries_per_s, Duration::seconds(c.ttl_s)});
  const std::int64_t reserve = c.ttl_s * c.min_retries_per_s;
  EXPECT_EQ(budget.balance(at_ms(0)), reserve);
  int granted = 0;
  for (int i = 0; i < 10'000; ++i) {
    budget.begin(at_ms(0), {});
    if (budget.fail(at_ms(0), error)) {
      ++granted;
    } else {
      EXPECT_EQ(budget.balance(at_ms(0)), 0);
    }
  }
  EXPECT_NEAR(granted, std::floor(10'000 * c.ratio) + static_cast<double>(reserve), 1);
}

INSTANTIATE_TEST_SUITE_P(All, FinaglePublished,
                         testing::Values(FinagleCase{60, 0, 0.1}, FinagleCase{60, 0, 0.5},
                                         FinagleCase{60, 0, 0.25}, FinagleCase{60, 0, 0.75},
                                         FinagleCase{60, 0, 0.99}, FinagleCase{60, 0, 0.999},
                                         FinagleCase{60, 0, 0.9999}, FinagleCase{60, 0, 0.01},
                                         FinagleCase{60, 0, 0.001}, FinagleCase{60, 0, 0.0001},
                                         FinagleCase{1, 10, 0}, FinagleCase{2, 5, 0},
                                         FinagleCase{1, 10, 0.1}, FinagleCase{2, 5, 0.5}));

TEST(FinagleBudget, MayGrantMoreThanOneRetryARequest) {
  FinagleBudget budget({2, 0, Duration::seconds(60)});
  EXPECT_EQ(budget.balance(at_ms(0)), 0);
  for (int i = 0; i < 10'000; ++i) budget.begin(at_ms(0), {});
  EXPECT_EQ(budget.balance(at_ms(0)), 20'000);
}

TEST(FinagleBudget, ForgetsDepositsAfterTheirTime) {
  FinagleBudget budget({0.5, 0, Duration::seconds(10)});
  for (int i = 0; i < 10; ++i) budget.begin(at_ms(0), {});
  budget.begin(at_ms(0), {true, false});  // a retry deposits nothing
  EXPECT_EQ(budget.balance(at_ms(500)), 5);
  EXPECT_EQ(budget.balance(at_ms(9'000)), 5);
  EXPECT_EQ(budget.balance(at_ms(12'000)), 0);
}

TEST(WindowedSum, SkipsSlicesNobodyUsed) {
  WindowedSum sum(Duration::seconds(10));
  sum.add(at_ms(0), 1);
  sum.add(at_ms(1'000), 2);
  sum.add(at_ms(5'500), 4);
  EXPECT_EQ(sum.sum(at_ms(5'999)), 7);
  EXPECT_EQ(sum.sum(at_ms(9'600)), 7);   // four slices on: the first is the oldest that is kept
  EXPECT_EQ(sum.sum(at_ms(10'600)), 6);  // and now forgotten
  EXPECT_EQ(sum.sum(at_ms(30'000)), 0);
}

// Of 30 requests out, 20 % may be retries; below 15 the three of the minimum.
TEST(EnvoyBudget, AllowsAShareOfWhatIsOut) {
  EnvoyBudget budget({0.2, 3});
  for (int i = 0; i < 30; ++i) budget.begin(at_ms(0), {});
  EXPECT_EQ(budget.limit(), 6U);
  int granted = 0;
  while (budget.fail(at_ms(0), timeout)) ++granted;
  // The n-th failure finds 31 - n out: 30, 29, ... 26, 25 allow 6, 5, 5, 5, 5, 5.
  EXPECT_EQ(granted, 5);
  EXPECT_EQ(budget.retries(), 5U);
}

TEST(EnvoyBudget, ARetryFreesItsPlaceWhenItEnds) {
  EnvoyBudget budget({0, 1});
  budget.begin(at_ms(0), {});
  EXPECT_TRUE(budget.fail(at_ms(0), error));
  budget.begin(at_ms(1), {});
  EXPECT_FALSE(budget.fail(at_ms(1), error));
  budget.begin(at_ms(2), {true, false});
  budget.succeed(at_ms(3), {true, false});
  EXPECT_EQ(budget.retries(), 0U);
  budget.begin(at_ms(4), {});
  EXPECT_TRUE(budget.fail(at_ms(5), error));
}

// botocore: 500, of which a retry takes 5 and after a time-out 10; a success gives its cost back.
TEST(AwsQuota, RetriesCostAndSuccessesRefund) {
  AwsQuota quota(AwsQuotaRules{});
  EXPECT_TRUE(quota.fail(at_ms(0), error));
  EXPECT_EQ(quota.left(), 495U);
  EXPECT_TRUE(quota.fail(at_ms(0), timeout));
  EXPECT_EQ(quota.left(), 485U);
  quota.succeed(at_ms(0), {});
  EXPECT_EQ(quota.left(), 486U);
  quota.succeed(at_ms(0), {true, true});
  EXPECT_EQ(quota.left(), 496U);
  quota.succeed(at_ms(0), {true, false});
  EXPECT_EQ(quota.left(), 500U);  // never above its capacity
}

TEST(AwsQuota, AHundredRetriesEmptyIt) {
  AwsQuota quota(AwsQuotaRules{});
  for (int i = 0; i < 100; ++i) EXPECT_TRUE(quota.fail(at_ms(0), error));
  EXPECT_FALSE(quota.fail(at_ms(0), error));
  for (int i = 0; i < 4; ++i) quota.succeed(at_ms(0), {});
  EXPECT_FALSE(quota.fail(at_ms(0), error));
  quota.succeed(at_ms(0), {});
  EXPECT_TRUE(quota.fail(at_ms(0), error));
}

TEST(RetryBudget, NeverRetriesWhereNoAttemptIsLeft) {
  for (const RetryBudgetSpec& spec :
       {RetryBudgetSpec(GrpcThrottleRules{}), RetryBudgetSpec(FinagleBudgetRules{}),
        RetryBudgetSpec(EnvoyBudgetRules{}), RetryBudgetSpec(AwsQuotaRules{})}) {
    RetryBudget budget(spec);
    budget.begin(at_ms(0), {});
    EXPECT_FALSE(budget.fail(at_ms(1), {{}, false, false}));
    budget.begin(at_ms(2), {});
    EXPECT_TRUE(budget.fail(at_ms(3), error));
  }
}

}  // namespace
}  // namespace haldane::models
