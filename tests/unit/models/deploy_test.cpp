// Workers that are replaced in waves, and a canary's that are taken back.
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "tests/support/trial.h"

namespace haldane::models {
namespace {

using test::scenario;
using test::Trial;

// 4 erlangs for 8 workers; arrivals stop before the end, so that all is over by then.
constexpr std::string_view deployed = R"(
schema: haldane.scenario/1
name: deployed
duration: 300s
warmup: 0s
traffic: {arrivals: {process: poisson, rate: 40/s}}
api: {replicas: 8, balancer: power_of_two, service: {deterministic: {value: 1ms}}, enqueue: {probability: 100%}}
workers:
  replicas: 8
  service: {deterministic: {value: 100ms}}
  queue: {visibility_timeout: 60s}
timeline:
  - {at: 100s, event: deploy, tier: workers, wave: 25%, startup: 10s}
  - {at: 250s, event: surge, factor: 0.000001}
)";

void expect_each_job_ends_once(const Trial& run) {
  EXPECT_GT(run.sum(Counter::jobs_enqueued), 0);
  EXPECT_EQ(
      run.sum(Counter::jobs_enqueued),
      run.sum(Counter::jobs_done) + run.sum(Counter::job_drops) + run.sum(Counter::dead_letters));
  EXPECT_LE(run.sum(Counter::worker_busy_time), run.sum(Counter::worker_slot_time));
}

TEST(Deploy, ReplacesWorkersInWavesWithoutLosingAJob) {
  const Trial run(scenario(deployed));
  expect_each_job_ends_once(run);
  EXPECT_EQ(run.sum(Counter::jobs_done), run.sum(Counter::jobs_enqueued));
  EXPECT_EQ(run.sum(Counter::job_expiries), 0);
  // Four waves of two, each away for 10 s and up to 100 ms of draining.
  const double missing =
      8 * 300 - static_cast<double>(run.sum(Counter::worker_replica_time)) * 1e-9;
  EXPECT_GE(missing, 8 * 10);
  EXPECT_LE(missing, 8 * 10.21);
}

TEST(Deploy, AllAtOnceLeavesNobodyForAWhile) {
  const Trial run(scenario(deployed, {"timeline[0].wave=100%"}));
  expect_each_job_ends_once(run);
  EXPECT_GT(run.maximum(Gauge::worker_queue), 380);  // 10 s of 40 a second
  EXPECT_GT(run.maximum(Gauge::worker_lag), Duration::seconds(10).count_ns() * 9 / 10);
}

// The same count throughout, whoever keeps it.
TEST(Deploy, OfAScaledFleetLeavesItsNumberToTheAutoscaler) {
  const std::string kept = "workers.autoscaler={kind: schedule, steps: [{at: 1s, replicas: 8}]}";
  const Trial run(scenario(deployed, {kept}));
  expect_each_job_ends_once(run);
  const double missing =
      8 * 300 - static_cast<double>(run.sum(Counter::worker_replica_time)) * 1e-9;
  EXPECT_GE(missing, 8 * 10);
  EXPECT_LE(missing, 8 * 10.21);
  int waves = 0;
  for (const ScaleStep& step : run.result().worker_scaling) {
    EXPECT_EQ(step.wanted, 8U);
    if (step.kind != ScaleStep::Kind::deploy) continue;
    EXPECT_EQ(step.ready, 6U);
    ++waves;
  }
  EXPECT_EQ(waves, 4);
  EXPECT_EQ(run.result().worker_scaling.back().ready, 8U);
}

TEST(Deploy, OfAScaledFleetReplacesNobodyTwice) {
  // 12 while the first wave is away, 2 while the second one is: of those who are left, the oldest
  // two still run the old release.
  const Trial run(scenario(
      deployed, {"traffic.arrivals.rate=10/s",
                 "workers.autoscaler={kind: schedule, startup: 3s, steps: [{at: 105s, replicas: "
                 "12}, {at: 115s, replicas: 2}]}"}));
  expect_each_job_ends_once(run);
  EXPECT_EQ(run.sum(Counter::jobs_done), run.sum(Counter::jobs_enqueued));
  std::uint32_t waves = 0;
  for (const ScaleStep& step : run.result().worker_scaling)
    waves += step.kind == ScaleStep::Kind::deploy ? 1 : 0;
  EXPECT_EQ(waves, 3U);
  EXPECT_EQ(run.result().worker_scaling.back().ready, 2U);
}

TEST(Deploy, OfAFleetOnItsQueueStillEndsEveryJob) {
  for (const char* scaler : {"{kind: keda, min: 0, max: 20, target: 2, polling: 5s}",
                             "{kind: hpa, min: 2, max: 20, target: 50%, startup: 5s}"}) {
    const Trial run(
        scenario(deployed, {std::string("workers.autoscaler=") + scaler, "timeline[0].wave=100%"}));
    expect_each_job_ends_once(run);
    EXPECT_EQ(run.sum(Counter::jobs_done), run.sum(Counter::jobs_enqueued)) << scaler;
    EXPECT_GT(run.maximum(Gauge::worker_queue), 200) << scaler;
  }
}

TEST(Rollback, CanaryMarkedJobsGoToTheBaselinesWorkers) {
  const std::vector<std::string> sets = {
      "canary={share: 20%, workers: {replicas: 2, failure_probability: 100%}}",
      "workers.queue.max_receives=1",
      "timeline=[{at: 100s, event: rollback, tier: workers}, {at: 250s, event: surge, factor: "
      "0.000001}]"};
  const Trial run(scenario(deployed, sets));
  expect_each_job_ends_once(run);
  // Of the canary's jobs, those of the first 100 s died with its code; the others are done.
  const auto canary = static_cast<double>(run.sum(Counter::jobs_enqueued, Block::canary));
  EXPECT_NEAR(static_cast<double>(run.sum(Counter::dead_letters, Block::canary)) / canary, 0.4,
              0.05);
  EXPECT_EQ(run.sum(Counter::dead_letters, Block::baseline), 0);
  EXPECT_NEAR(static_cast<double>(run.sum(Counter::worker_replica_time, Block::canary)) * 1e-9, 200,
              0.01);
  std::vector<std::string> shared = sets;
  shared[0] = "canary={share: 20%, workers: {failure_probability: 100%}}";
  const Trial together(scenario(deployed, shared));
  expect_each_job_ends_once(together);
  EXPECT_EQ(together.sum(Counter::dead_letters, Block::baseline), 0);
  EXPECT_GT(together.sum(Counter::dead_letters, Block::canary), 0);
}

TEST(Deploy, AndRollbackDoNotDependOnWindows) {
  Plan plan = compile_plan(scenario(
      deployed, {"canary={share: 20%, workers: {replicas: 2, failure_probability: 50%}}",
                 "timeline=[{at: 100s, event: deploy, tier: workers, wave: 100%, startup: 10s}, "
                 "{at: 105s, event: rollback, tier: workers}, {at: 120s, event: deploy, tier: "
                 "workers}]"}));
  const Trial whole(plan);
  expect_each_job_ends_once(whole);
  plan.window = Duration::nanoseconds(plan.window.count_ns() / 7);
  EXPECT_EQ(Trial(plan).digest(), whole.digest());
}

}  // namespace
}  // namespace haldane::models
