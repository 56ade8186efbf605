// Results of jobs that workers write to the API: what they cost there, and what the edge hears.
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "tests/support/trial.h"

namespace haldane::models {
namespace {

using test::scenario;
using test::Trial;

// 10 requests a second for each object. Every fetch gives a job, whose result is served 295 ms
// after it is done.
constexpr std::string_view written = R"(
schema: haldane.scenario/1
name: written
duration: 600s
warmup: 20s
traffic: {arrivals: {process: poisson, rate: 100/s}, objects: {count: 10, popularity: {zipf: 0}}}
edge: {hit_latency: {deterministic: {value: 1ms}}, cache: {policy: lru, capacity: {objects: 10}, coalesce: true}}
links: {edge_to_api: 5ms, api_to_workers: 5ms}
api: {replicas: 9, concurrency: 9, service: {deterministic: {value: 10ms}}, enqueue: {probability: 100%}}
workers:
  replicas: 50
  service: {deterministic: {value: 680ms}}
  write_back: {edge: purge, api: {service: {deterministic: {value: 290ms}}}}
)";

TEST(ApiWriteBack, IsServedAndThenPurgesTheEdge) {
  const Trial run(scenario(written));
  // 10 + 5 + 680 ms to the end of the job, 5 + 290 ms at the API, 5 ms each between it and the
  // edge: an object lives 1 s and waits 1 / 10 s for who has it fetched again. Who comes within the
  // 20 ms of the fetch waits for it.
  EXPECT_NEAR(run.ratio(Counter::edge_hits, Counter::edge_lookups), 9.8 / 11, 0.004);
  EXPECT_NEAR(run.rate(Counter::edge_job_purges), 10 / 1.1, 0.15);
  EXPECT_EQ(run.sum(Counter::api_write_errors), 0);
  const auto writes = static_cast<double>(run.sum(Counter::api_writes));
  const auto fetches = static_cast<double>(run.sum(Counter::origin_fetches));
  EXPECT_NEAR(writes, fetches, 10);
  EXPECT_NEAR(static_cast<double>(run.sum(Counter::api_requests)), writes + fetches, 10);
  EXPECT_NEAR(static_cast<double>(run.sum(Counter::api_busy_time)) * 1e-9,
              0.29 * writes + 0.01 * fetches, 3);
}

TEST(ApiWriteBack, TakesTheLawOfOtherRequestsUnlessItHasItsOwn) {
  const Trial run(scenario(written, {"workers.write_back.api={}"}));
  EXPECT_NEAR(run.time_average(Counter::api_busy_time), 0.01 * run.rate(Counter::api_requests),
              1e-3);
}

TEST(ApiWriteBack, NeedsNoEdge) {
  const Trial run(scenario(
      written, {"edge=none", "workers.replicas=99", "workers.write_back={api: {share: 30%}}"}));
  EXPECT_NEAR(run.ratio(Counter::api_writes, Counter::jobs), 0.3, 0.01);
  EXPECT_NEAR(run.rate(Counter::api_requests), 130, 1.5);
}

TEST(ApiWriteBack, IsTriedAgainAndThenLost) {
  const std::vector<std::string> failing = {"edge=none", "workers.replicas=99",
                                            "workers.write_back={api: {}}",
                                            "api.failure_probability=30%"};
  const Trial run(scenario(written, failing));
  EXPECT_NEAR(run.ratio(Counter::api_write_errors, Counter::api_writes), 0.3, 0.01);
  EXPECT_NEAR(run.ratio(Counter::api_writes, Counter::jobs), 1 + 0.3 + 0.09, 0.01);
  EXPECT_NEAR(run.ratio(Counter::api_writes_lost, Counter::jobs), 0.027, 0.003);
  const Trial all(scenario(written, {"edge=none", "warmup=0s", "api.failure_probability=30%",
                                     "workers.write_back={api: {retries: {max_attempts: 1}}}"}));
  EXPECT_EQ(all.sum(Counter::api_writes_lost), all.sum(Counter::api_write_errors));
}

TEST(ApiWriteBack, OfAFullCellIsRejected) {
  // Only the time to live ends a copy whose result was lost.
  const Trial run(scenario(
      written, {"api.replicas=1", "api.concurrency=2", "api.queue_capacity=0", "edge.cache.ttl=2s",
                "edge.cache.coalesce=false", "workers.write_back.api.retries={max_attempts: 1}"}));
  EXPECT_GT(run.sum(Counter::api_writes_lost), 500);
  EXPECT_EQ(run.sum(Counter::api_writes_lost), run.sum(Counter::api_write_errors));
  // What is lost purges nothing.
  EXPECT_LE(run.sum(Counter::edge_job_purges),
            run.sum(Counter::api_writes) - run.sum(Counter::api_writes_lost) + 5);
}

// Quotas are those of clients, and a shield is not asked.
TEST(ApiWriteBack, PassesQuotasAndShields) {
  const Trial quota(
      scenario(written, {"api.quota={tiers: [{share: 100%, rate: 1/s, burst: 1}]}", "warmup=0s"}));
  EXPECT_GT(quota.sum(Counter::api_over_quota), 0);
  EXPECT_GT(quota.sum(Counter::api_writes), 0);
  EXPECT_EQ(quota.sum(Counter::api_write_errors), 0);
  const Trial shield(
      scenario(written, {"edge.shield={policy: lru, capacity: {objects: 10}}", "edge.cache.ttl=1s",
                         "workers.write_back={api: {}}", "warmup=0s"}));
  EXPECT_GT(shield.sum(Counter::api_writes), 0);
  EXPECT_NEAR(shield.ratio(Counter::api_writes, Counter::jobs), 1, 0.01);
}

TEST(ApiWriteBack, StaysInItsArm) {
  const Trial run(scenario(
      written, {"canary={share: 20%, api: {service_factor: 2}}", "edge=none", "workers.replicas=99",
                "workers.write_back={api: {service: {deterministic: {value: 290ms}}}}"}));
  const double canary = static_cast<double>(run.sum(Counter::api_writes, Block::canary)) /
                        static_cast<double>(run.sum(Counter::api_writes));
  EXPECT_NEAR(canary, 0.2, 0.01);
  EXPECT_NEAR(static_cast<double>(run.sum(Counter::api_busy_time, Block::canary)) * 1e-9,
              0.58 * static_cast<double>(run.sum(Counter::api_writes, Block::canary)) +
                  0.02 * static_cast<double>(run.sum(Counter::jobs, Block::canary)),
              20);
}

TEST(ApiWriteBack, ReachesEverySiteAsAnUpdate) {
  const Trial run(scenario(
      written,
      {"edge.sites=4", "traffic.objects.count=50", "warmup=0s", "edge.cache.capacity.objects=50",
       "api.cells=3", "traffic.arrivals.rate=1/s", "workers.write_back.edge=update"}));
  EXPECT_EQ(run.sum(Counter::edge_job_updates), 4 * run.sum(Counter::jobs));
  EXPECT_LT(run.sum(Counter::origin_fetches), 65);
}

TEST(ApiWriteBack, IsTheSameServedByEvents) {
  for (const char* workers :
       {"workers.batch=none", "workers.priorities={classes: [{share: 100%}]}"}) {
    const Trial plain(scenario(written, {workers}));
    const Trial events(scenario(written, {workers, "api.queue={discipline: priority}"}));
    EXPECT_EQ(events.sum(Counter::api_writes), plain.sum(Counter::api_writes));
    EXPECT_EQ(events.sum(Counter::edge_job_purges), plain.sum(Counter::edge_job_purges));
    EXPECT_EQ(events.sum(Counter::edge_hits), plain.sum(Counter::edge_hits));
    EXPECT_EQ(events.sum(Counter::api_busy_time), plain.sum(Counter::api_busy_time));
  }
}

// Packets of results that are lost come later, once.
TEST(ApiWriteBack, SurvivesLostPackets) {
  const Trial run(scenario(written, {"links.loss={api_to_workers: 40%}"}));
  const Trial none(scenario(written));
  EXPECT_LT(run.rate(Counter::edge_job_purges), 0.95 * none.rate(Counter::edge_job_purges));
  EXPECT_NEAR(run.ratio(Counter::api_writes, Counter::origin_fetches), 1, 0.01);
  // One copy, and a half more than that for each that is lost, of a job and of its result.
  EXPECT_NEAR(run.ratio(Counter::packets_lost, Counter::packets), 0.4 * 10 / 16, 0.01);
}

TEST(ApiWriteBack, BoundsTheWindowByItsWays) {
  const auto window = [](const std::vector<std::string>& overrides) {
    return compile_plan(scenario(written, overrides)).window;
  };
  EXPECT_EQ(window({}), Duration::milliseconds(10));
  EXPECT_EQ(compile_plan(scenario(written)).api_writes->link, Duration::milliseconds(5));
  EXPECT_EQ(window({"links.workers_to_api=1ms"}), Duration::milliseconds(2));
  EXPECT_EQ(
      window({"links.workers_to_api=1ms", "workers.write_back.api.retries={max_attempts: 1}"}),
      Duration::milliseconds(6));
}

}  // namespace
}  // namespace haldane::models
