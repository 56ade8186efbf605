// Steps and pre-periods of arms whose rows were folded between the cuts: what the rows say.
#include "analysis/judge/cut_tables.h"

#include <cmath>
#include <string>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "analysis/ingest/sketch_strata.h"
#include "analysis/judge/arms.h"
#include "analysis/judge/judge.h"
#include "tests/statistical/judge/synthetic_arms.h"

namespace haldane::analysis {
namespace {

using testing::Contains;
using testing::HasSubstr;

constexpr int stretch_s = 600;

struct Stretch {
  double requests_per_s = 20;
  double median_ms = 20;
  double queue = 12;
};

// Three stretches of ten minutes from 1.7e9 on.
ObservationTable arm(const Stretch (&stretches)[3], std::uint64_t seed) {
  ObservationTable table;
  for (int i = 0; i < 3; ++i) {
    ArmModel model;
    model.requests_per_s = stretches[i].requests_per_s;
    model.latency_median_ms = stretches[i].median_ms;
    model.queue_mean = stretches[i].queue;
    const ObservationTable part =
        synthetic_arm(model, 10 * seed + static_cast<std::uint64_t>(i), stretch_s);
    if (i == 0) table.columns.resize(part.columns.size());
    for (std::size_t c = 0; c < part.columns.size(); ++c) {
      ObservationColumn& column = table.columns[c];
      column.name = part.columns[c].name;
      column.values.insert(column.values.end(), part.columns[c].values.begin(),
                           part.columns[c].values.end());
      for (const double time_s : part.columns[c].times_s) {
        column.times_s.push_back(1.7e9 + stretch_s * i + time_s);
      }
    }
  }
  table.sha256 = std::to_string(seed);
  return table;
}

JudgePolicy stepped(JudgePolicy policy) {
  policy.steps = {{0, 0.1}, {stretch_s, 0.25}, {2 * stretch_s, 0.5}};
  return policy;
}

JudgePolicy after_pre_period(JudgePolicy policy) {
  policy.pre_period_s = stretch_s;
  return policy;
}

// As a watch folds an arm: cut where the policy says, counted from the first observation of either.
ObservationTable compacted(ObservationTable table, const JudgePolicy& policy, double begins_s) {
  const std::vector<double> cuts_s = moments_of_cuts(policy, begins_s);
  for (ObservationColumn& column : table.columns) {
    compact_between(column, cuts_s, 300);
    join_strata(column);
  }
  table.begins_s = begins_s;
  return table;
}

struct Verdicts {
  Verdict rows;
  Verdict bins;
};

Verdicts judge_both(const JudgePolicy& policy, const ObservationTable& baseline,
                    const ObservationTable& canary) {
  const double begins_s = first_time(baseline, canary);
  return {judge(policy, baseline, canary), judge(policy, compacted(baseline, policy, begins_s),
                                                 compacted(canary, policy, begins_s))};
}

// Bins widen a quantile's interval by up to 0.05 % at each end of each arm; dispersions are of
// slices.
void expect_alike(const Verdicts& verdicts) {
  EXPECT_EQ(verdicts.bins.decision, verdicts.rows.decision);
  ASSERT_EQ(verdicts.bins.metrics.size(), verdicts.rows.metrics.size());
  for (std::size_t i = 0; i < verdicts.rows.metrics.size(); ++i) {
    const Evidence& rows = verdicts.rows.metrics[i];
    const Evidence& bins = verdicts.bins.metrics[i];
    const double width = *rows.ci_high - *rows.ci_low;
    EXPECT_EQ(bins.baseline.n, rows.baseline.n) << rows.name;
    EXPECT_EQ(bins.method, rows.method) << rows.name;
    EXPECT_NEAR(*bins.estimate, *rows.estimate, 0.05 * width) << rows.name;
    EXPECT_NEAR(*bins.ci_low, *rows.ci_low, 0.3 * width) << rows.name;
    EXPECT_NEAR(*bins.ci_high, *rows.ci_high, 0.3 * width) << rows.name;
  }
}

// Pooled, the canary would look slow: it has most of its traffic in the busy hour.
TEST(CutTables, StepsOfFoldedArmsAreJudgedEachByItself) {
  const ObservationTable b = arm({{18, 10, 5}, {15, 14, 10}, {10, 20, 30}}, 1);
  const ObservationTable c = arm({{2, 10, 5}, {5, 14, 10}, {10, 20, 30}}, 2);
  JudgePolicy policy = stepped(usual_policy());
  policy.metrics[0].quantiles = {0.5, 0.9};
  policy.metrics[0].margin.relative = 0.2;
  const Verdicts alike = judge_both(policy, b, c);
  expect_alike(alike);
  EXPECT_EQ(alike.bins.decision, Decision::promote) << alike.bins.reasons.front();
  EXPECT_LT(std::abs(*alike.bins.metrics[0].estimate), 0.1);
  EXPECT_THAT(alike.bins.assumptions, Contains(HasSubstr("is kept as bins")));
  const ObservationTable slow = arm({{2, 14, 5}, {5, 20, 10}, {10, 28, 30}}, 3);
  const Verdicts worse = judge_both(policy, b, slow);
  expect_alike(worse);
  EXPECT_EQ(worse.bins.decision, Decision::rollback);
}

TEST(CutTables, WhatFoldedArmsWereBeforeTheReleaseIsNotJudged) {
  const JudgePolicy policy = after_pre_period(usual_policy());
  const ObservationTable b = arm({{}, {}, {}}, 4);
  const Verdicts slower = judge_both(policy, b, arm({{}, {20, 30, 12}, {20, 30, 12}}, 5));
  expect_alike(slower);
  EXPECT_EQ(slower.bins.decision, Decision::rollback);
  const Verdicts before = judge_both(policy, b, arm({{20, 30, 12}, {}, {}}, 6));
  EXPECT_EQ(before.bins.decision, before.rows.decision);
  EXPECT_EQ(before.bins.decision, Decision::inconclusive);
  EXPECT_THAT(before.bins.reasons.front(), HasSubstr("differed before the release"));
}

TEST(CutTables, StepsCountFromTheEndOfThePrePeriod) {
  JudgePolicy policy = after_pre_period(usual_policy());
  policy.steps = {{0, 0.5}, {stretch_s, 0.5}};
  EXPECT_EQ(moments_of_cuts(policy, 5), (std::vector<double>{5 + stretch_s, 5 + 2 * stretch_s}));
  expect_alike(judge_both(policy, arm({{}, {}, {20, 30, 20}}, 7), arm({{}, {}, {20, 30, 20}}, 8)));
}

TEST(CutTables, FoldedGaugesAreMeasuredFromBefore) {
  JudgePolicy policy = after_pre_period({});
  policy.metrics = {rate_policy("queue_depth", MetricKind::gauge, {0.3, std::nullopt})};
  policy.metrics[0].from_pre_period = true;
  const ObservationTable b = arm({{}, {}, {}}, 9);
  const ObservationTable c = arm({{20, 20, 15}, {20, 20, 15}, {20, 20, 15}}, 10);
  for (const char* covariate : {"", "requests"}) {
    policy.metrics[0].covariate = covariate;
    const Verdicts verdicts = judge_both(policy, b, c);
    expect_alike(verdicts);
    ASSERT_TRUE(verdicts.bins.metrics[0].adjustment);
    EXPECT_NEAR(verdicts.bins.metrics[0].adjustment->before, 0.25, 0.1);
    EXPECT_LT(std::abs(*verdicts.bins.metrics[0].estimate), 0.15);
  }
}

TEST(CutTables, RowsBeforeTheBeginningAreOfTheFirstStep) {
  const JudgePolicy policy = stepped(usual_policy());
  const ObservationTable b = arm({{}, {}, {}}, 11);
  const double begins_s = first_time(b, b) + 5;
  ObservationTable fixed = b;
  fixed.begins_s = begins_s;
  for (const ObservationTable& table : {fixed, compacted(b, policy, begins_s)}) {
    const std::vector<StepTables> steps = cut_into_steps(policy, table, table);
    double counted = 0;
    for (const StepTables& step : steps) counted += observations_in(step.canary.columns[0]);
    EXPECT_EQ(counted, observations_in(b.columns[0]));
    EXPECT_EQ(steps[1].canary.begins_s, begins_s + stretch_s);
  }
}

}  // namespace
}  // namespace haldane::analysis
