#include "analysis/estimate/run_estimator.h"

#include <random>

#include <gtest/gtest.h>

#include "analysis/estimate/precision.h"
#include "tests/unit/analysis_estimate/fake_measurements.h"

namespace haldane::analysis {
namespace {

/// Replications whose rate is 100 with a standard deviation of 10.
struct NoisySource {
  std::uint32_t asked = 0;
  std::vector<sim::Measurements> run(std::uint32_t first, std::uint32_t count) {
    std::vector<sim::Measurements> runs;
    for (std::uint32_t i = first; i < first + count; ++i) {
      std::mt19937_64 random(i);
      sim::Measurements run = empty_run(1);
      run.counters[0][0] = 100 + static_cast<std::int64_t>(random() % 35) - 17;
      run.digest = i;
      runs.push_back(std::move(run));
    }
    asked += count;
    return runs;
  }
};

sim::MetricCatalogue rate_catalogue() {
  return {definition("requests.rate_per_s", "1/s", sim::MetricKind::rate)};
}

TEST(RunEstimator, GivesTheSameForRunsKeptWholeAndRunsReduced) {
  NoisySource source;
  const std::vector<sim::Measurements> runs = source.run(0, 20);
  RunEstimator estimator(rate_catalogue(), false);
  std::vector<Unit> units;
  for (const sim::Measurements& run : runs) {
    estimator.add(run);
    units.push_back(whole_run(run, 0));
    if (units.size() < 2) continue;
    const auto expected = estimate_metrics(rate_catalogue(), {units, units.size()});
    EXPECT_EQ(estimator.metrics()[0].value, expected[0].value);
    EXPECT_EQ(estimator.metrics()[0].ci_high, expected[0].ci_high);
  }
}

TEST(RunEstimator, TwoReplicationsGiveAUsefulInterval) {
  RunEstimator estimator(rate_catalogue(), false);
  std::mt19937_64 random(7);
  for (int r = 0; r < 2; ++r) {
    sim::Measurements run = empty_run(64);
    for (auto& count : run.counters[0])
      count = 1'000 + static_cast<std::int64_t>(random() % 201) - 100;
    estimator.add(std::move(run));
  }
  // The standard error is 58 / sqrt(128) = 5.1; Student's t over two values would give 12.7 of
  // them.
  const double half = *relative_half_width(estimator.metrics()[0]) * 1'000;
  EXPECT_GT(half, 6);
  EXPECT_LT(half, 17);
}

TEST(RunEstimator, TakesASurgeThatAllReplicationsShareForNoChance) {
  RunEstimator estimator(rate_catalogue(), false);
  for (int r = 0; r < 2; ++r) {
    sim::Measurements run = empty_run(64);
    for (std::size_t bin = 0; bin < 64; ++bin) run.counters[0][bin] = bin < 32 ? 100 : 300;
    estimator.add(std::move(run));
  }
  const MetricEstimate estimate = estimator.metrics()[0];
  EXPECT_DOUBLE_EQ(*estimate.value, 200);
  EXPECT_NEAR(*estimate.ci_high - *estimate.ci_low, 0, 1e-9);
}

TEST(RunEstimator, FillsSeriesAveragedOverReplications) {
  RunEstimator estimator(rate_catalogue(), false);
  sim::Measurements run = empty_run(2);
  run.counters[0] = {10, 20};
  estimator.add(run);
  run.counters[0] = {30, 40};
  estimator.add(run);
  RunResult result;
  estimator.fill(result);
  ASSERT_EQ(result.series.size(), 1U);
  EXPECT_EQ(result.series[0].t_s, (std::vector<double>{0.5, 1.5}));
  EXPECT_EQ(*result.series[0].v[0], 20);
  EXPECT_EQ(*result.series[0].v[1], 30);
  EXPECT_EQ(result.replications, 2U);
}

TEST(RunEstimator, DigestDependsOnTheOrderOfReplications) {
  EXPECT_NE(combine_digests({1, 2}), combine_digests({2, 1}));
  EXPECT_EQ(combine_digests({1, 2}).size(), 16U);
}

TEST(RunUntilPrecise, StopsWhenEveryGoalIsMet) {
  NoisySource source;
  RunEstimator estimator(rate_catalogue(), false);
  const auto outcomes =
      run_until_precise(source, estimator, {{"requests.rate_per_s", 0.01}}, 1, 10'000);
  ASSERT_EQ(outcomes.size(), 1U);
  EXPECT_TRUE(outcomes[0].met);
  EXPECT_LE(*outcomes[0].achieved, 0.01);
  // (1.96 * 10 / 1)^2 = 384 replications are enough for 1 % of 100; a half more for good measure.
  EXPECT_LT(estimator.replications(), 600U);
  EXPECT_EQ(estimator.replications(), source.asked);
}

TEST(RunUntilPrecise, SaysWhenTheLimitWasHit) {
  NoisySource source;
  RunEstimator estimator(rate_catalogue(), false);
  const auto outcomes =
      run_until_precise(source, estimator, {{"requests.rate_per_s", 0.0001}}, 1, 50);
  EXPECT_FALSE(outcomes[0].met);
  EXPECT_EQ(estimator.replications(), 50U);
}

TEST(RunUntilPrecise, DoesNotDependOnThePortionItAsksFor) {
  std::vector<std::size_t> counts;
  for (const std::uint32_t portion : {1U, 7U, 64U}) {
    NoisySource source;
    RunEstimator estimator(rate_catalogue(), false);
    static_cast<void>(
        run_until_precise(source, estimator, {{"requests.rate_per_s", 0.02}}, 1, 10'000, portion));
    counts.push_back(estimator.replications());
  }
  EXPECT_EQ(counts[0], counts[1]);
  EXPECT_EQ(counts[1], counts[2]);
}

TEST(RunUntilPrecise, WithoutGoalsRunsExactlyWhatWasAsked) {
  NoisySource source;
  RunEstimator estimator(rate_catalogue(), false);
  EXPECT_TRUE(run_until_precise(source, estimator, {}, 3, 1'000).empty());
  EXPECT_EQ(estimator.replications(), 3U);
}

TEST(RunUntilPrecise, AGoalThatIsJustReachedIsMet) {
  const std::vector<MetricEstimate> metrics = {{"m", "ms", 8.0, 7.0, 9.0, 0.95}};
  EXPECT_TRUE(check_precision({{"m", 0.125}}, metrics)[0].met);
  EXPECT_FALSE(check_precision({{"m", 0.1249}}, metrics)[0].met);
}

TEST(RunUntilPrecise, AsksForAsManyRunsAsTheWidthNeedsAndATenthMore) {
  const auto next = [](double achieved, std::uint32_t most) {
    return next_replications({{{"m", 0.1}, achieved, achieved <= 0.1}}, 100, most);
  };
  EXPECT_EQ(next(0.1, 1'000), 100U);
  EXPECT_EQ(next(0.12, 1'000), 159U);  // 100 * 1.2^2 * 1.1, rounded up
  EXPECT_EQ(next(0.5, 1'000), 200U);   // never more than twice as many
  EXPECT_EQ(next(0.5, 130), 130U);
  EXPECT_EQ(next(0.5, 100), 100U);
}

TEST(RunUntilPrecise, TreatsAMetricThatIsMissingAsNotMet) {
  const auto outcomes = check_precision({{"nobody", 0.1}}, {});
  EXPECT_FALSE(outcomes[0].met);
  EXPECT_FALSE(outcomes[0].achieved.has_value());
}

}  // namespace
}  // namespace haldane::analysis
