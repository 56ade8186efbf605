// Requests that wait for another's fetch: how long, and what becomes of them.
#include <cmath>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "models/tiers/edge/waiters.h"
#include "tests/support/trial.h"
#include "tests/unit/models_coalescing/conservation.h"

namespace haldane::models {
namespace {

using test::scenario;
using test::Trial;

RequestTag tag_of(std::uint64_t id) {
  RequestTag tag;
  tag.id = id;
  return tag;
}

TEST(Waiters, GiveUpTheOldestWhoStillWaits) {
  Waiters waiters(1);
  waiters.begin_fetch(0);
  const std::uint32_t first = waiters.join(0, {tag_of(1), SimTime::zero()});
  waiters.join(0, {tag_of(2), SimTime::zero()});
  waiters.join(0, {tag_of(3), SimTime::zero(), 7});
  EXPECT_TRUE(waiters.give_up(first, tag_of(1)));
  RequestTag oldest;
  ASSERT_TRUE(waiters.take_oldest(0, oldest));
  EXPECT_EQ(oldest.id, 2U);
  EXPECT_TRUE(waiters.in_flight(0));
  std::vector<WaitingRequest> woken;
  waiters.end_fetch(0, woken);
  ASSERT_EQ(woken.size(), 1U);
  EXPECT_EQ(woken[0].tag.id, 3U);
  EXPECT_EQ(woken[0].node, 7U);
  EXPECT_FALSE(waiters.in_flight(0));
  waiters.begin_fetch(0);
  EXPECT_FALSE(waiters.take_oldest(0, oldest));
}

// One object that takes 1 s to fetch and stays fresh for long: all but the first request of the
// first second wait.
constexpr std::string_view slow = R"(
schema: haldane.scenario/1
name: slow
duration: 1s
warmup: 0s
traffic:
  arrivals: {process: poisson, rate: 1k/s}
  objects: {count: 1}
edge:
  sites: 1
  cache: {policy: lru, capacity: {objects: 1}, coalesce: true}
api: {replicas: 1, concurrency: 10k, service: {deterministic: {value: 1s}}}
)";

TEST(Coalescing, CountsWhoWaits) {
  const Trial run(scenario(slow));
  expect_conservation(run);
  EXPECT_EQ(run.sum(Counter::edge_collapsed), run.sum(Counter::requests) - 1);
  EXPECT_EQ(run.sum(Counter::origin_fetches), 1);
}

TEST(Coalescing, OnTimeoutWaitersFetchForThemselves) {
  const Trial run(scenario(slow, {"edge.cache.coalesce={max_wait: 200ms}"}));
  expect_conservation(run);
  // Those who came in the first 800 ms wait 200 ms and then 1 s; the others are told in time, or
  // after the end.
  EXPECT_NEAR(static_cast<double>(run.sum(Counter::edge_own_fetches)), 800, 5 * 30);
  EXPECT_EQ(run.sum(Counter::request_errors), 0);
  EXPECT_EQ(run.latency(Histogram::client).max_ns, 1'200'000'000);
}

TEST(Coalescing, WhatWaitersFetchedForThemselvesIsNotStored) {
  // The first fetch is lost to a purge, so only those of waiters come; then the object is fetched
  // anew by who asks after the first answer.
  const std::vector<std::string> settings = {"edge.cache.coalesce={max_wait: 200ms}",
                                             "duration=1900ms"};
  EXPECT_GT(Trial(scenario(slow, settings)).sum(Counter::edge_hits), 500);
  std::vector<std::string> purged = settings;
  purged.emplace_back("timeline=[{at: 100ms, event: purge}]");
  EXPECT_EQ(Trial(scenario(slow, purged)).sum(Counter::edge_hits), 0);
}

TEST(Coalescing, OnTimeoutWaitersFail) {
  const Trial run(scenario(slow, {"edge.cache.coalesce={max_wait: 200ms, on_timeout: fail}"}));
  expect_conservation(run);
  EXPECT_EQ(run.sum(Counter::edge_own_fetches), 0);
  EXPECT_NEAR(static_cast<double>(run.sum(Counter::request_errors)), 800, 5 * 30);
  EXPECT_EQ(run.sum(Counter::origin_fetches), 1);
}

TEST(Coalescing, OnTimeoutWaitersTakeAStaleCopy) {
  // The object starts fresh and expires within 100 ms.
  const Trial run(scenario(
      slow, {"edge.cache.coalesce={max_wait: 200ms, on_timeout: stale}", "edge.cache.ttl=100ms",
             "edge.cache.stale_if_error=1h", "edge.cache.start=warm"}));
  expect_conservation(run);
  EXPECT_EQ(run.sum(Counter::edge_own_fetches), 0);
  EXPECT_EQ(run.sum(Counter::request_errors), 0);
  EXPECT_GT(run.sum(Counter::edge_stale_on_error), 400);
  // Only the leader waits for the answer itself.
  EXPECT_LE(run.quantile_ms(Histogram::client, 0.999), 205);
}

TEST(Coalescing, AClientsPatienceBeginsWithItsWaiting) {
  const Trial run(
      scenario(slow, {"edge.cache.coalesce={max_wait: 200ms}", "traffic.client.timeout=500ms"}));
  expect_conservation(run);
  EXPECT_EQ(run.latency(Histogram::client).max_ns, 500'000'000);
  EXPECT_GT(run.sum(Counter::edge_own_fetches), 600);
  EXPECT_GT(run.ratio(Counter::request_errors, Counter::requests), 0.4);
}

TEST(Coalescing, PollingWaitersSeeTheAnswerLater) {
  const Trial told(scenario(slow));
  const Trial polling(scenario(slow, {"edge.cache.coalesce={poll: 300ms}"}));
  expect_conservation(polling);
  const auto count = static_cast<double>(polling.sum(Counter::requests));
  // Waits of 0 to 1 s are rounded up to 0.3, 0.6, 0.9 and 1.2 s: by (0.3 * (0.15 + 0.15 + 0.15) +
  // 0.1 * 0.25) s on average.
  const double later = polling.mean_ms(Histogram::client) - told.mean_ms(Histogram::client);
  EXPECT_NEAR(later, 160, 5 * 100 / std::sqrt(count));
  EXPECT_NEAR(static_cast<double>(polling.latency(Histogram::client).max_ns), 1.2e9, 1e6);
  // The longest wait ends the rounding.
  const Trial bounded(scenario(slow, {"edge.cache.coalesce={poll: 600ms, max_wait: 1100ms}"}));
  EXPECT_EQ(bounded.sum(Counter::edge_own_fetches), 0);
  EXPECT_EQ(bounded.latency(Histogram::client).max_ns, 1'100'000'000);
}

// An object whose answers may not be shared, asked for 100 times a second, 50 ms each.
constexpr std::string_view uncacheable = R"(
schema: haldane.scenario/1
name: uncacheable
duration: 20s
warmup: 0s
traffic:
  arrivals: {process: poisson, rate: 100/s}
  objects: {count: 1}
edge:
  sites: 1
  cache: {policy: lru, capacity: {objects: 1}, coalesce: true, uncacheable: {share: 100%}}
api: {replicas: 1, concurrency: 10k, service: {deterministic: {value: 50ms}}}
)";

TEST(Uncacheable, WithoutAMarkerWaitersGoOneAfterTheOther) {
  const Trial run(scenario(uncacheable));
  expect_conservation(run);
  EXPECT_EQ(run.sum(Counter::edge_hits), 0);
  // 20 a second are served: after 20 s, 1,600 of 2,000 still wait.
  EXPECT_NEAR(static_cast<double>(run.sum(Counter::origin_fetches)), 400, 2);
  EXPECT_GT(run.quantile_ms(Histogram::client, 0.9), 10'000);
}

TEST(Uncacheable, AMarkerLetsThemThrough) {
  const Trial run(scenario(uncacheable, {"edge.cache.uncacheable.marker=5s"}));
  expect_conservation(run);
  EXPECT_EQ(run.sum(Counter::origin_fetches), run.sum(Counter::requests));
  // Some wait for the first fetch, and for the first after each 5 s.
  EXPECT_NEAR(static_cast<double>(run.sum(Counter::edge_collapsed)), 4 * 5, 5 * std::sqrt(20.0));
  EXPECT_LE(run.latency(Histogram::client).max_ns, 100'000'000);
}

TEST(Uncacheable, WithoutCoalescingEverybodyAsks) {
  const Trial run(scenario(uncacheable,
                           {"edge.cache.coalesce=false", "traffic.objects.count=1k",
                            "edge.cache.capacity.objects=1k", "edge.cache.uncacheable.share=40%"}));
  expect_conservation(run);
  EXPECT_GT(run.sum(Counter::edge_hits), 0);
  const Trial warm(scenario(uncacheable, {"edge.cache.coalesce=false", "traffic.objects.count=1k",
                                          "edge.cache.start=warm", "edge.cache.capacity.objects=1k",
                                          "edge.cache.uncacheable.share=40%"}));
  EXPECT_NEAR(warm.ratio(Counter::edge_hits, Counter::requests), 0.6, 0.08);
}

TEST(Uncacheable, ClientsOfTheStallGiveUpInTime) {
  const Trial run(scenario(uncacheable, {"traffic.client.timeout=1s"}));
  expect_conservation(run);
  EXPECT_EQ(run.latency(Histogram::client).max_ns, 1'000'000'000);
  EXPECT_GT(run.ratio(Counter::request_errors, Counter::requests), 0.5);
}

// Windows of any length and threads do not change a bit.
TEST(Coalescing, DoesNotDependOnThreads) {
  const Plan plan = compile_plan(
      scenario(uncacheable,
               {"edge.sites=3", "api.cells=2", "links.edge_to_api=2ms", "traffic.objects.count=50",
                "edge.cache.capacity.objects=20", "edge.cache.uncacheable={share: 30%, marker: 1s}",
                "edge.cache.ttl=1s", "edge.cache.coalesce={max_wait: 30ms, poll: 20ms}",
                "edge.cache.stale_if_error=1s", "traffic.client.timeout=60ms",
                "api.failure_probability=10%", "api.route={own_cell: 50%, others: 50%}"}));
  const auto digest = [&plan](unsigned threads) {
    return run_replication(plan, {1, 1, 0, threads, 0}).measurements.digest;
  };
  EXPECT_EQ(digest(1), digest(2));
  EXPECT_EQ(digest(1), digest(3));
}

}  // namespace
}  // namespace haldane::models
