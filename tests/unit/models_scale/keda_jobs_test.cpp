// KEDA's scaled jobs: the examples of its own tests (pkg/scaling/executor/scale_jobs_test.go), and
// what a poll makes of them.
#include "models/scale/keda_jobs.h"

#include <gtest/gtest.h>

namespace haldane::models {
namespace {

KedaJobRules rules_of(KedaStrategy strategy, std::uint32_t max) {
  KedaJobRules rules;
  rules.strategy = strategy;
  rules.max = max;
  return rules;
}

TEST(KedaJobs, DefaultSubtractsThoseThatRun) {
  const KedaJobRules rules = rules_of(KedaStrategy::standard, 5);
  EXPECT_EQ(more_jobs(rules, 3, 2, 0), 1);
  EXPECT_EQ(more_jobs(rules, 2, 0, 0), 2);
  EXPECT_EQ(more_jobs(rules, 2, 4, 0), -2);
}

TEST(KedaJobs, CustomSubtractsAShareOfThem) {
  KedaJobRules rules = rules_of(KedaStrategy::custom, 10);
  rules.deduction = 1;
  rules.running_share = 0.5;
  EXPECT_EQ(more_jobs(rules, 3, 2, 0), 1);
  EXPECT_EQ(more_jobs(rules, 10, 0, 0), 9);
  EXPECT_EQ(more_jobs(rules, 10, 5, 0), 7);  // half of 5 is cut to 2
  rules.deduction = 2;
  rules.running_share = 0;
  EXPECT_EQ(more_jobs(rules, 3, 2, 0), 1);
}

TEST(KedaJobs, AccurateSubtractsThoseThatArePending) {
  const KedaJobRules five = rules_of(KedaStrategy::accurate, 5);
  EXPECT_EQ(more_jobs(five, 3, 2, 0), 3);
  EXPECT_EQ(more_jobs(five, 5, 2, 0), 3);  // up to the maximum
  EXPECT_EQ(more_jobs(five, 5, 4, 2), 1);
  EXPECT_EQ(more_jobs(rules_of(KedaStrategy::accurate, 10), 3, 4, 2), 1);
}

TEST(KedaJobs, EagerFillsTheRoomThatThereIs) {
  const KedaJobRules rules = rules_of(KedaStrategy::eager, 10);
  EXPECT_EQ(more_jobs(rules, 4, 3, 0), 4);
  EXPECT_EQ(more_jobs(rules, 4, 0, 3), 4);
  EXPECT_EQ(more_jobs(rules, 4, 7, 0), 3);
  EXPECT_EQ(more_jobs(rules, 4, 1, 6), 3);
  EXPECT_EQ(more_jobs(rules, 15, 0, 0), 10);
}

// Published with the strategy eager (kedacore/keda#5114): of at most 10, 3 run when 6 more come,
// and then 9 when another 4 come.
TEST(KedaJobs, EagerTakesUpWhatDefaultLeavesWaiting) {
  const KedaJobRules eager = rules_of(KedaStrategy::eager, 10);
  EXPECT_EQ(decide_jobs(eager, 6, {3, 0}).replicas, 9U);
  EXPECT_EQ(decide_jobs(eager, 4, {9, 0}).replicas, 10U);
  EXPECT_EQ(decide_jobs(rules_of(KedaStrategy::standard, 10), 6, {3, 0}).replicas, 6U);
}

TEST(KedaJobs, APollStartsNoMoreThanWaitAndNobodyIsTakenAway) {
  KedaJobRules rules = rules_of(KedaStrategy::standard, 100);
  EXPECT_EQ(decide_jobs(rules, 7, {}).replicas, 7U);
  EXPECT_EQ(decide_jobs(rules, 7, {4, 1}).replicas, 7U);
  EXPECT_EQ(decide_jobs(rules, 7, {9, 0}).replicas, 9U);
  EXPECT_EQ(decide_jobs(rules, 7, {9, 0}).limit, ScaleLimit::running);
  EXPECT_EQ(decide_jobs(rules, 250, {}).replicas, 100U);
  EXPECT_EQ(decide_jobs(rules, 250, {}).recommendation, 250U);
  EXPECT_EQ(decide_jobs(rules, 250, {}).limit, ScaleLimit::maximum);
  rules.target = 5;
  EXPECT_EQ(decide_jobs(rules, 11, {}).replicas, 3U);
  rules.target = 0.5;
  EXPECT_EQ(decide_jobs(rules, 11, {}).replicas, 11U);
}

TEST(KedaJobs, TheActivationDecidesWhetherAnybodyIsStarted) {
  KedaJobRules rules = rules_of(KedaStrategy::standard, 100);
  rules.activation = 5;
  EXPECT_EQ(decide_jobs(rules, 5, {}).replicas, 0U);
  EXPECT_EQ(decide_jobs(rules, 6, {}).replicas, 6U);
}

// As its tests have it: the minimum is filled first, and is then not counted among those that run.
TEST(KedaJobs, TheMinimumIsThereWhateverTheQueue) {
  KedaJobRules rules = rules_of(KedaStrategy::standard, 5);
  rules.min = 2;
  EXPECT_EQ(decide_jobs(rules, 0, {}).replicas, 2U);
  EXPECT_EQ(decide_jobs(rules, 0, {1, 0}).replicas, 2U);
  EXPECT_EQ(decide_jobs(rules, 0, {1, 0}).limit, ScaleLimit::minimum);
  rules.min = 1;
  EXPECT_EQ(decide_jobs(rules, 2, {1, 0}).replicas, 3U);
}

}  // namespace
}  // namespace haldane::models
