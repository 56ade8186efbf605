// Inputs that are not one value a request: bins bound quantiles, summaries decide nothing, censored
// inputs clear nobody.
#include <algorithm>
#include <cmath>
#include <random>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "analysis/judge/judge.h"

namespace haldane::analysis {
namespace {

using testing::Contains;
using testing::HasSubstr;

std::vector<double> lognormal(std::size_t n, double median, unsigned seed) {
  std::mt19937_64 random(seed);
  std::lognormal_distribution<double> law(std::log(median), 0.3);
  std::vector<double> values(n);
  for (double& v : values) v = law(random);
  return values;
}

ObservationTable raw(std::vector<double> values) {
  ObservationTable table;
  table.columns.emplace_back().name = "latency_ms";
  table.rows = static_cast<std::int64_t>(values.size());
  table.columns[0].values = std::move(values);
  return table;
}

// Bins whose upper bound is `growth` times the lower one.
ObservationTable binned(const std::vector<double>& values, double growth) {
  ObservationTable table;
  ObservationColumn& column = table.columns.emplace_back();
  column.name = "latency_ms";
  column.quality = Quality::binned;
  const double most = *std::max_element(values.begin(), values.end());
  for (double low = 0.1; low < most * growth; low *= growth) {
    const auto inside = std::count_if(values.begin(), values.end(),
                                      [&](double v) { return v > low && v <= low * growth; });
    if (inside > 0) column.bins.push_back({low, low * growth, static_cast<double>(inside)});
  }
  table.rows = static_cast<std::int64_t>(column.bins.size());
  return table;
}

JudgePolicy policy(MetricKind kind = MetricKind::samples) {
  JudgePolicy p;
  MetricPolicy metric;
  metric.name = "latency_ms";
  metric.kind = kind;
  metric.quantiles = {0.5, 0.95};
  metric.margin.relative = 0.1;
  p.metrics = {metric};
  return p;
}

TEST(BinnedInput, IntervalsContainThoseOfTheValues) {
  for (const unsigned seed : {1U, 2U, 3U}) {
    const auto a = lognormal(20'000, 10, seed);
    const auto b = lognormal(20'000, 10.3, seed + 100);
    const Verdict values = judge(policy(), raw(a), raw(b));
    const Verdict bins = judge(policy(), binned(a, 1.03), binned(b, 1.03));
    ASSERT_EQ(bins.metrics.size(), 2U);
    for (std::size_t i = 0; i < 2; ++i) {
      EXPECT_EQ(bins.metrics[i].baseline.n, 20'000);
      EXPECT_LE(*bins.metrics[i].ci_low, *values.metrics[i].ci_low);
      EXPECT_GE(*bins.metrics[i].ci_high, *values.metrics[i].ci_high);
      EXPECT_GT(*bins.metrics[i].ci_low, *values.metrics[i].ci_low - 0.08);
      EXPECT_LT(*bins.metrics[i].ci_high, *values.metrics[i].ci_high + 0.08);
    }
  }
}

TEST(BinnedInput, FineBinsDecideBothWays) {
  const auto a = lognormal(50'000, 10, 1);
  EXPECT_EQ(judge(policy(), binned(a, 1.01), binned(lognormal(50'000, 10, 2), 1.01)).decision,
            Decision::promote);
  EXPECT_EQ(judge(policy(), binned(a, 1.01), binned(lognormal(50'000, 15, 2), 1.01)).decision,
            Decision::rollback);
  JudgePolicy fixed = policy();
  fixed.mode = Mode::fixed;
  EXPECT_EQ(judge(fixed, binned(a, 1.01), binned(lognormal(50'000, 15, 2), 1.01)).decision,
            Decision::rollback);
}

TEST(BinnedInput, BinsWiderThanTheMarginCannotPromote) {
  const auto a = lognormal(50'000, 10, 1);
  const auto b = lognormal(50'000, 10, 2);
  const Verdict verdict = judge(policy(), binned(a, 2), binned(b, 2));
  EXPECT_EQ(verdict.decision, Decision::inconclusive);
  EXPECT_THAT(verdict.assumptions, Contains(HasSubstr("binned")));
}

TEST(BinnedInput, OneArmMayBeRaw) {
  const auto a = lognormal(50'000, 10, 1);
  EXPECT_EQ(judge(policy(), raw(a), binned(lognormal(50'000, 15, 2), 1.01)).decision,
            Decision::rollback);
}

// p50 lies in 10 .. 20 of either arm: -50 % or +100 % for ever.
TEST(BinnedInput, WideBinsAskForNoMoreData) {
  ObservationTable a;
  a.columns.emplace_back().name = "latency_ms";
  a.columns[0].quality = Quality::binned;
  a.columns[0].bins = {{0, 10, 1'000}, {10, 20, 3'000}, {20, 40, 1'000}};
  ObservationTable b = a;
  b.columns[0].bins = {{0, 10, 1'100}, {10, 20, 2'900}, {20, 40, 1'050}};
  const Verdict verdict = judge(policy(), a, b);
  EXPECT_EQ(verdict.decision, Decision::inconclusive);
  EXPECT_THAT(verdict.metrics[0].reason, HasSubstr("bins around it are too wide"));
  EXPECT_DOUBLE_EQ(*verdict.metrics[0].estimate, 0);  // of the middles, which are shown
  EXPECT_FALSE(verdict.needs.requests);
}

TEST(BinnedInput, BillionsAreThinnedAndOpenEndsStayHarmless) {
  ObservationTable a;
  a.columns.emplace_back().name = "latency_ms";
  a.columns[0].quality = Quality::binned;
  a.columns[0].bins = {{0, 10, 4e9}, {10, 10.1, 5e9}, {10.1, 1e300, 1e9}};
  ObservationTable b = a;
  b.columns[0].bins = {{0, 10, 1e9}, {10, 20, 1e9}, {20, 1e300, 8e9}};
  const Verdict verdict = judge(policy(), a, b);
  EXPECT_EQ(verdict.decision, Decision::rollback);
  EXPECT_EQ(verdict.metrics[0].canary.n, 10'000'000'000);
}

TEST(BinnedInput, OtherKindsSayThatTheyNeedValues) {
  const auto a = binned(lognormal(1'000, 10, 1), 1.01);
  const Verdict verdict = judge(policy(MetricKind::gauge), a, a);
  EXPECT_EQ(verdict.decision, Decision::inconclusive);
  ASSERT_EQ(verdict.metrics.size(), 1U);
  EXPECT_THAT(verdict.metrics[0].reason, HasSubstr("binned"));
}

TEST(SummaryInput, IsReportedAndNeverDecides) {
  ObservationTable a;
  a.columns.emplace_back().name = "latency_ms";
  a.columns[0].quality = Quality::summary;
  a.columns[0].summary = {{0.5, 10}, {0.95, 20}};
  ObservationTable b = a;
  b.columns[0].summary = {{0.5, 100}, {0.95, 200}};
  const Verdict verdict = judge(policy(), a, b);
  EXPECT_EQ(verdict.decision, Decision::inconclusive);
  EXPECT_EQ(verdict.metrics[1].baseline.value, 20);
  EXPECT_EQ(verdict.metrics[1].canary.value, 200);
  EXPECT_THAT(verdict.metrics[0].reason, HasSubstr("summary"));
  EXPECT_EQ(judge_without_policy(a, b).decision, Decision::inconclusive);
}

TEST(CensoredInput, CanBeRolledBackButNotPromoted) {
  const ObservationTable a = raw(lognormal(50'000, 10, 1));
  ObservationTable good = raw(lognormal(50'000, 10, 2));
  good.censored = "arrivals were dropped";
  const Verdict held = judge(policy(), a, good);
  EXPECT_EQ(held.decision, Decision::inconclusive);
  EXPECT_THAT(held.reasons, Contains(HasSubstr("arrivals were dropped")));
  ObservationTable bad = raw(lognormal(50'000, 15, 2));
  bad.censored = "arrivals were dropped";
  EXPECT_EQ(judge(policy(), a, bad).decision, Decision::rollback);
}

TEST(DetailColumns, AreJudgedOnlyWhenNamed) {
  ObservationTable a = raw(lognormal(100, 10, 1));
  a.columns.emplace_back(a.columns[0]).name = "http_req_waiting";
  a.columns[1].detail = true;
  EXPECT_EQ(infer_policy(a, a).policy.metrics.size(), 1U);
}

}  // namespace
}  // namespace haldane::analysis
