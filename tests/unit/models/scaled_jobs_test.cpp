// Workers that are started for jobs and end: who is there when, what that costs, and that every job
// ends once.
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "tests/support/trial.h"

namespace haldane::models {
namespace {

using test::scenario;
using test::Trial;

// Ten jobs of 100 s at 5 s; the queue is looked at every 30 s, and a worker starts for 10 s.
constexpr std::string_view ten = R"(
schema: haldane.scenario/1
name: ten
duration: 600s
warmup: 0s
traffic: {arrivals: {process: poisson, rate: 0.000001/d}}
api: {replicas: 1, service: {deterministic: {value: 1ms}}}
workers:
  replicas: 1
  service: {deterministic: {value: 100s}}
  batch: {every: 10m, jobs: 10, first: 5s}
  autoscaler: {kind: keda_jobs, max: 4, startup: 10s}
cost: {worker_replica_per_hour: 36}
)";

// 20 jobs a second of a tenth of a second on average, some of which fail.
constexpr std::string_view many = R"(
schema: haldane.scenario/1
name: many
duration: 400s
warmup: 0s
traffic: {arrivals: {process: poisson, rate: 20/s}}
links: {api_to_workers: 1ms}
api: {replicas: 4, service: {deterministic: {value: 5ms}}, enqueue: {probability: 100%}}
workers:
  replicas: 2
  service: {exponential: {mean: 100ms}}
  failure_probability: 10%
  queue: {visibility_timeout: 2s, max_receives: 3, duplicates: 1%, poison: 1%}
  retries: {backoff: {base: 100ms}}
  autoscaler: {kind: keda_jobs, max: 50, takes: 5, target: 5, polling: 1s, startup: 500ms}
timeline: [{at: 300s, event: surge, factor: 0.000001}]
)";

void expect_each_job_ends_once(const Trial& run) {
  EXPECT_GT(run.sum(Counter::jobs_enqueued), 0);
  EXPECT_EQ(
      run.sum(Counter::jobs_enqueued),
      run.sum(Counter::jobs_done) + run.sum(Counter::dead_letters) + run.sum(Counter::job_drops));
  EXPECT_LE(run.sum(Counter::worker_busy_time), run.sum(Counter::worker_slot_time));
}

struct Started {
  double at_s;
  std::uint32_t before;
  std::uint32_t wanted;
  friend bool operator==(const Started&, const Started&) = default;
};

std::vector<Started> starts_of(const Trial& run) {
  std::vector<Started> result;
  for (const ScaleStep& step : run.result().worker_scaling) {
    if (step.kind == ScaleStep::Kind::look && step.wanted > step.before)
      result.push_back({step.at.as_seconds(), step.before, step.wanted});
  }
  return result;
}

TEST(ScaledJobs, AreStartedForWhatWaitsAndEndWithTheirJob) {
  const Trial run(scenario(ten));
  // Those of 30 s work from 40 s to 140 s; the next poll then is at 150 s.
  EXPECT_EQ(starts_of(run), (std::vector<Started>{{30, 0, 4}, {150, 0, 4}, {270, 0, 2}}));
  EXPECT_EQ(run.sum(Counter::jobs_done), 10);
  EXPECT_NEAR(run.time_average(Counter::worker_replica_time) * 600, 10 * 100, 1e-6);
  EXPECT_EQ(run.sum(Counter::worker_busy_time), run.sum(Counter::worker_slot_time));
  EXPECT_EQ(run.maximum(Gauge::worker_replicas), 4);
  EXPECT_NEAR(run.time_average(Counter::cost) * 1e-3, 10 * 110 / 600.0 * 36, 1e-3);
}

TEST(ScaledJobs, TakeSeveralJobsBeforeTheyEnd) {
  const Trial run(scenario(ten, {"workers.service={deterministic: {value: 10s}}",
                                 "workers.autoscaler={kind: keda_jobs, max: 4, takes: 3}"}));
  // Four take three each but the last one of them, who finds one.
  EXPECT_EQ(starts_of(run), (std::vector<Started>{{30, 0, 4}}));
  EXPECT_NEAR(run.time_average(Counter::worker_replica_time) * 600, 10 * 10, 1e-6);
  EXPECT_EQ(run.sum(Counter::jobs_done), 10);
}

// Counting those in work twice, eager and accurate would start too many; they count who waits.
TEST(ScaledJobs, CustomMayExceedTheMaximumAsInKeda) {
  const Trial run(scenario(ten, {"workers.autoscaler.strategy=custom"}));
  const std::vector<Started> starts = starts_of(run);
  ASSERT_GE(starts.size(), 2U);
  EXPECT_EQ(starts[1], (Started{60, 4, 8}));
  const Trial half(scenario(ten, {"workers.autoscaler={kind: keda_jobs, strategy: custom, "
                                  "deduction: 6, running_share: 50%, startup: 10s}"}));
  ASSERT_GE(starts_of(half).size(), 2U);
  EXPECT_EQ(starts_of(half)[0], (Started{30, 0, 4}));
  EXPECT_EQ(starts_of(half)[1], (Started{60, 4, 6}));  // 10 - 6 - half of 4
}

TEST(ScaledJobs, PendingOnesCountForAccurate) {
  const std::string slow = "kind: keda_jobs, max: 100, startup: 40s, strategy: ";
  const Trial accurate(scenario(ten, {"workers.autoscaler={" + slow + "accurate}"}));
  EXPECT_EQ(starts_of(accurate), (std::vector<Started>{{30, 0, 10}}));
  const Trial eager(scenario(ten, {"workers.autoscaler={" + slow + "eager}"}));
  EXPECT_EQ(starts_of(eager), (std::vector<Started>{{30, 0, 10}, {60, 10, 20}}));
}

TEST(ScaledJobs, EveryJobEndsOnceWhateverHappens) {
  for (const std::string change :
       {"seed=1", "workers.concurrency=3", "workers.queue.prefetch=4",
        "workers.autoscaler.strategy=accurate", "workers.autoscaler.min=3",
        "canary={share: 30%, workers: {replicas: 2, service_factor: 1.5}}",
        "timeline=[{at: 50s, event: replica_failure, tier: workers, count: 2, for: 20s}, {at: "
        "300s, event: surge, factor: 0.000001}]",
        "workers.batch={every: 90s, jobs: 300}"}) {
    const std::string three = change == "workers.autoscaler.min=3" ? "3" : "2";
    const Trial run(scenario(many, {"workers.replicas=" + three, change}));
    SCOPED_TRACE(change);
    expect_each_job_ends_once(run);
    EXPECT_EQ(run.digest(), Trial(scenario(many, {"workers.replicas=" + three, change})).digest());
  }
}

TEST(ScaledJobs, TheMinimumStaysThoughTheQueueIsEmpty) {
  const Trial run(scenario(ten, {"workers.batch.first=599s", "workers.replicas=3",
                                 "workers.autoscaler={kind: keda_jobs, min: 3, polling: 10s}"}));
  // Each finds nothing and ends at once, and is started again at the next poll.
  EXPECT_EQ(starts_of(run).front(), (Started{10, 0, 3}));
  EXPECT_EQ(run.time_average(Counter::worker_replica_time), 0);
}

}  // namespace
}  // namespace haldane::models
