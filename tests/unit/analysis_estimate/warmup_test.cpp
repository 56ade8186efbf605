#include "analysis/estimate/warmup.h"

#include <vector>

#include <gtest/gtest.h>

#include "tests/unit/analysis_estimate/fake_measurements.h"

namespace haldane::analysis {
namespace {

/// High until `change`, then a level with a small regular ripple.
std::vector<double> step(std::size_t length, std::size_t change) {
  std::vector<double> series(length, 1.0);
  for (std::size_t i = 0; i < length; ++i)
    series[i] = (i < change ? 100.0 : 10.0) + (i % 2 == 0 ? 0.1 : -0.1);
  return series;
}

TEST(Mser, CutsAtTheStep) {
  const Truncation cut = mser(step(500, 50), 5);
  EXPECT_EQ(cut.values, 50U);
  EXPECT_FALSE(cut.doubtful);
}

TEST(Mser, CutsNothingFromAConstant) {
  EXPECT_EQ(mser(std::vector<double>(500, 3.0), 5).values, 0U);
}

TEST(Mser, CutsNothingFromTooFewValues) {
  EXPECT_EQ(mser(step(40, 20), 5).values, 0U);
}

TEST(Mser, DoubtsASeriesThatSettlesInItsSecondHalf) {
  const Truncation cut = mser(step(500, 400), 5);
  EXPECT_TRUE(cut.doubtful);
  EXPECT_LE(cut.values, 250U);
}

/// 64 slices of 8 bins whose counter 0 is 50 until bin `change`, then 10 of 100.
sim::Measurements warming_run(std::size_t change) {
  sim::Measurements run = empty_run(64, 8);
  for (std::size_t bin = 0; bin < run.grid.bins(); ++bin) {
    run.counters[0][bin] = (bin < change ? 50 : 10) + static_cast<std::int64_t>(bin % 2);
    run.counters[1][bin] = 100;
  }
  return run;
}

TEST(AutomaticWarmup, RoundsUpToASliceBoundary) {
  const auto metric = definition("edge.hit_ratio", "ratio", sim::MetricKind::ratio);
  const Warmup warmup = automatic_warmup({metric}, warming_run(35), {"edge.hit_ratio"});
  EXPECT_EQ(warmup.bins, 40U);
  EXPECT_DOUBLE_EQ(warmup.seconds, 40);
  EXPECT_TRUE(warmup.automatic);
}

TEST(AutomaticWarmup, FollowsTheSlowestGuide) {
  sim::Measurements run = warming_run(20);
  for (std::size_t bin = 0; bin < run.grid.bins(); ++bin) {
    run.counters[1][bin] = (bin < 80 ? 50 : 10) + static_cast<std::int64_t>(bin % 2);
  }
  auto fast = definition("fast", "1/s", sim::MetricKind::rate);
  auto slow = definition("slow", "1/s", sim::MetricKind::rate);
  slow.a = 1;
  EXPECT_EQ(automatic_warmup({fast, slow}, run, {"fast"}).bins, 24U);
  EXPECT_EQ(automatic_warmup({fast, slow}, run, {"fast", "slow"}).bins, 80U);
}

TEST(AutomaticWarmup, PassesOverGuidesThatAreAbsent) {
  auto metric = definition("edge.hit_ratio", "ratio", sim::MetricKind::ratio);
  metric.absent = true;
  metric.a = 99;
  EXPECT_EQ(automatic_warmup({metric}, warming_run(35), {"edge.hit_ratio", "nobody"}).bins, 0U);
}

TEST(StatedWarmup, IsTheGrids) {
  const Warmup warmup = stated_warmup(empty_run(4, 2, 2).grid);
  EXPECT_EQ(warmup.bins, 2U);
  EXPECT_DOUBLE_EQ(warmup.seconds, 2);
  EXPECT_FALSE(warmup.automatic);
}

}  // namespace
}  // namespace haldane::analysis
