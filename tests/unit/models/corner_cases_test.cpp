// Where the engine once disagreed with the plain event loop of tests/support/oracle.
#include <gtest/gtest.h>

#include "tests/support/trial.h"

namespace haldane::models {
namespace {

using test::scenario;
using test::Trial;

// One object at one site, asked for by one client again and again.
constexpr std::string_view one_client = R"(
schema: haldane.scenario/1
name: one-client
duration: 20s
warmup: 0s
traffic:
  arrivals: {process: closed_loop, clients: 1, think: {deterministic: {value: 500ms}}}
  objects: {count: 1}
edge:
  cache: {policy: lru, capacity: {objects: 1}}
  hit_latency: {deterministic: {value: 1ms}}
links: {edge_to_api: 1ms}
api: {replicas: 1, service: {deterministic: {value: 2ms}}}
workers: none
)";

TEST(CornerCases, AHitAfterARetryIsOneLatencyOfTheClient) {
  // The first attempt times out at 3 ms; its answer fills the cache at 4 ms; the second one hits.
  const Trial run(scenario(
      one_client, {"traffic.client={timeout: 3ms, attempts: 2, backoff: {base: 10ms, jitter: "
                   "none}}"}));
  EXPECT_EQ(run.sum(Counter::origin_fetches), 1);
  EXPECT_EQ(run.latency(Histogram::client).count, run.sum(Counter::requests));
  EXPECT_EQ(run.latency(Histogram::client).max_ns, 14'000'000);
  EXPECT_EQ(run.latency(Histogram::edge).count, run.sum(Counter::edge_hits));
  EXPECT_EQ(run.latency(Histogram::edge).max_ns, 1'000'000);
}

TEST(CornerCases, ARefreshComesBackWhereMissesFillAtOnce) {
  const Trial run(scenario(
      one_client, {"traffic.arrivals={process: poisson, rate: 1k/s}", "edge.cache.fill=on_miss",
                   "edge.cache.ttl=1s", "edge.cache.stale_while_revalidate=1h"}));
  EXPECT_NEAR(static_cast<double>(run.sum(Counter::origin_fetches)), 20, 1);
  // Stale while the refresh of 4 ms is under way, once a second.
  EXPECT_LT(run.ratio(Counter::edge_stale, Counter::edge_hits), 0.01);
}

TEST(CornerCases, AnOutageThatNobodySawEmptiesItsReplica) {
  // The first request is served from 501 ms, and lost at 1 s; the second comes when all is over.
  const Trial run(scenario(
      one_client, {"edge=none", "api.service={deterministic: {value: 10s}}",
                   "timeline=[{at: 1s, event: replica_failure, tier: api, count: 1, for: 1ms}]"}));
  EXPECT_EQ(run.sum(Counter::api_errors), 1);
  EXPECT_EQ(run.latency(Histogram::api_wait).max_ns, 0);
}

TEST(CornerCases, ASoftPurgeIsStaleFromItsOwnTimeOn) {
  // Asked for at 5 s, the object has been stale since 1 s: longer than it may be served.
  const Trial run(
      scenario(one_client, {"traffic.arrivals.think={deterministic: {value: 5s}}", "duration=6s",
                            "edge.cache.start=warm", "edge.cache.stale_while_revalidate=1s",
                            "timeline=[{at: 1s, event: purge, soft: true}]"}));
  EXPECT_EQ(run.sum(Counter::edge_stale), 0);
  EXPECT_EQ(run.sum(Counter::origin_fetches), 1);
}

TEST(CornerCases, ClientsGiveUpOnAnOutageThatNeverEnds) {
  const Trial run(scenario(
      one_client,
      {"edge=none", "api.balancer=central_queue", "traffic.client={timeout: 500ms, attempts: 1}",
       "timeline=[{at: 0s, event: replica_failure, tier: api, count: 1}]"}));
  EXPECT_EQ(run.sum(Counter::requests), 20);
  EXPECT_EQ(run.sum(Counter::request_errors), 20);
  EXPECT_EQ(run.latency(Histogram::client).max_ns, 500'000'000);
}

TEST(CornerCases, RetriesAfterTheEndAreNotTrafficOfTheRun) {
  // Asked once at 500 ms, failed, and tried again after 600 ms, 1.2 s and 2.4 s.
  const Trial run(
      scenario(one_client, {"duration=600ms", "api.failure_probability=100%",
                            "traffic.client={attempts: 4, backoff: {base: 600ms, jitter: none}}"}));
  EXPECT_EQ(run.sum(Counter::edge_lookups), 1);
  EXPECT_EQ(run.sum(Counter::origin_fetches), 1);
  EXPECT_EQ(run.sum(Counter::api_requests), 1);
  EXPECT_EQ(run.sum(Counter::request_errors), 1);
  EXPECT_EQ(run.latency(Histogram::client).max_ns, 4'216'000'000);
}

TEST(CornerCases, CachesKeepTimeLongAfterTheEnd) {
  // The answer comes at 4.2 s and is fresh for 200 ms, across the end of 2^32 ns; the retry at 4.25
  // s hits.
  const Trial run(scenario(
      one_client,
      {"duration=600ms", "edge.cache.ttl=200ms", "api.service={deterministic: {value: 3698ms}}",
       "traffic.client={timeout: 1s, attempts: 2, backoff: {base: 2750ms, jitter: none}}"}));
  EXPECT_EQ(run.latency(Histogram::client).max_ns, 3'751'000'000);
}

}  // namespace
}  // namespace haldane::models
