// Calls that are made a second time, in whole systems.
#include <cmath>

#include <gtest/gtest.h>

#include "tests/support/conservation.h"
#include "tests/support/trial.h"

namespace haldane::models {
namespace {

using test::scenario;
using test::Trial;

// Nobody waits for a slot: an answer takes as long as its service.
constexpr std::string_view idle = R"(
schema: haldane.scenario/1
name: idle
duration: 200s
warmup: 0s
traffic: {arrivals: {process: poisson, rate: 500/s}}
edge: none
api: {replicas: 10, concurrency: 1k, service: {exponential: {mean: 10ms}}}
)";

const char* const hedge_all = "traffic.client={hedge: {delay: 10ms, max_extra_load: none}}";

void expect_conservation(const Trial& run) {
  test::expect_requests_end(run);
  EXPECT_EQ(run.sum(Counter::origin_fetches), run.sum(Counter::api_requests));
}

// Of two exponential services the second begins 10 ms later: P(T > t) = exp(-t / 10) up to then,
// and exp(-(2 t - 10) / 10) from then on. A mean of 10 - 5 / e ms, and a p99 of 5 + 5 ln 100 ms.
TEST(Hedging, CutsTheTailAsTheoryHasIt) {
  const Trial run(scenario(idle, {hedge_all}));
  expect_conservation(run);
  EXPECT_EQ(run.sum(Counter::api_requests), run.sum(Counter::requests) + run.sum(Counter::hedges));
  EXPECT_NEAR(run.mean_ms(Histogram::client), 10 - 5 * std::exp(-1.0), 0.1);
  EXPECT_NEAR(run.ratio(Counter::hedges, Counter::requests), std::exp(-1.0), 0.005);
  EXPECT_NEAR(run.ratio(Counter::hedges_won, Counter::hedges), 0.5, 0.01);
  EXPECT_EQ(run.sum(Counter::hedges_denied), 0);
}

TEST(Hedging, StaysWithinItsBudget) {
  const Trial run(scenario(
      idle, {"traffic.client={hedge: {delay: 10ms, max_extra_load: 10%, min_hedges: 0/s}}"}));
  expect_conservation(run);
  EXPECT_NEAR(run.ratio(Counter::hedges, Counter::requests), 0.1, 0.01);
  EXPECT_NEAR(run.ratio(Counter::hedges_denied, Counter::requests), std::exp(-1.0) - 0.1, 0.02);
}

// A share q of the calls is made twice. Of those, both copies end with the first answer, on average
// 5 ms after the second copy was sent: the 90th percentile d of all latencies has
// q + q exp(-d / 5 ms) = 0.1 (1 + q) with q = exp(-d / 10 ms), which gives q = 0.1097.
TEST(Hedging, FollowsAPercentileOfItself) {
  const std::vector<std::string> sets = {
      "duration=300s", "warmup=60s",
      "traffic.client={hedge: {percentile: 90%, max_extra_load: none}}"};
  const Trial run(scenario(idle, sets));
  EXPECT_NEAR(run.ratio(Counter::hedges, Counter::requests), 0.1097, 0.003);
}

// Answers that take ten times as long from 100 s on: a fixed delay doubles nearly every call, for a
// percentile they are the measure some windows later.
TEST(Hedging, ByPercentileFollowsASlowServer) {
  const auto hedged = [](const std::string& when) {
    const Trial run(scenario(
        idle, {"timeline=[{at: 100s, event: slow_down, tier: api, factor: 10}]", "duration=300s",
               "warmup=220s", "traffic.client={hedge: {" + when + ", max_extra_load: none}}"}));
    return run.ratio(Counter::hedges, Counter::requests);
  };
  EXPECT_GT(hedged("delay: 23ms"), 0.75);
  EXPECT_LT(hedged("percentile: 90%"), 0.12);
}

TEST(Hedging, ByPercentileKnowsNothingAtFirst) {
  const auto hedged = [](const std::string& window) {
    const Trial run(scenario(idle, {"duration=9s",
                                    "traffic.client={hedge: {percentile: 90%, "
                                    "max_extra_load: none, window: " +
                                        window + "}}"}));
    return run.sum(Counter::hedges);
  };
  EXPECT_EQ(hedged("30s"), 0);
  EXPECT_GT(hedged("3s"), 300);
}

// Two copies that fail with 30 % each: all who are hedged fail with 9 %, the quick ones with 30 %.
TEST(Hedging, AnErrorWaitsForTheOtherCopy) {
  const Trial run(scenario(idle, {hedge_all, "api.failure_probability=30%",
                                  "api.service={deterministic: {value: 15ms}}"}));
  expect_conservation(run);
  // Those of the last 10 ms are hedged after the end.
  EXPECT_NEAR(run.ratio(Counter::hedges, Counter::requests), 1, 0.001);
  EXPECT_NEAR(run.ratio(Counter::request_errors, Counter::requests), 0.09, 0.005);
  const Trial quick(scenario(idle, {hedge_all, "api.failure_probability=30%",
                                    "api.service={deterministic: {value: 9ms}}"}));
  EXPECT_EQ(quick.sum(Counter::hedges), 0);
  EXPECT_NEAR(quick.ratio(Counter::request_errors, Counter::requests), 0.3, 0.008);
}

// With all that may happen to a call, every request still ends once.
TEST(Hedging, GoesWithTimeOutsRetriesCachesAndGuards) {
  const std::vector<std::string> sets = {
      "traffic.client={timeout: 25ms, attempts: 3, backoff: {base: 5ms}, budget: {kind: envoy}, "
      "hedge: {delay: 8ms, max_extra_load: 20%}, breaker: {open: 500ms, failure_ratio: 40%}}",
      "traffic.objects={count: 1k, popularity: {zipf: 0.9}}",
      "edge={sites: 2, cache: {policy: lru, capacity: {objects: 100}, ttl: 5s, "
      "stale_while_revalidate: 1s, stale_if_error: 5s}, shield: {policy: lru, capacity: {objects: "
      "300}}, hit_latency: {deterministic: {value: 100us}}}",
      "links={edge_to_api: 1ms}",
      "api.quota={tiers: [{share: 30%, rate: 30/s, burst: 10}]}",
      "canary={share: 20%}",
      "timeline=[{at: 20s, event: failures, tier: api, probability: 60%, for: 20s}, {at: 60s, "
      "event: replica_failure, tier: api, count: 3, for: 30s}]"};
  const Trial run(scenario(idle, sets));
  EXPECT_EQ(run.latency(Histogram::client).count, run.sum(Counter::requests));
  for (const Counter counter : {Counter::hedges, Counter::hedges_won, Counter::hedges_denied,
                                Counter::short_circuits, Counter::edge_stale_on_error})
    EXPECT_GT(run.sum(counter), 0) << index(counter);
}

}  // namespace
}  // namespace haldane::models
