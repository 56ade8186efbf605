// At-least-once queues, classes of jobs and batches: small systems that can be worked out by hand.
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "models/tiers/workers/completed_jobs.h"
#include "models/tiers/workers/job_lines.h"
#include "tests/support/trial.h"

namespace haldane::models {
namespace {

using test::scenario;
using test::Trial;

// 20 jobs a second; arrivals stop before the end, so that all is over by then.
constexpr std::string_view queued = R"(
schema: haldane.scenario/1
name: queued
duration: 300s
warmup: 0s
traffic: {arrivals: {process: poisson, rate: 20/s}}
api: {replicas: 8, balancer: power_of_two, service: {deterministic: {value: 1ms}}, enqueue: {probability: 100%}}
workers:
  replicas: 200
  service: {deterministic: {value: 100ms}}
  retries: {backoff: {base: 10ms}}
  queue: {visibility_timeout: 1s, max_receives: 3}
timeline: [{at: 200s, event: surge, factor: 0.000001}]
)";

std::int64_t ended(const Trial& run) {
  return run.sum(Counter::jobs_done) + run.sum(Counter::job_drops) + run.sum(Counter::dead_letters);
}

void expect_each_job_ends_once(const Trial& run) {
  EXPECT_GT(run.sum(Counter::jobs_enqueued), 0);
  EXPECT_EQ(run.sum(Counter::jobs_enqueued), ended(run));
  EXPECT_EQ(run.sum(Counter::dead_letters),
            run.sum(Counter::dead_failed) + run.sum(Counter::dead_crashed) +
                run.sum(Counter::dead_expired) + run.sum(Counter::dead_poison));
  EXPECT_LE(run.sum(Counter::worker_busy_time), run.sum(Counter::worker_slot_time));
}

TEST(AtLeastOnce, JobsThatTakeLongerThanTheirVisibilityAreDoneAgainAndAgainAndDie) {
  const Trial run(scenario(queued, {"workers.service={deterministic: {value: 2s}}"}));
  expect_each_job_ends_once(run);
  const std::int64_t jobs = run.sum(Counter::jobs_enqueued);
  EXPECT_EQ(run.sum(Counter::dead_expired), jobs);
  EXPECT_EQ(run.sum(Counter::job_expiries), 3 * jobs);
  EXPECT_EQ(run.sum(Counter::jobs_late), 3 * jobs);
}

TEST(AtLeastOnce, AnIdempotentWorkerDropsWhatWasDoneLate) {
  const Trial run(scenario(queued, {"workers.service={deterministic: {value: 2s}}",
                                    "workers.queue.idempotency_window=1m"}));
  expect_each_job_ends_once(run);
  const std::int64_t jobs = run.sum(Counter::jobs_enqueued);
  // Begun at 0 s and 1 s, late at 2 s and 3 s; received a third time at 2 s, just after the first
  // was done.
  EXPECT_EQ(run.sum(Counter::job_drops), jobs);
  EXPECT_EQ(run.sum(Counter::jobs_late), 2 * jobs);
  EXPECT_EQ(run.sum(Counter::job_expiries), 2 * jobs);
}

TEST(AtLeastOnce, ACopyThatIsReceivedLaterIsDropped) {
  const std::vector<std::string> sets = {"workers.replicas=1", "workers.queue.duplicates=10%",
                                         "workers.service={deterministic: {value: 1ms}}"};
  const Trial all(scenario(queued, sets));
  expect_each_job_ends_once(all);
  const auto copies = static_cast<double>(all.sum(Counter::job_copies));
  const auto jobs = static_cast<double>(all.sum(Counter::jobs_enqueued)) - copies;
  EXPECT_NEAR(copies / jobs, 0.1, 4 * std::sqrt(0.1 / jobs));
  EXPECT_EQ(all.sum(Counter::jobs_done), all.sum(Counter::jobs_enqueued));
  std::vector<std::string> with_window = sets;
  with_window.emplace_back("workers.queue.idempotency_window=5m");
  const Trial once(scenario(queued, with_window));
  expect_each_job_ends_once(once);
  EXPECT_EQ(once.sum(Counter::job_drops), once.sum(Counter::job_copies));
}

// Clients give up and ask again, so that half of the jobs have been done when they come, and are
// dropped at once.
TEST(AtLeastOnce, ACopyIsOfTheClassOfWhatWasDroppedBeforeIt) {
  const Trial run(scenario(
      queued, {"traffic.client={timeout: 500us, attempts: 2, backoff: {base: 1s, jitter: none}}",
               "workers.queue.duplicates=99%", "workers.queue.idempotency_window=1m",
               "workers.priorities={discipline: strict, classes: [{share: 1%}, {share: 99%}]}"}));
  EXPECT_GT(run.sum(Counter::job_drops), run.sum(Counter::jobs_enqueued) / 3);
  const auto all = static_cast<double>(run.latency(Histogram::worker_wait).count);
  const auto urgent = static_cast<double>(run.latency(Histogram::worker_urgent_wait).count);
  EXPECT_NEAR(urgent / all, 0.01, 0.008);
}

TEST(AtLeastOnce, PoisonAlwaysFailsAndOthersNowAndThen) {
  const Trial run(scenario(
      queued, {"workers.queue.poison=5%", "workers.failure_probability=30%", "duration=1000s",
               "timeline=[{at: 900s, event: surge, factor: 0.000001}]"}));
  expect_each_job_ends_once(run);
  const auto jobs = static_cast<double>(run.sum(Counter::jobs_enqueued));
  EXPECT_NEAR(static_cast<double>(run.sum(Counter::dead_poison)) / jobs, 0.05,
              4 * std::sqrt(0.05 / jobs));
  // Three receives, each in vain with 30 %.
  EXPECT_NEAR(static_cast<double>(run.sum(Counter::dead_failed)) / jobs, 0.95 * 0.027,
              4 * std::sqrt(0.027 / jobs));
}

TEST(AtLeastOnce, ACrashIsNoticedWhenTheVisibilityEnds) {
  const std::vector<std::string> sets = {
      "workers.service={deterministic: {value: 500ms}}", "workers.replicas=20",
      "timeline=[{at: 50s, event: replica_failure, tier: workers, count: 20, for: 100ms}, {at: "
      "200s, event: surge, factor: 0.000001}]"};
  const Trial run(scenario(queued, sets));
  expect_each_job_ends_once(run);
  // About ten jobs were in work; each waited for its second.
  EXPECT_GT(run.sum(Counter::job_expiries), 1);
  EXPECT_EQ(run.sum(Counter::jobs_done), run.sum(Counter::jobs_enqueued));
  std::vector<std::string> once = sets;
  once.emplace_back("workers.queue.max_receives=1");
  const Trial strict(scenario(queued, once));
  expect_each_job_ends_once(strict);
  EXPECT_EQ(strict.sum(Counter::dead_crashed), run.sum(Counter::job_expiries));
}

TEST(AtLeastOnce, WhatAWorkerPrefetchesExpiresInItsHands) {
  const std::vector<std::string> sets = {"workers.replicas=1",
                                         "traffic.arrivals.rate=0.0001/s",
                                         "workers.queue.max_receives=100",
                                         "workers.service={deterministic: {value: 400ms}}",
                                         "workers.batch={every: 1h, first: 10s, jobs: 10}",
                                         "timeline=[]"};
  const Trial one(scenario(queued, sets));
  expect_each_job_ends_once(one);
  EXPECT_EQ(one.sum(Counter::jobs_enqueued), 10);
  EXPECT_EQ(one.sum(Counter::job_expiries), 0);
  std::vector<std::string> more = sets;
  more.emplace_back("workers.queue.prefetch=5");
  const Trial five(scenario(queued, more));
  expect_each_job_ends_once(five);
  EXPECT_GT(five.sum(Counter::job_expiries), 0);
  EXPECT_GT(five.sum(Counter::jobs_late), 0);
}

TEST(AtLeastOnce, DeadLettersAgeUntilSomebodyLooks) {
  const std::vector<std::string> sets = {"workers.queue.poison=50%"};
  const Trial never(scenario(queued, sets));
  EXPECT_NEAR(static_cast<double>(never.maximum(Gauge::dead_letter_age)) * 1e-9, 300, 3);
  std::vector<std::string> often = sets;
  often.emplace_back("workers.queue.triage=20s");
  const Trial looked(scenario(queued, often));
  EXPECT_LE(looked.maximum(Gauge::dead_letter_age), Duration::seconds(20).count_ns());
  EXPECT_GT(looked.maximum(Gauge::dead_letter_age), Duration::seconds(18).count_ns());
}

// Cobham 1954: without preemption the urgent wait for the residual work and each other only.
TEST(Priorities, StrictOrderGivesCobhamsWaits) {
  const Trial run(scenario(
      queued, {"duration=20000s", "timeline=[]", "traffic.arrivals.rate=8/s", "workers.replicas=1",
               "workers.queue=none", "workers.service={exponential: {mean: 100ms}}",
               "workers.priorities={classes: [{share: 50%}, {share: 50%}]}"}));
  const double residual_ms = 80;
  EXPECT_NEAR(run.mean_ms(Histogram::worker_urgent_wait), residual_ms / (1 - 0.4), 8);
  EXPECT_NEAR(run.mean_ms(Histogram::worker_wait), residual_ms / (1 - 0.8), 50);
}

TEST(JobLines, WeightsShareTheTurnsEvenly) {
  const std::vector<std::uint32_t> weights = {5, 1, 1};
  JobLines lines(3, weights);
  for (std::uint32_t i = 0; i < 7; ++i) {
    for (std::uint32_t c = 0; c < 3; ++c) lines.push(c, c);
  }
  std::string turns;
  for (int i = 0; i < 7; ++i) turns += static_cast<char>('a' + lines.pop());
  EXPECT_EQ(turns, "aabacaa");  // the sequence of nginx for 5, 1, 1
  // With the first class gone, the others share alike.
  int others[3] = {};
  while (lines.size() > 0) ++others[lines.pop()];
  EXPECT_EQ(others[0], 2);
  EXPECT_EQ(others[1], 6);
  EXPECT_EQ(others[2], 6);
}

TEST(CompletedJobs, AreForgottenAfterTheWindow) {
  const auto at = [](std::int64_t s) { return SimTime::zero() + Duration::seconds(s); };
  CompletedJobs jobs(Duration::seconds(10));
  jobs.add(7, at(1));
  EXPECT_TRUE(jobs.contains(7, at(10)));
  jobs.add(7, at(5));
  EXPECT_TRUE(jobs.contains(7, at(14)));
  EXPECT_FALSE(jobs.contains(7, at(15)));
  EXPECT_EQ(jobs.size(), 0U);
  CompletedJobs nothing(Duration{});
  nothing.add(7, at(1));
  EXPECT_FALSE(nothing.contains(7, at(1)));
}

TEST(AtLeastOnce, TheSameBitsForAnyWindowAndAnyNumberOfThreads) {
  const Plan plan = compile_plan(scenario(
      queued,
      {"duration=60s", "edge={sites: 3, cache: {policy: lru, capacity: {objects: 10}, ttl: 1s}}",
       "traffic.objects={count: 100}", "api.cells=3",
       "links={edge_to_api: 2ms, api_to_workers: 1ms}", "workers.replicas=3",
       "workers.failure_probability=10%", "canary={share: 20%}",
       "workers.queue={visibility_timeout: 250ms, max_receives: 4, prefetch: 3, duplicates: 5%, "
       "poison: 1%, idempotency_window: 10s, triage: 7s}",
       "workers.priorities={discipline: weighted, classes: [{share: 30%, weight: 3}, {share: "
       "70%}]}",
       "workers.batch={every: 9s, jobs: 200, class: 1}",
       "timeline=[{at: 20s, event: replica_failure, tier: workers, count: 2, for: 5s}, {at: 50s, "
       "event: surge, factor: 0.000001}]",
       "workers.autoscaler={kind: keda, min: 1, max: 30, target: 3, startup: 700ms, metric_period: "
       "1s, scrape: 1s, sync: 2s, stabilization: 5s}"}));
  const Trial whole(plan);
  expect_each_job_ends_once(whole);
  for (const Counter counter : {Counter::job_copies, Counter::job_drops, Counter::job_expiries,
                                Counter::jobs_late, Counter::dead_poison}) {
    EXPECT_GT(whole.sum(counter), 0) << index(counter);
  }
  Plan finer = plan;
  finer.window = Duration::nanoseconds(plan.window.count_ns() / 7);
  EXPECT_EQ(Trial(finer).digest(), whole.digest());
  EXPECT_EQ(run_replication(plan, {1, 0, 0, 3, 0}).measurements.digest, whole.digest());
}

}  // namespace
}  // namespace haldane::models
