// A canary that becomes worse halfway.
#include "analysis/judge/later_start.h"

#include <random>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "analysis/judge/judge.h"
#include "tests/statistical/judge/synthetic_arms.h"

namespace haldane::analysis {
namespace {

using testing::HasSubstr;

// Five requests a second; from `from_s` to `until_s` they take `factor` times as long.
ObservationTable arm(unsigned seed, double factor = 1, double from_s = 0, double until_s = 1e9,
                     int seconds = 900) {
  std::mt19937_64 random(seed);
  std::lognormal_distribution<double> latency(3, 0.6);
  std::uniform_real_distribution<double> within(0, 1);
  ObservationTable table;
  table.path = "synthetic";
  table.has_timestamps = true;
  table.columns.push_back({"latency_ms", {}, {}, 0, 0});
  for (int second = 0; second < seconds; ++second) {
    for (int i = 0; i < 5; ++i, ++table.rows) {
      const double slower = second >= from_s && second < until_s ? factor : 1;
      table.columns[0].times_s.push_back(second + within(random));
      table.columns[0].values.push_back(slower * latency(random));
    }
  }
  return table;
}

JudgePolicy latency_only(Worse worse = Worse::higher) {
  JudgePolicy policy;
  policy.metrics = {latency_policy()};
  policy.metrics[0].worse = worse;
  return policy;
}

const Evidence& median_of(const Verdict& verdict) {
  return verdict.metrics.front();
}

TEST(LaterStart, CanaryThreeTimesAsSlowAfterFiveMinutesIsRolledBack) {
  const Verdict verdict = judge(latency_only(), arm(1), arm(2, 3, 300));
  EXPECT_EQ(verdict.decision, Decision::rollback);
  EXPECT_THAT(median_of(verdict).reason, HasSubstr("latency_ms p50: from minute 5 on, change +"));
  EXPECT_THAT(median_of(verdict).reason, HasSubstr("beyond the margin of 5 %"));
  EXPECT_GE(median_of(verdict).e_value.value(), 300);
}

TEST(LaterStart, TheSameOfTheBaselineIsNone) {
  EXPECT_EQ(judge(latency_only(), arm(1, 3, 300), arm(2)).decision, Decision::inconclusive);
  EXPECT_EQ(judge(latency_only(), arm(1, 3, 300), arm(2, 3, 300)).decision, Decision::inconclusive)
      << "a load that both share";
}

TEST(LaterStart, CanaryThatBecomesFasterIsWorseOnlyWhereLowerIs) {
  EXPECT_EQ(judge(latency_only(), arm(1), arm(2, 0.3, 300)).decision, Decision::inconclusive);
  EXPECT_EQ(judge(latency_only(Worse::lower), arm(1), arm(2, 0.3, 300)).decision,
            Decision::rollback);
  EXPECT_EQ(judge(latency_only(Worse::either), arm(1), arm(2, 0.3, 300)).decision,
            Decision::rollback);
}

TEST(LaterStart, CanaryThatWasSlowAtFirstIsNotClearedByTheRest) {
  EXPECT_EQ(judge(latency_only(), arm(1), arm(2, 3, 0, 300)).decision, Decision::inconclusive);
}

TEST(LaterStart, BurstOfAMinuteIsNoStep) {
  EXPECT_NE(judge(latency_only(), arm(1), arm(2, 3, 850)).decision, Decision::rollback);
  EXPECT_NE(judge(latency_only(), arm(1), arm(2, 3, 400, 460)).decision, Decision::rollback);
}

TEST(LaterArms, AreCutAroundTheMinuteInWhichTheyPart) {
  const ObservationTable b = arm(1);
  const ObservationTable c = arm(2, 3, 390);
  const auto later = later_arms({&b.columns[0], &c.columns[0]}, 25);
  ASSERT_TRUE(later);
  EXPECT_EQ(later->after_s, 420);
  EXPECT_DOUBLE_EQ(later->error_part, 0.1 / (7 * 8));
  EXPECT_NEAR(static_cast<double>(later->before.baseline.values.size()), 5 * 360, 10);
  EXPECT_NEAR(static_cast<double>(later->after.canary.values.size()), 5 * 480, 10);
}

TEST(LaterArms, NeedAHundredSecondsOnEitherSide) {
  const ObservationTable b = arm(1);
  for (const double from_s : {50.0, 850.0}) {
    const ObservationTable c = arm(2, 3, from_s);
    EXPECT_FALSE(later_arms({&b.columns[0], &c.columns[0]}, 25)) << from_s;
  }
}

}  // namespace
}  // namespace haldane::analysis
