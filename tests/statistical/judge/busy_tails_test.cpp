// Tails of services that are busy enough for thousands of requests to come before anybody can know
// what their seconds share: what is found, and what causes that slow some requests do to unchanged
// releases. docs/statistics/dependence.md holds the table, which HALDANE_STUDY_RUNS=1000 repeats.
//
// Seeds are fixed. Flake budget as in shared_slowness_test.cpp; the bounds on power are the lower
// 99.9 % point of the binomial law at the promised 95 %.
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
  int seconds_a_look = 10;
  int looks = 10;
  double margin = 0.05;
  std::uint64_t first_seed = 9'760'000;
};

// Looks until the first decision.
int rolled_back(const Service& baseline, const Service& canary, int releases, const Watch& given) {
  JudgePolicy policy;
  policy.metrics = {latency_policy(given.margin)};
  int count = 0;
  for (int i = 0; i < releases; ++i) {
    const std::uint64_t seed = given.first_seed + 2 * static_cast<std::uint64_t>(i);
    SlowTogether b(baseline, seed);
    SlowTogether c(canary, seed + 1);
    Decision decision = Decision::inconclusive;
    for (int look = 0; look < given.looks && decision == Decision::inconclusive; ++look) {
      b.run(given.seconds_a_look);
      c.run(given.seconds_a_look);
      decision = judge(policy, b.table(), c.table()).decision;
    }
    count += decision == Decision::rollback ? 1 : 0;
  }
  fmt::print("| {} /s, {} looks each {} s | {} | {} |\n", canary.requests_per_s, given.looks,
             given.seconds_a_look, releases, count);
  return count;
}

Service busy(double requests_per_s) {
  Service service;
  service.requests_per_s = requests_per_s;
  service.slowness = 0;
  return service;
}

Service with_tail(Service service) {
  service.slow_share = 0.03;
  return service;
}

int least_allowed(int trials, double rate) {
  return trials - most_allowed(trials, 1 - rate);
}

TEST(BusyTails, ThreeOfAHundredRequestsFiveTimesSlowerAreFoundWithinFiveThousand) {
  const int runs = runs_or(150);
  EXPECT_GE(rolled_back(busy(50), with_tail(busy(50)), runs, {10, 10}), least_allowed(runs, 0.95));
  EXPECT_GE(rolled_back(busy(100), with_tail(busy(100)), runs, {5, 10}), least_allowed(runs, 0.95));
}

TEST(BusyTails, OfBusierServicesAreFoundInTwoThirdsOfAMinute) {
  const int runs = runs_or(40);
  EXPECT_GE(rolled_back(busy(200), with_tail(busy(200)), runs, {5, 8}), least_allowed(runs, 0.95));
}

// A tenth of the requests take five times as long in the seconds of a cause that stays for a while.
TEST(BusyTails, CausesThatSlowSomeRequestsRollBackNoMoreUnchangedReleasesThanAlpha) {
  const int runs = runs_or(150);
  Service some_slow = busy(200);
  some_slow.slow_share_of_bad_seconds = 0.1;
  EXPECT_LE(rolled_back(some_slow, some_slow, runs, {3, 10, 0}), most_allowed(runs, 0.01));
}

}  // namespace
}  // namespace haldane::analysis
