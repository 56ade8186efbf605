#include "analysis/estimate/metric_estimates.h"

#include <gtest/gtest.h>

#include "tests/unit/analysis_estimate/fake_measurements.h"

namespace haldane::analysis {
namespace {

using sim::MetricKind;

/// Four one-second slices; counter 0 counts 10, 20, 30, 40 and counter 1 always 100.
sim::Measurements counting_run() {
  sim::Measurements run = empty_run(4);
  run.counters[0] = {10, 20, 30, 40};
  run.counters[1] = {100, 100, 100, 100};
  return run;
}

MetricEstimate estimate_one(const sim::MetricDefinition& metric, const sim::Measurements& run,
                            std::uint32_t warmup_bins = 0) {
  return estimate_metrics({metric}, {batches(run, warmup_bins), 1}).front();
}

TEST(MetricEstimates, RateIsEventsPerMeasuredSecond) {
  const auto metric = definition("requests.rate_per_s", "1/s", MetricKind::rate);
  EXPECT_DOUBLE_EQ(*estimate_one(metric, counting_run()).value, 25);
  EXPECT_DOUBLE_EQ(*estimate_one(metric, counting_run(), 2).value, 35);
}

TEST(MetricEstimates, RatioIsARatioOfSumsNotAMeanOfRatios) {
  sim::Measurements run = empty_run(2);
  run.counters[0] = {1, 90};
  run.counters[1] = {1, 99};
  const auto metric = definition("edge.hit_ratio", "ratio", MetricKind::ratio);
  EXPECT_DOUBLE_EQ(*estimate_one(metric, run).value, 0.91);
}

TEST(MetricEstimates, RatioWithoutADenominatorIsEmpty) {
  const auto metric = definition("edge.hit_ratio", "ratio", MetricKind::ratio);
  const MetricEstimate estimate = estimate_one(metric, empty_run(4));
  EXPECT_FALSE(estimate.value.has_value());
  EXPECT_FALSE(estimate.ci_low.has_value());
}

TEST(MetricEstimates, ShareStaysBetweenZeroAndOne) {
  sim::Measurements run = empty_run(4);
  run.counters[0] = {100, 100, 100, 2};
  run.counters[1] = {100, 100, 100, 100};
  const auto metric = definition("edge.hit_ratio", "ratio", MetricKind::ratio);
  const MetricEstimate estimate = estimate_one(metric, run);
  EXPECT_LE(*estimate.ci_high, 1.0);
  EXPECT_GE(*estimate.ci_low, 0.0);
}

TEST(MetricEstimates, AConstantHasAnIntervalWithoutWidth) {
  sim::Measurements run = empty_run(20);
  for (auto& count : run.counters[0]) count = 3;
  for (auto& count : run.counters[1]) count = 7;
  for (const auto kind : {MetricKind::rate, MetricKind::ratio}) {
    const MetricEstimate estimate = estimate_one(definition("x", "1/s", kind), run);
    EXPECT_EQ(estimate.ci_low, estimate.value);
    EXPECT_EQ(estimate.ci_high, estimate.value);
  }
}

TEST(MetricEstimates, TimeAverageDividesTheIntegralByTime) {
  sim::Measurements run = empty_run(2);
  run.counters[0] = {3'000'000'000, 5'000'000'000};
  const auto metric = definition("api.queue_depth.mean", "1", MetricKind::time_average);
  EXPECT_DOUBLE_EQ(*estimate_one(metric, run).value, 4);
}

TEST(MetricEstimates, TotalOfOneRunSumsAndOfSeveralIsTheMean) {
  const auto metric = definition("workers.dead_letters", "1", MetricKind::total);
  EXPECT_DOUBLE_EQ(*estimate_one(metric, counting_run()).value, 100);
  const std::vector<Unit> units(3, whole_run(counting_run(), 0));
  EXPECT_DOUBLE_EQ(*estimate_metrics({metric}, {units, 3})[0].value, 100);
}

TEST(MetricEstimates, MaximumOfOneRunHasNoBounds) {
  sim::Measurements run = empty_run(4);
  run.maxima[0] = {1, 7, 3, 2};
  const auto metric = definition("api.queue_depth.max", "1", MetricKind::maximum);
  const MetricEstimate estimate = estimate_one(metric, run);
  EXPECT_EQ(estimate.value, 7);
  EXPECT_FALSE(estimate.ci_low.has_value());
  EXPECT_FALSE(estimate.ci_high.has_value());
}

TEST(MetricEstimates, MaximumOfReplicationsIsTheirMeanWithStudentsInterval) {
  std::vector<Unit> units(3);
  units[0].maxima = {4};
  units[1].maxima = {6};
  units[2].maxima = {8};
  const auto metric = definition("api.queue_depth.max", "1", MetricKind::maximum);
  const MetricEstimate estimate = estimate_metrics({metric}, {units, 3})[0];
  EXPECT_EQ(estimate.value, 6);
  // R: t.test(c(4, 6, 8))$conf.int = 1.031724 10.968276
  EXPECT_NEAR(*estimate.ci_low, 1.0317245, 1e-6);
  EXPECT_NEAR(*estimate.ci_high, 10.9682755, 1e-6);
}

TEST(MetricEstimates, AbsentTierIsEmptyWithoutTouchingIndices) {
  auto metric = definition("workers.lag_s.mean", "s", MetricKind::time_average);
  metric.absent = true;
  metric.a = 99;
  EXPECT_FALSE(estimate_one(metric, counting_run()).value.has_value());
}

TEST(MetricEstimates, LatencyMeanComesFromExactSums) {
  sim::Measurements run = empty_run(2);
  run.latencies[0][0] = slice_of({1'000'001, 1'000'003});
  run.latencies[0][1] = slice_of({1'000'002});
  const auto metric = definition("requests.latency_ms.mean", "ms", MetricKind::latency_mean, 1e-6);
  EXPECT_DOUBLE_EQ(*estimate_one(metric, run).value, 1.000002);
}

TEST(MetricEstimates, QuantileIsTheSmallestValueThatEnoughDoNotExceed) {
  sim::Measurements run = empty_run(2);
  run.latencies[0][0] = slice_of({100, 200, 300, 400, 500});
  run.latencies[0][1] = slice_of({600, 700, 800, 900, 1000});
  for (const auto& [quantile, expected] : {std::pair(0.5, 500.0), {0.9, 900.0}, {0.91, 1000.0}}) {
    const auto metric = definition("x.p", "ms", MetricKind::latency_quantile, 1, quantile);
    EXPECT_EQ(*estimate_one(metric, run).value, expected) << quantile;
  }
}

TEST(MetricEstimates, QuantileBeyondWhatWasSeenHasNoUpperBound) {
  sim::Measurements run = empty_run(2);
  run.latencies[0][0] = slice_of({100, 200, 300, 400, 500});
  run.latencies[0][1] = slice_of({600, 700, 800, 900, 1000});
  const auto metric = definition("x.p999", "ms", MetricKind::latency_quantile, 1, 0.999);
  const MetricEstimate estimate = estimate_one(metric, run);
  EXPECT_EQ(estimate.value, 1000);
  EXPECT_TRUE(estimate.ci_low.has_value());
  EXPECT_FALSE(estimate.ci_high.has_value());
}

TEST(MetricEstimates, QuantileOfAConstantHasNoWidth) {
  sim::Measurements run = empty_run(4);
  for (auto& slice : run.latencies[0]) slice = slice_of({500, 500});
  const auto metric = definition("x.p999", "ms", MetricKind::latency_quantile, 1, 0.999);
  const MetricEstimate estimate = estimate_one(metric, run);
  EXPECT_EQ(estimate.ci_low, 500);
  EXPECT_EQ(estimate.ci_high, 500);
}

TEST(MetricEstimates, OneUnitGivesAValueWithoutBounds) {
  const auto metric = definition("x", "1/s", MetricKind::rate);
  const auto estimate = estimate_metrics({metric}, {{whole_run(counting_run(), 0)}, 1})[0];
  EXPECT_TRUE(estimate.value.has_value());
  EXPECT_FALSE(estimate.ci_low.has_value());
}

TEST(RelativeHalfWidth, IsEmptyWhereItMeansNothing) {
  EXPECT_DOUBLE_EQ(*relative_half_width({"x", "s", 10.0, 9.0, 11.0, 0.95}), 0.1);
  EXPECT_EQ(relative_half_width({"x", "s", 0.0, 0.0, 0.0, 0.95}), 0.0);
  EXPECT_FALSE(relative_half_width({"x", "s", 0.0, -1.0, 1.0, 0.95}).has_value());
  EXPECT_FALSE(relative_half_width({"x", "s", 10.0, 9.0, {}, 0.95}).has_value());
}

TEST(LatencyDistributions, RiseToOneAndCarryTheCount) {
  sim::Measurements run = empty_run(1);
  run.latencies[0][0] = slice_of({100, 200, 300, 400});
  const auto metric = definition("edge.latency_ms.mean", "ms", MetricKind::latency_mean);
  const auto distributions = latency_distributions({metric}, {{whole_run(run, 0)}, 1});
  ASSERT_EQ(distributions.size(), 1U);
  EXPECT_EQ(distributions[0].name, "edge.latency_ms");
  EXPECT_EQ(distributions[0].count, 4U);
  EXPECT_EQ(distributions[0].points.back().probability, 1.0);
  EXPECT_EQ(distributions[0].points.back().value_ms, 400);
}

}  // namespace
}  // namespace haldane::analysis
