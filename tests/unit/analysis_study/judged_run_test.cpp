// Releases made of a few numbers, so that it is plain what every judge must say and when.
#include "analysis/study/judged_run.h"

#include <cmath>
#include <optional>
#include <utility>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "analysis/study/kayenta_rule.h"
#include "analysis/study/margin_advice.h"
#include "analysis/study/power_summary.h"

namespace haldane::analysis {
namespace {

using testing::ElementsAre;

MetricPolicy errors_metric() {
  MetricPolicy metric;
  metric.name = "errors";
  metric.kind = MetricKind::ratio;
  metric.exposure = "requests";
  metric.margin.absolute = 0.01;
  return metric;
}

JudgePolicy errors_policy() {
  JudgePolicy policy;
  policy.metrics = {errors_metric()};
  return policy;
}

/// A row each minute; the arms differ in the last digits so that they are not the same data.
ObservationTable minutes(int count, double requests, double errors) {
  ObservationTable table;
  table.has_timestamps = true;
  table.columns = {{"requests", {}, {}}, {"errors", {}, {}}};
  for (int minute = 1; minute <= count; ++minute) {
    for (ObservationColumn& column : table.columns) column.times_s.push_back(60.0 * minute);
    table.columns[0].values.push_back(requests + minute % 3);
    table.columns[1].values.push_back(errors + minute % 2);
  }
  return table;
}

LookSchedule ten_minutes(std::vector<double> looks) {
  return {0, std::move(looks), 60};
}

const StudiedDecision& of(const JudgedRun& run, StudiedJudge judge) {
  return run.decisions[static_cast<std::size_t>(judge)];
}

TEST(JudgedRun, EndsAtTheFirstDecision) {
  // 30 % of errors are beyond a margin of one point after a minute of 1,000 requests.
  const JudgedRun run = judge_run(errors_policy(), minutes(10, 1000, 10), minutes(10, 1001, 300),
                                  ten_minutes({60, 300, 600}));
  EXPECT_EQ(of(run, StudiedJudge::own).decision, Decision::rollback);
  EXPECT_EQ(of(run, StudiedJudge::own).look, 0U);
  ASSERT_EQ(run.entries.size(), 1U);
  EXPECT_NEAR(*run.entries[0].estimate, 0.29, 0.005);
  EXPECT_GT(*run.entries[0].beyond, 0.2);
}

TEST(JudgedRun, SeesOnlyWhatCameBeforeALook) {
  // Errors begin in the sixth minute: the first look cannot know.
  ObservationTable canary = minutes(10, 1001, 0);
  for (std::size_t minute = 5; minute < 10; ++minute) canary.columns[1].values[minute] = 500;
  JudgePolicy policy = errors_policy();
  policy.metrics[0].role = Role::guardrail;
  const JudgedRun run =
      judge_run(policy, minutes(10, 1000, 0), canary, ten_minutes({240, 480, 600}));
  EXPECT_EQ(of(run, StudiedJudge::own).decision, Decision::rollback);
  EXPECT_EQ(of(run, StudiedJudge::own).look, 1U);
}

TEST(JudgedRun, AFixedPolicyLooksOnce) {
  JudgePolicy policy = errors_policy();
  policy.mode = Mode::fixed;
  const JudgedRun run =
      judge_run(policy, minutes(10, 1000, 10), minutes(10, 1001, 300), ten_minutes({60, 300, 600}));
  EXPECT_EQ(of(run, StudiedJudge::own).decision, Decision::rollback);
  EXPECT_EQ(of(run, StudiedJudge::own).look, 2U);
}

TEST(KayentaRule, HasAValueForEachWholeStep) {
  ObservationTable table;
  table.has_timestamps = true;
  table.columns = {{"latency_ms", {1, 3, 5, 7, 9}, {10, 50, 60, 61, 200}}};
  JudgePolicy policy;
  MetricPolicy metric;
  metric.name = "latency_ms";
  metric.quantiles = {0.5};
  policy.metrics = {metric};
  const auto series = kayenta_series(policy, table, table, {0, 150, 60});
  ASSERT_EQ(series.size(), 1U);
  EXPECT_EQ(series[0].name, "latency_ms p50");
  // 60 s ends the first step; 200 s is beyond the span, whose last half step is left out.
  EXPECT_THAT(series[0].control, ElementsAre(3, 7));
  EXPECT_TRUE(series[0].critical);
}

TEST(KayentaRule, FailsACriticalMetricThatIsHigh) {
  const auto series = [](double errors) {
    return kayenta_series(errors_policy(), minutes(10, 1000, 10), minutes(10, 1001, errors),
                          {0, 600, 60});
  };
  EXPECT_EQ(kayenta_decision(series(300), KayentaLimits::defaults), Decision::rollback);
  EXPECT_EQ(kayenta_decision(series(10), KayentaLimits::defaults), Decision::promote);
  EXPECT_EQ(kayenta_decision({}, KayentaLimits::defaults), Decision::inconclusive);
}

TEST(KayentaRule, AMarginOfThePolicyAllowsAnEffect) {
  JudgePolicy policy = errors_policy();
  policy.metrics[0].margin = {0.5, std::nullopt};
  const auto series =
      kayenta_series(policy, minutes(10, 1000, 100), minutes(10, 1001, 120), {0, 600, 60});
  EXPECT_EQ(kayenta_decision(series, KayentaLimits::defaults), Decision::rollback);
  EXPECT_EQ(kayenta_decision(series, KayentaLimits::margins), Decision::promote);
}

/// Runs whose only entry has these bounds.
CaseSummary case_of(const std::vector<double>& inside, double beyond) {
  std::vector<JudgedRun> runs;
  for (const double bound : inside) {
    JudgedRun run;
    EntryReading reading;
    reading.margin = 0.05;
    reading.estimate = beyond;
    reading.inside = bound;
    reading.beyond = beyond;
    run.entries = {reading};
    runs.push_back(run);
  }
  return summarize(runs, {{"latency_ms", 0.5, Role::critical, Worse::higher}}, {0, {60, 120}, 60});
}

TEST(PowerSummary, CountsDecisionsByLookAndTheirTimes) {
  std::vector<JudgedRun> runs(4);
  const auto say = [&runs](std::size_t run, Decision decision, std::uint32_t look) {
    runs[run].decisions[0] = {decision, look};
  };
  say(0, Decision::rollback, 1);
  say(1, Decision::rollback, 0);
  say(2, Decision::promote, 1);
  const CaseSummary summary = summarize(runs, {}, {30, {90, 150}, 60});
  const JudgeSummary& own = summary.of(StudiedJudge::own);
  EXPECT_EQ(own.rollback.count, 2);
  EXPECT_EQ(own.promote.count, 1);
  EXPECT_EQ(own.inconclusive.count, 1);
  EXPECT_THAT(own.rollback_by_look, ElementsAre(1, 2));
  EXPECT_THAT(own.promote_by_look, ElementsAre(0, 1));
  EXPECT_EQ(own.decide_s_p50, 120);
  EXPECT_EQ(first_look_with(own, Decision::rollback, 0.25), 0U);
  EXPECT_EQ(first_look_with(own, Decision::rollback, 0.5), 1U);
  EXPECT_EQ(first_look_with(own, Decision::rollback, 0.75), std::nullopt);
}

TEST(PowerSummary, ExpectsARollbackBeyondTheMargin) {
  EXPECT_EQ(case_of({0.1, 0.1}, 0.2).expected, Decision::rollback);
  EXPECT_EQ(case_of({0.1, 0.1}, 0.01).expected, Decision::promote);
}

TEST(MarginAdvice, CoversTheWantedShareAndIsCheckedOnOtherRuns) {
  // Found on the even runs 0.01, 0.02, ..., 0.1; the odd ones are twice as wide.
  std::vector<double> inside;
  for (int i = 1; i <= 10; ++i) {
    inside.push_back(0.01 * i);
    inside.push_back(0.02 * i);
  }
  const CaseSummary unchanged = case_of(inside, 0);
  const CaseSummary slower = case_of({1, 1}, 0.3);
  const MarginAdvice advice = advise_margins(unchanged, {{"latency=40%", &slower}}, 0.9);
  ASSERT_EQ(advice.entries.size(), 1U);
  EXPECT_NEAR(*advice.entries[0].at_least, 0.09, 1e-12);
  ASSERT_EQ(advice.entries[0].limits.size(), 1U);
  EXPECT_NEAR(*advice.entries[0].limits[0].at_most, 0.3, 1e-12);
  EXPECT_EQ(advice.checked.runs, 10);
  EXPECT_EQ(advice.checked.count, 4);
}

TEST(MarginAdvice, HasNoneWhereIntervalsAreUnbounded) {
  CaseSummary unchanged = case_of({0.1, 0.1, 0.1, 0.1}, 0);
  for (double& bound : unchanged.entries[0].inside) bound = std::nan("");
  const MarginAdvice advice = advise_margins(unchanged, {}, 0.9);
  EXPECT_FALSE(advice.entries[0].at_least);
  EXPECT_EQ(advice.checked.runs, 0);
}

}  // namespace
}  // namespace haldane::analysis
