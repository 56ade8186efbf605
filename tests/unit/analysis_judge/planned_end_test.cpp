// Gauges of a release that is planned to end.
#include "analysis/judge/planned_end.h"

#include <algorithm>
#include <numeric>
#include <random>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "analysis/judge/judge.h"
#include "analysis/judge/read_policy.h"

namespace haldane::analysis {
namespace {

using testing::Contains;
using testing::HasSubstr;

constexpr double minute = 60;

struct Gauge {
  double level = 100;
  double level_later = 100;  // from the 61st point on
  int points = 60;
  double begin_s = 1.7e9;
};

// Scatter of 10 whose mean over every hour is zero.
std::vector<double> noise(int points, std::uint64_t seed) {
  std::mt19937_64 random(seed);
  std::normal_distribution<double> normal(0, 10);
  std::vector<double> values(static_cast<std::size_t>(points));
  for (double& value : values) value = normal(random);
  for (auto hour = values.begin(); values.end() - hour >= 60; hour += 60) {
    const double mean = std::accumulate(hour, hour + 60, 0.0) / 60;
    std::for_each(hour, hour + 60, [mean](double& value) { value -= mean; });
  }
  return values;
}

// A point a minute.
ObservationTable arm(const Gauge& model, std::uint64_t seed) {
  const std::vector<double> scatter = noise(model.points, seed);
  ObservationTable table;
  table.sha256 = std::to_string(seed);
  table.has_timestamps = true;
  ObservationColumn column{"queue_depth", {}, {}, 0, 0};
  for (int point = 0; point < model.points; ++point) {
    column.values.push_back((point < 60 ? model.level : model.level_later) +
                            scatter[static_cast<std::size_t>(point)]);
    column.times_s.push_back(model.begin_s + point * minute);
  }
  table.rows = model.points;
  table.columns = {std::move(column)};
  return table;
}

JudgePolicy policy_until(double horizon_s, double margin = 0, Worse worse = Worse::higher) {
  JudgePolicy policy;
  policy.horizon_s = horizon_s;
  MetricPolicy metric;
  metric.name = "queue_depth";
  metric.kind = MetricKind::gauge;
  metric.margin.relative = margin;
  metric.worse = worse;
  policy.metrics = {metric};
  return policy;
}

const ObservationTable& baseline() {
  static const ObservationTable table = arm({}, 1);
  return table;
}

// A canary that one hour shows to be worse, but not to a judge who knows of no end.
const ObservationTable& worse_canary() {
  static const ObservationTable table = arm({106, 106}, 2);
  return table;
}

TEST(PlannedEnd, AnHourIsEnoughForOneWhoKnowsThatItIsTheLast) {
  const Verdict open = judge(policy_until(0), baseline(), worse_canary());
  EXPECT_EQ(open.decision, Decision::inconclusive) << open.reasons.front();
  const Verdict planned = judge(policy_until(60 * minute), baseline(), worse_canary());
  EXPECT_EQ(planned.decision, Decision::rollback) << planned.reasons.front();
  EXPECT_EQ(planned.metrics[0].method, "paired_obrien_fleming_mean");
  EXPECT_GE(planned.metrics[0].e_value.value(), 100);
  EXPECT_GT(planned.metrics[0].ci_low.value(), 0);
  EXPECT_THAT(planned.assumptions,
              Contains("queue_depth: planned to end after 60 minutes, of which 60 have passed"));
}

TEST(PlannedEnd, EitherDirectionAndTheMirroredOneProfitAlike) {
  const JudgePolicy lower = policy_until(60 * minute, 0, Worse::lower);
  EXPECT_EQ(judge(lower, worse_canary(), baseline()).decision, Decision::rollback);
  const JudgePolicy either = policy_until(60 * minute, 0, Worse::either);
  EXPECT_EQ(judge(either, baseline(), worse_canary()).decision, Decision::rollback);
  EXPECT_EQ(judge(either, worse_canary(), baseline()).decision, Decision::rollback);
}

TEST(PlannedEnd, PromotionsNeedLessToo) {
  const ObservationTable same = arm({}, 3);
  double margin = 0.02;
  while (judge(policy_until(60 * minute, margin), baseline(), same).decision != Decision::promote)
    margin += 0.002;
  EXPECT_LT(margin, 0.15);
  EXPECT_EQ(judge(policy_until(0, margin), baseline(), same).decision, Decision::inconclusive);
}

TEST(PlannedEnd, HalfwayTheBoundsAreWiderThanThoseOfAnOpenEnd) {
  const Verdict planned = judge(policy_until(120 * minute), baseline(), worse_canary());
  const Verdict open = judge(policy_until(0), baseline(), worse_canary());
  EXPECT_LT(planned.metrics[0].ci_low.value(), open.metrics[0].ci_low.value());
  EXPECT_THAT(planned.assumptions, Contains(HasSubstr("120 minutes, of which 60 have passed")));
  // At the end they will have shrunk by half, not by the root of it.
  ASSERT_TRUE(planned.needs.minutes.has_value());
  EXPECT_LT(*planned.needs.minutes, 60);
}

TEST(PlannedEnd, WhatWasShownByThenStaysShown) {
  const ObservationTable longer = arm({100, 100, 80}, 1);
  const ObservationTable recovered = arm({106, 100, 80}, 2);
  const Verdict verdict = judge(policy_until(60 * minute), longer, recovered);
  EXPECT_EQ(verdict.decision, Decision::rollback) << verdict.reasons.front();
  EXPECT_THAT(verdict.assumptions, Contains(HasSubstr("60 minutes, of which 60 have passed")));
}

TEST(PlannedEnd, LaterPointsStillDecide) {
  const JudgePolicy policy = policy_until(60 * minute);
  const Verdict at_the_end = judge(policy, baseline(), arm({104.5, 104.5, 60}, 4));
  EXPECT_EQ(at_the_end.decision, Decision::inconclusive) << at_the_end.reasons.front();
  const Verdict verdict = judge(policy, arm({100, 100, 240}, 1), arm({104.5, 104.5, 240}, 4));
  EXPECT_EQ(verdict.decision, Decision::rollback) << verdict.reasons.front();
}

// Half of the points of the first hour are missing, so less than half of all is known after it.
TEST(PlannedEnd, HolesCountByThePointsThatTheyLack) {
  const auto with_hole = [](ObservationTable table) {
    ObservationColumn& column = table.columns[0];
    column.values.erase(column.values.begin() + 1, column.values.begin() + 31);
    column.times_s.erase(column.times_s.begin() + 1, column.times_s.begin() + 31);
    return table;
  };
  const ObservationTable b = with_hole(baseline());
  const ObservationTable c = with_hole(worse_canary());
  const JudgePolicy policy = policy_until(120 * minute);
  const TablePair tables{b, c};
  const Steps none;
  const MetricCase judged(policy, policy.metrics[0], {0.01, 0.05}, tables, none, nullptr);
  const PlannedEnd end(judged);
  EXPECT_NEAR(end.share(), 30.0 / 90, 1e-9);
  EXPECT_NEAR(end.elapsed_min(), 60, 1e-9);
}

TEST(PlannedEnd, WithoutTimesNothingIsKnownOfIt) {
  ObservationTable b = baseline();
  ObservationTable c = worse_canary();
  for (ObservationTable* table : {&b, &c}) table->columns[0].times_s.clear();
  const Verdict planned = judge(policy_until(60 * minute), b, c);
  EXPECT_THAT(planned.assumptions, Contains("queue_depth: without times its horizon says nothing"));
  EXPECT_EQ(planned.metrics[0].ci_low, judge(policy_until(0), b, c).metrics[0].ci_low);
}

TEST(PlannedEnd, StepsAndWhatWasThereBeforeTheReleaseGoWithIt) {
  JudgePolicy steps = policy_until(60 * minute);
  steps.steps = {{0, 0.1}, {20 * minute, 0.5}};
  EXPECT_EQ(judge(steps, baseline(), worse_canary()).decision, Decision::rollback);
  JudgePolicy adjusted = policy_until(60 * minute);
  adjusted.pre_period_s = 60 * minute;
  adjusted.metrics[0].from_pre_period = true;
  const ObservationTable b = arm({100, 100, 120}, 1);
  const Verdict verdict = judge(adjusted, b, arm({110, 130, 120}, 5));
  EXPECT_EQ(verdict.decision, Decision::rollback) << verdict.reasons.front();
  EXPECT_EQ(verdict.metrics[0].method, "paired_obrien_fleming_mean");
  EXPECT_THAT(verdict.assumptions, Contains(HasSubstr("60 minutes, of which 60 have passed")));
}

TEST(PlannedEnd, IsReadFromThePolicy) {
  const std::string head = "schema: haldane.policy/1\n";
  const std::string metrics = "metrics: [{name: queue_depth, kind: gauge}]\n";
  const auto policy = read_policy(head + "horizon: 1h\n" + metrics, "policy.yaml");
  ASSERT_TRUE(policy.has_value()) << to_string(policy.error());
  EXPECT_EQ(policy->horizon_s, 3600);
  const auto fixed = read_policy(head + "mode: fixed\nhorizon: 1h\n" + metrics, "policy.yaml");
  ASSERT_FALSE(fixed.has_value());
  EXPECT_EQ(fixed.error()[0].id, "POL-111");
  EXPECT_FALSE(read_policy(head + "horizon: 0s\n" + metrics, "policy.yaml").has_value());
}

}  // namespace
}  // namespace haldane::analysis
