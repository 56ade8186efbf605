// What surrounds the replicas: circuit breakers, quotas, consistent hashing.
#include <set>

#include <gtest/gtest.h>

#include "models/balance/hash_ring.h"
#include "tests/support/conservation.h"
#include "tests/support/trial.h"

namespace haldane::models {
namespace {

using test::scenario;
using test::Trial;

constexpr std::string_view small = R"(
schema: haldane.scenario/1
name: small
duration: 100s
warmup: 0s
traffic:
  arrivals: {process: poisson, rate: 500/s}
  objects: {count: 1k, popularity: {zipf: 0.9}}
edge:
  sites: 2
  cache: {policy: lru, capacity: {objects: 200}, ttl: 20s}
  hit_latency: {deterministic: {value: 500us}}
links: {edge_to_api: 2ms}
api:
  cells: 2
  replicas: 4
  concurrency: 4
  service: {exponential: {mean: 5ms}}
  route: {own_cell: 70%}
)";

// Every look-up hits, is fetched, or is refused; every request ends once.
void expect_conservation(const Trial& run) {
  EXPECT_EQ(run.sum(Counter::edge_lookups), run.sum(Counter::edge_hits) +
                                                run.sum(Counter::origin_fetches) +
                                                run.sum(Counter::short_circuits));
  test::expect_requests_end(run);
  test::expect_api_answers(run);
}

// Half of the calls fail for 20 s: breakers that open at 40 % spend most of that time open, for 5 s
// at a time, and none of the rest.
TEST(CircuitBreakers, AreOpenWhileTheApiFails) {
  const std::string breaker =
      "traffic.client={breaker: {failure_ratio: 40%, open: 5s, half_open_calls: 20}}";
  const Trial run(scenario(
      small,
      {breaker, "timeline=[{at: 40s, event: failures, tier: api, probability: 70%, for: 20s}]"}));
  expect_conservation(run);
  // Four breakers, two sites times two cells.
  const double open_s = run.time_average(Counter::breaker_open_time) * run.measured_s() / 4;
  EXPECT_GT(open_s, 17);
  EXPECT_LT(open_s, 26);
  const double refused = run.ratio(Counter::short_circuits, Counter::breaker_calls);
  EXPECT_NEAR(refused, open_s / 100, 0.05);
  EXPECT_GE(run.sum(Counter::request_errors), run.sum(Counter::short_circuits));
}

TEST(CircuitBreakers, ThatNeverOpenChangeNothingButWhoCounts) {
  const std::vector<std::string> failing = {"api.failure_probability=5%"};
  const Trial without(scenario(small, failing));
  const Trial with(
      scenario(small, {failing[0], "traffic.client={breaker: {failure_ratio: 100%}}"}));
  expect_conservation(with);
  EXPECT_EQ(with.sum(Counter::short_circuits), 0);
  EXPECT_EQ(with.sum(Counter::breaker_open_time), 0);
  EXPECT_EQ(with.sum(Counter::breaker_calls), with.sum(Counter::origin_fetches));
  EXPECT_EQ(with.sum(Counter::api_requests), without.sum(Counter::api_requests));
  EXPECT_EQ(with.sum(Counter::request_errors), without.sum(Counter::request_errors));
  EXPECT_EQ(with.latency(Histogram::client).sum_ns, without.latency(Histogram::client).sum_ns);
}

TEST(CircuitBreakers, OpenOnSlowCallsAndTimeOuts) {
  const std::vector<std::string> slow = {"api.service={deterministic: {value: 200ms}}",
                                         "api.concurrency=1000"};
  std::vector<std::string> judged = slow;
  judged.emplace_back("traffic.client={breaker: {slow_call: 150ms, open: 1s}}");
  EXPECT_GT(Trial(scenario(small, judged)).sum(Counter::short_circuits), 0);
  std::vector<std::string> impatient = slow;
  impatient.emplace_back("traffic.client={timeout: 100ms, breaker: {open: 1s}}");
  const Trial run(scenario(small, impatient));
  EXPECT_GT(run.sum(Counter::short_circuits), 0);
  expect_conservation(run);
}

// A breaker's refusal may be retried, and refreshes in the background ask it too.
TEST(CircuitBreakers, GoWithRetriesBudgetsCoalescingAndRefreshes) {
  const Trial run(scenario(
      small, {"traffic.client={timeout: 50ms, attempts: 3, backoff: {base: 10ms}, budget: {kind: "
              "envoy}, breaker: {open: 2s}}",
              "edge.cache.coalesce=true", "edge.cache.stale_while_revalidate=10s",
              "edge.cache.ttl=2s", "canary={share: 30%}",
              "timeline=[{at: 20s, event: failures, tier: api, probability: 80%, for: 30s}]"}));
  EXPECT_EQ(run.latency(Histogram::client).count, run.sum(Counter::requests));
  EXPECT_GT(run.sum(Counter::short_circuits), 0);
  EXPECT_GT(run.sum(Counter::retries_denied), 0);
}

TEST(CallerFeatures, GiveTheSameBitsForAnyWindowAndThreads) {
  Plan plan = compile_plan(scenario(
      small,
      {"duration=10s",
       "traffic.client={timeout: 50ms, attempts: 3, backoff: {jitter: decorrelated}, budget: "
       "{kind: finagle}, breaker: {open: 200ms, window: 20, min_calls: 10}}",
       "api.quota={tiers: [{share: 50%, rate: 50/s, burst: 20}]}", "api.balancer=consistent_hash",
       "api.failure_probability=45%"}));
  const std::uint64_t digest = run_replication(plan, {7, 1}).measurements.digest;
  for (const unsigned threads : {2U, 3U})
    EXPECT_EQ(run_replication(plan, {7, 1, 0, threads, 0}).measurements.digest, digest);
  for (const std::int64_t ns : {250'000, 3'999'999}) {
    plan.window = Duration::nanoseconds(ns);
    EXPECT_EQ(run_replication(plan, {7, 1}).measurements.digest, digest);
  }
}

// Of 1,000 a second a tier of 30 % may ask for 100 and bring a burst of 50; the others have no
// quota.
TEST(Quota, RefusesWhatIsBeyondATiersRate) {
  const Trial run(scenario(small, {"edge=none", "traffic.arrivals.rate=1k/s", "api.cells=1",
                                   "api.route={own_cell: 100%}",
                                   "api.quota={tiers: [{share: 30%, rate: 100/s, burst: 50}]}"}));
  expect_conservation(
      Trial(scenario(small, {"api.quota={tiers: [{share: 1, rate: 9/s, burst: 1}]}"})));
  const double refused = static_cast<double>(run.sum(Counter::api_over_quota));
  EXPECT_NEAR(refused, 100 * (300 - 100) - 50, 5 * std::sqrt(30'000));
  EXPECT_EQ(run.sum(Counter::api_rejected), run.sum(Counter::api_over_quota));
  EXPECT_EQ(run.sum(Counter::request_errors), run.sum(Counter::api_over_quota));
  // They cost no service: 800 a second for 5 ms of 16 slots.
  EXPECT_NEAR(run.ratio(Counter::api_busy_time, Counter::api_slot_time), 0.8 * 5 / 16, 0.01);
}

TEST(HashRing, MovesOnlyWhatALeavingReplicaOwned) {
  HashRing all;
  HashRing rest;
  all.build(std::vector<std::uint32_t>{0, 1, 2, 3, 4}, 5);
  rest.build(std::vector<std::uint32_t>{0, 1, 3, 4}, 5);
  std::vector<int> owned(5);
  for (std::uint64_t key = 0; key < 50'000; ++key) {
    const std::uint32_t owner = all.owner(mix(key));
    ++owned[owner];
    if (owner == 2) {
      EXPECT_NE(rest.owner(mix(key)), 2U);
    } else {
      ASSERT_EQ(rest.owner(mix(key)), owner);
    }
  }
  for (const int count : owned) EXPECT_NEAR(count, 10'000, 2'500);
}

// One object: one replica of each cell does all the work, and its queue is all there is.
TEST(ConsistentHash, SendsAnObjectToOneReplica) {
  const std::vector<std::string> hot = {
      "edge=none",           "traffic.objects={count: 1}", "traffic.arrivals.rate=100/s",
      "api.cells=1",         "api.route={own_cell: 100%}", "api.concurrency=1",
      "api.queue_capacity=0"};
  std::vector<std::string> hashed = hot;
  hashed.emplace_back("api.balancer=consistent_hash");
  // An M/M/1/1 at 0.5 Erlang loses a third; four of them in turn lose far less.
  EXPECT_NEAR(Trial(scenario(small, hashed)).ratio(Counter::api_rejected, Counter::api_requests),
              1.0 / 3, 0.02);
  EXPECT_LT(Trial(scenario(small, hot)).ratio(Counter::api_rejected, Counter::api_requests), 0.1);
}

}  // namespace
}  // namespace haldane::models
