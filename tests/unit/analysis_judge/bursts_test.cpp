// Errors in bursts: what is taken for a rate, and what for a few incidents.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "analysis/judge/judge.h"
#include "analysis/judge/rate_dispersion.h"

namespace haldane::analysis {
namespace {

using testing::Contains;
using testing::HasSubstr;

// A row a second of ten requests, with times.
struct ArmRows {
  ObservationTable table;

  explicit ArmRows(int seconds, double begin_s = 0) {
    table.columns = {{"errors", {}, {}, 0, 0}, {"requests", {}, {}, 0, 0}};
    for (int i = 0; i < seconds; ++i) {
      for (ObservationColumn& column : table.columns) column.times_s.push_back(begin_s + i);
      table.columns[0].values.push_back(0);
      table.columns[1].values.push_back(10);
    }
  }
  ArmRows& with_errors(int from_s, int to_s, int every_s, double each) {
    for (int i = from_s; i < to_s; i += every_s)
      errors().values[static_cast<std::size_t>(i)] += each;
    return *this;
  }
  ObservationColumn& errors() { return table.columns[0]; }
  ObservationColumn& requests() { return table.columns[1]; }
};

JudgePolicy errors_policy(Role role = Role::critical) {
  MetricPolicy errors;
  errors.name = "errors";
  errors.kind = MetricKind::ratio;
  errors.exposure = "requests";
  errors.margin.relative = 0;
  errors.role = role;
  JudgePolicy policy;
  policy.metrics = {errors};
  return policy;
}

Decision decide(const ArmRows& baseline, const ArmRows& canary) {
  return judge(errors_policy(), baseline.table, canary.table).decision;
}

double dispersion(ArmRows& b, ArmRows& c, EventLaw law = EventLaw::poisson) {
  return rate_dispersion(ColumnPair{&b.errors(), &c.errors()},
                         ColumnPair{&b.requests(), &c.requests()}, law)
      .factor;
}

TEST(ErrorBursts, ThreeBurstsOfOneArmAreThreeIncidentsAndNoRate) {
  const ArmRows baseline = ArmRows(600).with_errors(0, 600, 40, 1);
  ArmRows bursts = ArmRows(600).with_errors(0, 600, 40, 1);
  for (const int begin_s : {130, 300, 470}) bursts.with_errors(begin_s, begin_s + 10, 1, 2);
  ArmRows spread = ArmRows(600).with_errors(0, 600, 8, 1);
  EXPECT_EQ(decide(baseline, bursts), Decision::inconclusive);
  EXPECT_EQ(decide(baseline, spread), Decision::rollback) << "as many errors, one by one";
}

TEST(ErrorBursts, BurstAtTheBeginningDecidesNothing) {
  const ArmRows baseline(10);
  ArmRows canary = ArmRows(10).with_errors(0, 10, 1, 1.5);
  EXPECT_EQ(decide(baseline, canary), Decision::inconclusive);
  canary.errors().times_s.clear();
  EXPECT_EQ(decide(baseline, canary), Decision::rollback) << "without times nothing is known";
}

TEST(ErrorBursts, CanaryThatFailsHalfOfItsRequestsIsRolledBackInSeconds) {
  const ArmRows baseline = ArmRows(15).with_errors(0, 15, 5, 1);
  EXPECT_EQ(decide(baseline, ArmRows(15).with_errors(0, 15, 1, 5)), Decision::rollback);
}

TEST(ErrorBursts, CanaryThatBeginsToFailHalfwayIsRolledBackToo) {
  const ArmRows baseline = ArmRows(400).with_errors(0, 400, 40, 1);
  const ArmRows canary = ArmRows(400).with_errors(0, 400, 40, 1).with_errors(200, 400, 1, 5);
  EXPECT_EQ(decide(baseline, canary), Decision::rollback);
}

TEST(ErrorBursts, SuspectedGuardrailHoldsAPromotionUntilItIsClear) {
  JudgePolicy policy = errors_policy(Role::guardrail);
  MetricPolicy other = policy.metrics[0];
  other.name = "timeouts";
  other.margin.relative = 0.5;
  other.role = Role::critical;
  policy.metrics.push_back(other);
  const auto with_timeouts = [](ArmRows arm) {
    ObservationColumn timeouts = arm.requests();
    timeouts.name = "timeouts";
    arm.table.columns.push_back(timeouts);
    return arm.table;
  };
  const auto judged = [&](int seconds) {
    return judge(policy, with_timeouts(ArmRows(seconds).with_errors(0, seconds, 20, 1)),
                 with_timeouts(ArmRows(seconds).with_errors(0, seconds, 2, 1)));
  };
  const Verdict early = judged(50);
  EXPECT_EQ(early.metrics[1].outcome, Evidence::Outcome::within_margin);
  EXPECT_EQ(early.decision, Decision::inconclusive);
  EXPECT_THAT(early.reasons, Contains(HasSubstr("not promoted yet: errors")));
  EXPECT_EQ(judged(150).decision, Decision::rollback);
}

TEST(ErrorBursts, ArmsMeasuredOneAfterTheOtherAreTakenAsTheyAre) {
  ArmRows before = ArmRows(20).with_errors(0, 20, 10, 1);
  ArmRows after = ArmRows(20, 300).with_errors(0, 20, 1, 1);
  EXPECT_EQ(dispersion(before, after), 1);
  EXPECT_EQ(decide(before, after), Decision::rollback);
}

TEST(ErrorBursts, SwingsOfTheTrafficAndASteadyDifferenceAreNone) {
  ArmRows baseline(400);
  ArmRows canary(400);
  for (std::size_t i = 0; i < 400; ++i) {
    const double load = i % 100 < 50 ? 10 : 40;
    baseline.requests().values[i] = canary.requests().values[i] = load;
    baseline.errors().values[i] = load / 10;
    canary.errors().values[i] = load / 5;
  }
  EXPECT_EQ(dispersion(baseline, canary), 1);
}

// Failures in a burst are successes that are missing, and are as rare in either reading.
TEST(ErrorBursts, AreSeenInTheShareOfSuccessesToo) {
  ArmRows baseline(400);
  ArmRows canary(400);
  for (ArmRows* arm : {&baseline, &canary}) arm->errors().values.assign(400, 10);
  for (std::size_t i = 100; i < 110; ++i) canary.errors().values[i] = 5;
  EXPECT_EQ(dispersion(baseline, canary), 1) << "small beside what Poisson events would scatter";
  EXPECT_GT(dispersion(baseline, canary, EventLaw::bernoulli), 4);
}

}  // namespace
}  // namespace haldane::analysis
