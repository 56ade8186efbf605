// Medians alone, of services so busy that what their requests share shows within a minute: what is
// found, and what such causes do to unchanged releases. docs/statistics/dependence.md holds the
// table, which HALDANE_STUDY_RUNS=200 repeats.
//
// Seeds are fixed. Flake budget as in shared_slowness_test.cpp.
#include <cstdint>

#include <fmt/format.h>
#include <gtest/gtest.h>

#include "analysis/judge/judge.h"
#include "tests/statistical/judge/slow_together.h"
#include "tests/statistical/judge/synthetic_arms.h"
#include "tests/support/study.h"

namespace haldane::analysis {
namespace {

using test::most_allowed;
using test::runs_or;

struct Watch {
  int seconds = 300;
  int seconds_a_look = 10;
  double margin = 0.05;
  std::uint64_t first_seed = 9'900'000;
};

// Looks until the first decision.
int rolled_back(const Service& baseline, const Service& canary, int releases, const Watch& given) {
  JudgePolicy policy;
  policy.metrics = {latency_policy(given.margin)};
  policy.metrics[0].quantiles = {0.5};
  int count = 0;
  for (int i = 0; i < releases; ++i) {
    const std::uint64_t seed = given.first_seed + 2 * static_cast<std::uint64_t>(i);
    SlowTogether b(baseline, seed);
    SlowTogether c(canary, seed + 1);
    Decision decision = Decision::inconclusive;
    for (int s = given.seconds_a_look; s <= given.seconds && decision == Decision::inconclusive;
         s += given.seconds_a_look) {
      b.run(given.seconds_a_look);
      c.run(given.seconds_a_look);
      decision = judge(policy, b.table(), c.table()).decision;
    }
    count += decision == Decision::rollback ? 1 : 0;
  }
  fmt::print("| {} /s, shared {}, factor {}, within {} s | {} | {} |\n", canary.requests_per_s,
             canary.slowness, canary.factor, given.seconds, releases, count);
  return count;
}

Service busy(double factor) {
  Service service;
  service.requests_per_s = 100;
  service.slowness = 0;
  service.factor = factor;
  return service;
}

TEST(BusyMedians, HalfAgainAsLargeAreFoundWithinAMinuteAndAHalf) {
  const int runs = runs_or(40);
  EXPECT_GE(rolled_back(busy(1), busy(1.5), runs, {90}), runs * 99 / 100);
}

TEST(BusyMedians, AQuarterLargerAreFoundBeforeFiveMinutesAreOver) {
  const int runs = runs_or(40);
  EXPECT_GE(rolled_back(busy(1), busy(1.25), runs, {240}), runs * 95 / 100);
}

TEST(BusyMedians, SharedCausesRollBackNoMoreUnchangedReleasesThanAlpha) {
  const int runs = runs_or(40);
  Service shared = busy(1);
  shared.slowness = 0.25;
  EXPECT_LE(rolled_back(shared, shared, runs, {300, 20, 0, 9'910'000}), most_allowed(runs, 0.01));
}

}  // namespace
}  // namespace haldane::analysis
