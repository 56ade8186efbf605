// What an edge does when the API fails or takes too long.
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "tests/support/trial.h"

namespace haldane::models {
namespace {

using test::scenario;
using test::Trial;

// Nothing stays fresh for long, and the API fails from 10 s to 20 s.
constexpr std::string_view failing = R"(
schema: haldane.scenario/1
name: failing
duration: 20s
warmup: 10s
traffic:
  arrivals: {process: poisson, rate: 2k/s}
  objects: {count: 100, popularity: uniform}
edge:
  sites: 2
  cache: {policy: lru, capacity: {objects: 100}, ttl: 1s, start: warm}
  hit_latency: {deterministic: {value: 1ms}}
links: {edge_to_api: 2ms}
api: {replicas: 4, concurrency: 100, service: {deterministic: {value: 5ms}}}
timeline: [{at: 10s, event: failures, tier: api, probability: 100%}]
)";

double errors(const std::vector<std::string>& settings) {
  return Trial(scenario(failing, settings)).ratio(Counter::request_errors, Counter::requests);
}

TEST(StaleIfError, StandsInForFailedAnswers) {
  EXPECT_GT(errors({}), 0.8);
  for (const std::string coalesce : {"false", "true"}) {
    const Trial run(
        scenario(failing, {"edge.cache.stale_if_error=1h", "edge.cache.coalesce=" + coalesce}));
    EXPECT_EQ(run.sum(Counter::request_errors), 0);
    // Everybody but those who hit in the first second, before the last fresh copies expired.
    EXPECT_NEAR(run.ratio(Counter::edge_stale_on_error, Counter::requests), 0.95, 0.02);
    // Those under way as the warm-up ends are counted on either side of it.
    EXPECT_NEAR(static_cast<double>(run.latency(Histogram::client).count),
                static_cast<double>(run.sum(Counter::requests)), 100);
  }
}

// Copies expire between 10 s and 11 s, uniformly; a window of 3 s ends between 13 s and 14 s, of 10
// seconds. Counted from the fetch it would be over a second earlier.
TEST(StaleIfError, CountsFromTheEndOfFreshness) {
  EXPECT_NEAR(errors({"edge.cache.stale_if_error=3s"}), 0.65, 0.02);
  EXPECT_NEAR(errors({"edge.cache.stale_if_error=7s"}), 0.25, 0.02);
}

TEST(StaleIfError, IsLostToAHardPurgeAndOutlivesASoftOne) {
  const auto with_purge = [](const std::string& soft) {
    return errors({"edge.cache.stale_if_error=1h",
                   "timeline[1]={at: 10s, event: purge, soft: " + soft + "}"});
  };
  EXPECT_EQ(with_purge("true"), 0);
  EXPECT_EQ(with_purge("false"), 1);
}

TEST(StaleIfError, ComesAfterStaleWhileRevalidate) {
  const Trial run(
      scenario(failing, {"edge.cache.stale_while_revalidate=4s", "edge.cache.stale_if_error=1h"}));
  EXPECT_EQ(run.sum(Counter::request_errors), 0);
  EXPECT_NEAR(run.ratio(Counter::edge_stale, Counter::requests), 0.4, 0.02);
  EXPECT_NEAR(run.ratio(Counter::edge_stale_on_error, Counter::requests), 0.55, 0.02);
}

TEST(StaleIfError, WhatWasNeverFetchedFails) {
  EXPECT_GT(errors({"edge.cache.stale_if_error=1h", "edge.cache.capacity.objects=50"}), 0.3);
}

constexpr std::string_view late = R"(
schema: haldane.scenario/1
name: late
duration: 10s
warmup: 0s
traffic:
  arrivals: {process: poisson, rate: 500/s}
  objects: {count: 100, popularity: uniform}
edge:
  sites: 1
  cache: {policy: lru, capacity: {objects: 50}, ttl: 1s, fetch_timeout: 100ms}
links: {edge_to_api: 2ms}
api: {replicas: 4, concurrency: 1k, service: {deterministic: {value: 1s}}}
)";

TEST(FetchTimeout, TurnsSlowAnswersIntoErrorsThatFillNothing) {
  const Trial run(scenario(late));
  EXPECT_EQ(run.sum(Counter::request_errors), run.sum(Counter::requests));
  EXPECT_EQ(run.sum(Counter::edge_hits), 0);
  EXPECT_EQ(run.latency(Histogram::client).max_ns, 100'000'000);
  EXPECT_EQ(run.sum(Counter::api_requests), run.sum(Counter::requests));
}

TEST(FetchTimeout, LetsStaleCopiesStandInForSlowAnswers) {
  const Trial run(scenario(late, {"edge.cache.start=warm", "edge.cache.capacity.objects=100",
                                  "edge.cache.stale_if_error=1h"}));
  EXPECT_EQ(run.sum(Counter::request_errors), 0);
  EXPECT_EQ(run.latency(Histogram::client).max_ns, 100'000'000);
}

TEST(FetchTimeout, ComesAfterAClientThatIsLessPatient) {
  const Trial run(scenario(late, {"traffic.client.timeout=50ms", "traffic.client.attempts=2",
                                  "traffic.client.backoff={base: 10ms, jitter: none}"}));
  EXPECT_EQ(run.sum(Counter::request_errors), run.sum(Counter::requests));
  // But for those whose second attempt comes after the end.
  EXPECT_NEAR(run.ratio(Counter::edge_lookups, Counter::requests), 2, 0.02);
  EXPECT_EQ(run.latency(Histogram::client).max_ns, 110'000'000);
}

// Queues that only events can serve give up fetches as others do, also those that wait.
TEST(FetchTimeout, IsKeptByReplicasThatAreServedByEvents) {
  for (const std::string queue : {"lifo", "priority"}) {
    const std::string set = "api.queue={discipline: " + queue + "}";
    const Trial busy(scenario(late, {set}));
    EXPECT_EQ(busy.sum(Counter::request_errors), busy.sum(Counter::requests));
    EXPECT_EQ(busy.latency(Histogram::client).max_ns, 100'000'000);
    const Trial full(scenario(
        late, {set, "api.concurrency=2", "edge.cache.start=warm", "edge.cache.capacity.objects=100",
               "edge.cache.coalesce=true", "edge.cache.stale_if_error=1h"}));
    EXPECT_EQ(full.sum(Counter::request_errors), 0);
    EXPECT_EQ(full.latency(Histogram::client).max_ns, 100'000'000);
    EXPECT_GT(full.sum(Counter::edge_stale_on_error), 0);
    const Trial impatient(scenario(late, {set,
                                          "traffic.client={timeout: 50ms, attempts: 2, "
                                          "backoff: {base: 10ms, jitter: none}}"}));
    EXPECT_EQ(impatient.sum(Counter::request_errors), impatient.sum(Counter::requests));
    EXPECT_EQ(impatient.latency(Histogram::client).max_ns, 110'000'000);
  }
}

// Who settles with the clients, the cell or the site, makes no difference to them.
TEST(FetchTimeout, ThatIsNeverReachedChangesNothing) {
  for (const std::string client : {"none", "{timeout: 9ms}"}) {
    const std::vector<std::string> common = {
        "api={replicas: 1, concurrency: 4, queue_capacity: 5, failure_probability: 10%, "
        "service: {exponential: {mean: 5ms}}}",
        "timeline=[{at: 3s, event: purge, share: 50%}]", "traffic.client=" + client,
        "edge.cache.stale_while_revalidate=100ms"};
    std::vector<std::string> never = common;
    never.emplace_back("edge.cache.fetch_timeout=1h");
    std::vector<std::string> none = common;
    none.emplace_back("edge.cache.fetch_timeout=none");
    const Trial a(scenario(late, never));
    const Trial b(scenario(late, none));
    for (const Counter counter :
         {Counter::requests, Counter::request_errors, Counter::edge_hits, Counter::origin_fetches,
          Counter::api_rejected, Counter::api_errors}) {
      EXPECT_EQ(a.sum(counter), b.sum(counter));
    }
    EXPECT_GT(a.sum(Counter::request_errors), 0);
    EXPECT_EQ(a.latency(Histogram::client).count, b.latency(Histogram::client).count);
    EXPECT_EQ(a.latency(Histogram::client).sum_ns, b.latency(Histogram::client).sum_ns);
  }
}

}  // namespace
}  // namespace haldane::models
