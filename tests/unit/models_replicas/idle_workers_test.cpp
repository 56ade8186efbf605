// Workers that idle at nothing though they have a minimum, and what the log keeps of it.
#include <string>
#include <utility>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/support/trial.h"

namespace haldane::models {
namespace {

using test::scenario;
using test::Trial;

// 300 jobs of a second each at 10 min and at 20 min, and nothing else.
constexpr std::string_view now_and_then = R"(
schema: haldane.scenario/1
name: now-and-then
duration: 30m
warmup: 0s
traffic: {arrivals: {process: poisson, rate: 0.000001/s}}
edge: none
api: {replicas: 1, service: {deterministic: {value: 1ms}}}
workers:
  replicas: 3
  service: {deterministic: {value: 1s}}
  batch: {every: 10m, jobs: 300, first: 10m}
  autoscaler: {kind: keda, min: 3, idle: 0, max: 10, target: 20, cooldown: 60s}
)";

// Polls come every 30 s and see a queue 15 to 45 s after it came; then the HPA at once wants 15,
// and may double. At 690 s half of the jobs are left, at 696 s none: 720 s is the last poll that
// sees one, and 60 s later the cooldown is over at the next poll.
TEST(IdleWorkers, AreNobodyUntilThereIsSomethingToDo) {
  const Trial run(scenario(now_and_then));
  std::vector<std::pair<double, std::uint32_t>> changes;
  std::size_t unchanged = 0;
  for (const ScaleStep& step : run.result().worker_scaling) {
    if (step.wanted == step.before) {
      ++unchanged;
    } else {
      changes.emplace_back((step.at - SimTime::zero()).as_seconds(), step.wanted);
    }
  }
  using testing::Pair;
  EXPECT_THAT(changes, testing::ElementsAre(Pair(60, 0), Pair(660, 3), Pair(660, 6), Pair(675, 10),
                                            Pair(810, 0), Pair(1'260, 3), Pair(1'260, 6),
                                            Pair(1'275, 10), Pair(1'410, 0)));
  EXPECT_LE(unchanged, 10U) << "polls and looks with the reason of the one before are left out";
  EXPECT_EQ(run.maximum(Gauge::worker_replicas), 10);
}

TEST(IdleWorkers, HaveTheirMinimumWithoutIt) {
  const Trial run(
      scenario(now_and_then,
               {"workers.autoscaler={kind: keda, min: 3, max: 10, target: 20, cooldown: 60s}"}));
  for (const ScaleStep& step : run.result().worker_scaling) EXPECT_GE(step.wanted, 3U);
}

}  // namespace
}  // namespace haldane::models
