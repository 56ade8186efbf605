// What replicas and workers hold in memory, and the rows that jobs process.
#include <algorithm>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "tests/support/trial.h"

namespace haldane::models {
namespace {

using test::scenario;
using test::Trial;

// 100 requests a second of 200 ms: 20 in service. Half of them give a job of 100 ms: 5 in work.
constexpr std::string_view loaded = R"(
schema: haldane.scenario/1
name: loaded
duration: 200s
warmup: 20s
traffic: {arrivals: {process: poisson, rate: 100/s}}
edge: none
links: {api_to_workers: 1ms}
api: {replicas: 4, concurrency: 100, service: {deterministic: {value: 200ms}}, enqueue: {probability: 50%}, memory: {base: 100MiB, per_request: 3MiB}}
workers: {replicas: 2, concurrency: 50, service: {deterministic: {value: 100ms}}, memory: {base: 1GiB, per_job: 40MiB}, rows_per_job: 700}
)";

// As the catalogue computes it from its two counters.
double metric(const Trial& run, const std::string& name) {
  const sim::MetricCatalogue catalogue = metric_catalogue(run.plan().tiers);
  const auto found = std::ranges::find(catalogue, name, &sim::MetricDefinition::name);
  EXPECT_NE(found, catalogue.end());
  EXPECT_FALSE(found->absent);
  EXPECT_EQ(found->kind, sim::MetricKind::ratio);
  return run.ratio(static_cast<Counter>(found->a), static_cast<Counter>(found->b)) * found->scale;
}

TEST(Memory, GrowsWithWhatIsInside) {
  const Trial run(scenario(loaded));
  EXPECT_NEAR(metric(run, "api.memory_mib.mean"), 100 + 3 * 20 / 4.0, 0.3);
  EXPECT_NEAR(metric(run, "workers.memory_mib.mean"), 1024 + 40 * 5 / 2.0, 4);
}

// One slot each, and twice as much waits as is served: M/D/1 at 0.8 Erlang has 0.8 + 1.6 inside.
TEST(Memory, IsHeldWhileWaitingAtAReplica) {
  const std::vector<std::string> crowded = {"traffic.arrivals.rate=4/s", "api.replicas=1",
                                            "api.concurrency=1", "duration=20000s"};
  const Trial own(scenario(loaded, crowded));
  EXPECT_NEAR(metric(own, "api.memory_mib.mean"), 100 + 3 * 2.4, 0.3);
  std::vector<std::string> central = crowded;
  central.emplace_back("api.balancer=central_queue");
  const Trial shared(scenario(loaded, central));
  EXPECT_NEAR(metric(shared, "api.memory_mib.mean"), 100 + 3 * 0.8, 0.05);
}

TEST(Memory, IsThatOfTheReplicasThereAre) {
  const Trial run(
      scenario(loaded, {"api.autoscaler={kind: schedule, steps: [{at: 1s, replicas: 8}]}"}));
  EXPECT_NEAR(metric(run, "api.memory_mib.mean"), 100 + 3 * 20 / 8.0, 0.3);
}

TEST(Memory, OfArmsIsTheirOwn) {
  const Trial run(scenario(loaded, {"canary={share: 25%, api: {replicas: 1}}"}));
  const auto mib = [&run](Block block) {
    const auto sum = [&](Counter c) { return static_cast<double>(run.sum(c, block)); };
    return sum(Counter::api_memory_time) / sum(Counter::api_replica_time) * 1e3 / 1024;
  };
  EXPECT_NEAR(mib(Block::baseline), 100 + 3 * 15 / 4.0, 0.3);
  EXPECT_NEAR(mib(Block::canary), 100 + 3 * 5 / 1.0, 0.5);
  EXPECT_NEAR(mib(Block::total), 100 + 3 * 20 / 5.0, 0.3);
}

TEST(Rows, AreThoseOfJobsThatAreDone) {
  const Trial plain(
      scenario(loaded, {"workers.failure_probability=30%", "workers.retries={max_attempts: 2}"}));
  const std::int64_t done =
      plain.sum(Counter::jobs) - plain.sum(Counter::job_retries) - plain.sum(Counter::dead_letters);
  EXPECT_NEAR(static_cast<double>(done), 0.91 * 50 * 180, 300);
  EXPECT_EQ(plain.sum(Counter::job_rows), 700 * done);
}

// Jobs of 100 ms that are hidden for 50 ms: most of what is done is late.
TEST(Rows, AreProcessedByLateSuccessesToo) {
  const Trial queued(
      scenario(loaded, {"workers.service={exponential: {mean: 100ms}}",
                        "workers.queue={visibility_timeout: 50ms, max_receives: 3}"}));
  EXPECT_GT(queued.sum(Counter::jobs_late), 1'000);
  EXPECT_EQ(queued.sum(Counter::job_rows),
            700 * (queued.sum(Counter::jobs_done) + queued.sum(Counter::jobs_late)));
}

// Nobody asks, and the run is the one that it was.
TEST(Memory, IsFreeUnlessAskedFor) {
  const Trial run(scenario(loaded, {"api.memory=none", "workers.memory=none"}));
  EXPECT_EQ(run.sum(Counter::api_memory_time) + run.sum(Counter::worker_memory_time), 0);
  const sim::MetricCatalogue catalogue = metric_catalogue(run.plan().tiers);
  const auto found =
      std::ranges::find(catalogue, "api.memory_mib.mean", &sim::MetricDefinition::name);
  ASSERT_NE(found, catalogue.end());
  EXPECT_TRUE(found->absent);
}

}  // namespace
}  // namespace haldane::models
