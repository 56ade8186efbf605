// Beginnings of stopped replications are cut to what all of them cover.
#include "cli/simulate/cut_runs.h"

#include <gtest/gtest.h>

namespace haldane::cli {
namespace {

/// `bins` bins of a second, slices of two bins (the last may be shorter); values are bin numbers.
sim::Measurements run_of(std::uint32_t bins) {
  sim::Measurements run;
  for (std::uint32_t bin = 0; bin <= bins; ++bin) {
    run.grid.bin_bounds.push_back(SimTime::zero() + Duration::seconds(bin));
  }
  for (std::uint32_t bin = 0; bin < bins; bin += 2) run.grid.slice_begin.push_back(bin);
  run.grid.slice_begin.push_back(bins);
  run.counters.emplace_back();
  for (std::uint32_t bin = 0; bin < bins; ++bin) run.counters[0].push_back(bin);
  run.maxima = run.counters;
  run.latencies.assign(1, std::vector<sim::LatencySlice>(run.grid.slices()));
  return run;
}

TEST(CommonBeginning, IsWhatTheShortestHasCompleted) {
  const auto runs = common_beginning({run_of(10), run_of(6), run_of(8)}, 0);
  ASSERT_EQ(runs.size(), 3U);
  for (const sim::Measurements& run : runs) {
    EXPECT_EQ(run.grid.bins(), 6U);
    EXPECT_EQ(run.grid.slices(), 3U);
    EXPECT_EQ(run.grid.slice_begin.back(), 6U);
    EXPECT_EQ(run.counters[0], (std::vector<std::int64_t>{0, 1, 2, 3, 4, 5}));
    EXPECT_EQ(run.maxima[0].size(), 6U);
    EXPECT_EQ(run.latencies[0].size(), 3U);
  }
}

TEST(CommonBeginning, LeavesOutASliceThatTheOthersDoNotEndAt) {
  const auto runs = common_beginning({run_of(10), run_of(7)}, 0);
  ASSERT_EQ(runs.size(), 2U);
  EXPECT_EQ(runs[0].grid.bins(), 6U);
  EXPECT_EQ(runs[1].grid.bins(), 6U);
}

TEST(CommonBeginning, KeepsAllOfASingleRun) {
  const auto runs = common_beginning({run_of(7)}, 2);
  ASSERT_EQ(runs.size(), 1U);
  EXPECT_EQ(runs[0].grid.bins(), 7U);
}

TEST(CommonBeginning, LeavesOutRunsThatAreStillInTheirWarmup) {
  const auto runs = common_beginning({run_of(10), run_of(4), sim::Measurements{}}, 4);
  ASSERT_EQ(runs.size(), 1U);
  EXPECT_EQ(runs[0].grid.bins(), 10U);
}

TEST(CommonBeginning, IsNothingWithoutAWholeSlice) {
  EXPECT_TRUE(common_beginning({}, 0).empty());
  EXPECT_TRUE(common_beginning({sim::Measurements{}}, 0).empty());
  EXPECT_TRUE(common_beginning({run_of(4)}, 4).empty());
}

}  // namespace
}  // namespace haldane::cli
