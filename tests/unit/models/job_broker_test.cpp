// Workers by events: the same as the plain queue where nothing is special, scaled by what waits,
// and every job ends once.
#include <algorithm>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "tests/support/trial.h"

namespace haldane::models {
namespace {

using test::scenario;
using test::Trial;

// 2 erlangs of work for 4 workers; arrivals stop before the end, so that all is over by then.
constexpr std::string_view jobs = R"(
schema: haldane.scenario/1
name: jobs
duration: 300s
warmup: 0s
traffic: {arrivals: {process: poisson, rate: 40/s}}
links: {edge_to_api: 2ms, api_to_workers: 1ms}
api:
  replicas: 4
  balancer: power_of_two
  service: {deterministic: {value: 5ms}}
  enqueue: {probability: 50%}
workers:
  replicas: 4
  service: {exponential: {mean: 100ms}}
  failure_probability: 10%
  retries: {max_attempts: 3, backoff: {base: 100ms, factor: 2, cap: 1s, jitter: full}}
timeline: [{at: 250s, event: surge, factor: 0.000001}]
)";

// A schedule that changes nothing: the broker, and nothing for it to do.
const std::string unchanged =
    "workers.autoscaler={kind: schedule, steps: [{at: 299s, replicas: 4}]}";

void expect_each_job_ends_once(const Trial& run) {
  EXPECT_GT(run.sum(Counter::jobs_enqueued), 0);
  EXPECT_EQ(run.sum(Counter::jobs_enqueued),
            run.sum(Counter::jobs_done) + run.sum(Counter::dead_letters));
  EXPECT_EQ(run.sum(Counter::jobs), run.latency(Histogram::worker_wait).count);
  EXPECT_LE(run.sum(Counter::worker_busy_time), run.sum(Counter::worker_slot_time));
}

std::vector<ScaleStep> looks_of(const Trial& run) {
  std::vector<ScaleStep> result;
  for (const ScaleStep& step : run.result().worker_scaling) {
    if (step.kind == ScaleStep::Kind::look) result.push_back(step);
  }
  return result;
}

TEST(JobBroker, WithoutAnythingSpecialIsThePlainQueue) {
  for (const std::string change :
       {"seed=1", "workers.concurrency=2", "workers.replicas=3", "workers.failure_probability=40%",
        "timeline=[{at: 50s, event: replica_failure, tier: workers, count: 2, for: 20s}, {at: "
        "100s, "
        "event: slow_down, tier: workers, factor: 3, for: 20s}, {at: 200s, event: surge, factor: "
        "0.000001}]",
        "canary={share: 30%, workers: {replicas: 2, service_factor: 1.5}}"}) {
    const Trial plain(scenario(jobs, {change}));
    const std::string replicas = change == "workers.replicas=3" ? "3" : "4";
    const Trial broker(scenario(
        jobs, {change, "workers.autoscaler={kind: schedule, steps: [{at: 299s, replicas: " +
                           replicas + "}]}"}));
    for (const Counter counter :
         {Counter::jobs, Counter::job_retries, Counter::dead_letters, Counter::worker_busy_time,
          Counter::worker_queue_time, Counter::worker_slot_time, Counter::worker_replica_time}) {
      EXPECT_EQ(broker.sum(counter), plain.sum(counter)) << change << index(counter);
    }
    EXPECT_NEAR(broker.ratio(Counter::worker_lag_time, Counter::jobs),
                plain.ratio(Counter::worker_lag_time, Counter::jobs), 1e-3)
        << change;
    const auto waits = broker.latency(Histogram::worker_wait);
    EXPECT_EQ(waits.count, plain.latency(Histogram::worker_wait).count) << change;
    EXPECT_EQ(waits.sum_ns, plain.latency(Histogram::worker_wait).sum_ns) << change;
    EXPECT_EQ(broker.maximum(Gauge::worker_queue), plain.maximum(Gauge::worker_queue)) << change;
    EXPECT_EQ(broker.maximum(Gauge::worker_lag), plain.maximum(Gauge::worker_lag)) << change;
    expect_each_job_ends_once(broker);
  }
}

TEST(JobBroker, AScheduleChangesTheNumberOfWorkers) {
  const Trial run(scenario(
      jobs, {"duration=100s", "timeline=[]", "cost={worker_replica_per_hour: 36}",
             "workers.service={deterministic: {value: 1us}}",
             "workers.autoscaler={kind: schedule, steps: [{at: 20s, replicas: 6}, {at: 60s, "
             "replicas: 2}], startup: 10s}"}));
  // Ready: 4 until 30 s, 6 until 60 s, then 2. Paid: 6 from 20 s on.
  EXPECT_NEAR(run.time_average(Counter::worker_replica_time), 3.8, 1e-6);
  EXPECT_EQ(run.maximum(Gauge::worker_replicas), 6);
  EXPECT_NEAR(run.time_average(Counter::cost) * 1e-3, 4.0 * 36, 1e-3);
  expect_each_job_ends_once(run);
}

TEST(JobBroker, AWorkerThatIsTakenAwayFinishesItsJob) {
  // Six jobs a second of 2 s each on 40 workers; nine tenths of them go at 50 s.
  const Trial run(scenario(
      jobs, {"duration=100s", "traffic.arrivals.rate=12/s", "workers.replicas=40",
             "workers.service={deterministic: {value: 2s}}", "workers.failure_probability=0",
             "timeline=[{at: 60s, event: surge, factor: 0.000001}]",
             "workers.autoscaler={kind: schedule, steps: [{at: 50s, replicas: 4}]}"}));
  expect_each_job_ends_once(run);
  // Nobody is interrupted: all that was begun took its 2 s, and the leaving are paid until then.
  EXPECT_EQ(run.sum(Counter::worker_busy_time),
            run.sum(Counter::jobs) * Duration::seconds(2).count_ns());
  EXPECT_GT(run.sum(Counter::worker_slot_time), run.sum(Counter::worker_replica_time));
  EXPECT_LT(run.sum(Counter::worker_slot_time),
            run.sum(Counter::worker_replica_time) + Duration::seconds(36 * 2).count_ns());
}

TEST(JobBroker, KedaFollowsTheQueueLength) {
  // 160 jobs a second for 16 erlangs, on 2 workers at first.
  const Trial run(scenario(
      jobs, {"workers.replicas=2", "workers.failure_probability=0",
             "timeline=[{at: 60s, event: surge, factor: 8}, {at: 200s, event: surge, factor: "
             "0.000001}]",
             "workers.autoscaler={kind: keda, min: 1, max: 40, target: 5, startup: 5s}"}));
  expect_each_job_ends_once(run);
  const auto looks = looks_of(run);
  const auto first_up =
      std::find_if(looks.begin(), looks.end(), [](const ScaleStep& s) { return s.wanted > 4; });
  ASSERT_NE(first_up, looks.end());
  // Metric period, scrape and sync of 15 s each.
  EXPECT_LE(first_up->at, SimTime::zero() + Duration::seconds(60 + 45));
  EXPECT_GE(run.maximum(Gauge::worker_replicas), 16);
}

TEST(JobBroker, KedaSleepsWithoutJobsAndWakesUpForThem) {
  const Trial run(scenario(
      jobs,
      {"duration=20m", "workers.replicas=1", "workers.failure_probability=0",
       "traffic.arrivals.rate=2/s", "timeline=[{at: 1s, event: surge, factor: 0.000001, for: 15m}]",
       "workers.autoscaler={kind: keda, max: 4, target: 1000, activation: 3, cooldown: 60s, "
       "polling: 10s, metric_period: 1s, scrape: 1s}"}));
  expect_each_job_ends_once(run);
  const auto looks = looks_of(run);
  const auto asleep =
      std::find_if(looks.begin(), looks.end(), [](const ScaleStep& s) { return s.wanted == 0; });
  ASSERT_NE(asleep, looks.end());
  EXPECT_LE(asleep->at, SimTime::zero() + Duration::seconds(80));
  const auto awake =
      std::find_if(asleep, looks.end(), [](const ScaleStep& s) { return s.wanted == 1; });
  ASSERT_NE(awake, looks.end());
  // Jobs wait until there are more than three of them at a poll: about 3 s after the lull.
  EXPECT_GT(awake->at, SimTime::zero() + Duration::seconds(901));
  EXPECT_LE(awake->at, SimTime::zero() + Duration::seconds(930));
  EXPECT_GT(awake->signal, 3);
  EXPECT_GT(run.maximum(Gauge::worker_queue), 3);
}

TEST(JobBroker, JobsEndEvenIfTheFleetSleepsAtTheEnd) {
  const Trial run(scenario(
      jobs, {"duration=200s", "timeline=[{at: 1s, event: surge, factor: 0.01, for: 150s}]",
             "workers.replicas=1", "traffic.arrivals.rate=1/s",
             "workers.autoscaler={kind: keda, max: 4, target: 1000, activation: 1000, cooldown: "
             "10s, polling: 10s}"}));
  EXPECT_EQ(looks_of(run).back().wanted, 0U);
  expect_each_job_ends_once(run);
}

TEST(JobBroker, EverySignalBringsEnoughWorkers) {
  const std::string chain = ", metric_period: 2s, scrape: 1s, sync: 3s, startup: 2s}";
  for (const std::string& scaler :
       {"{kind: hpa, max: 40, metric: cpu, target: 50%" + chain,
        "{kind: hpa, max: 40, metric: queue, target: 2" + chain,
        "{kind: hpa, max: 40, metric: lag, target: 1s" + chain,
        "{kind: hpa, max: 40, metric: latency, target: 500ms" + chain,
        "{kind: keda, max: 40, target: 2" + chain,
        "{kind: keda, max: 40, metric: concurrency, target: 2" + chain,
        "{kind: target_tracking, max: 40, metric: queue, target: 2, cooldown_out: 5s" + chain,
        "{kind: target_tracking, max: 40, metric: lag, target: 1s, cooldown_out: 5s" + chain,
        "{kind: target_tracking, max: 40, metric: latency, target: 1s, cooldown_out: 5s" + chain,
        "{kind: target_tracking, max: 40, target: 60%, cooldown_out: 5s" + chain}) {
    const Trial run(
        scenario(jobs, {"timeline=[{at: 60s, event: surge, factor: 8}, {at: 280s, "
                        "event: surge, factor: 0.000001}]",
                        "workers.failure_probability=0", "workers.autoscaler=" + scaler}));
    expect_each_job_ends_once(run);
    // 16 erlangs: the queue of the surge is gone by the end only if there were more than 16.
    EXPECT_GE(run.maximum(Gauge::worker_replicas), 16) << scaler;
    const auto& bins = run.measurements().counters[index(Counter::worker_queue_time)];
    EXPECT_LT(bins.back(), run.sum(Counter::worker_queue_time) / 20) << scaler;
  }
}

TEST(JobBroker, TheSameBitsForAnyWindowAndAnyNumberOfThreads) {
  const Plan plan = compile_plan(scenario(
      jobs,
      {"duration=60s", "edge={sites: 3, cache: {policy: lru, capacity: {objects: 10}, ttl: 1s}}",
       "traffic.objects={count: 100}", "api.cells=3",
       "timeline=[{at: 10s, event: surge, factor: 8, for: 20s}, {at: 20s, event: "
       "replica_failure, tier: workers, count: 2, for: 5s}]",
       "workers.autoscaler={kind: keda, max: 30, target: 3, startup: 700ms, metric_period: "
       "1s, scrape: 1s, sync: 2s, stabilization: 5s}"}));
  const Trial whole(plan);
  ASSERT_GT(whole.maximum(Gauge::worker_replicas), 4);
  expect_each_job_ends_once(whole);
  Plan finer = plan;
  finer.window = Duration::nanoseconds(plan.window.count_ns() / 7);
  EXPECT_EQ(Trial(finer).digest(), whole.digest());
  for (const unsigned threads : {2U, 3U}) {
    EXPECT_EQ(run_replication(plan, {1, 0, 0, threads, 0}).measurements.digest, whole.digest());
  }
  EXPECT_NE(Trial(scenario(jobs)).digest(), Trial(scenario(jobs, {unchanged})).digest());
}

}  // namespace
}  // namespace haldane::models
