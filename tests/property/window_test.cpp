// The length of a window is a matter of speed only: any window up to the shortest way back gives
// the same run.
#include <gtest/gtest.h>

#include "tests/support/trial.h"

namespace haldane::models {
namespace {

using test::scenario;

constexpr const char* worker_autoscalers[] = {
    "none",
    "{kind: keda, min: 1, max: 6, target: 2, startup: 50ms, metric_period: 100ms, scrape: 100ms, "
    "sync: 200ms, stabilization: 300ms}",
    "{kind: target_tracking, max: 6, metric: lag, target: 20ms, metric_period: 100ms, scrape: "
    "100ms, sync: 200ms, cooldown_out: 100ms}"};

// A random small system from a seed: links, tiers, policies, retries and faults in all
// combinations.
Scenario random_system(std::uint64_t seed) {
  auto choose = [seed, n = std::uint64_t{0}](std::uint64_t bound) mutable {
    return sim::to_index(sim::draw(sim::StreamKey(seed, 0, 0, sim::Purpose::test), n++).first,
                         bound);
  };
  const auto pick = [&](std::initializer_list<const char*> options) {
    return std::string(options.begin()[choose(options.size())]);
  };
  const bool closed = choose(4) == 0;
  std::vector<std::string> sets = {
      "edge.sites=" + std::to_string(3 + choose(3)),
      "edge.nodes_per_site=" + std::to_string(1 + choose(3)),
      "edge.cache.policy=" +
          pick({"lru", "fifo", "clock", "sieve", "s3_fifo", "arc", "w_tinylfu", "gdsf", "lfu"}),
      "edge.cache.coalesce=" + pick({"true", "false"}),
      "edge.cache.start=" + pick({"cold", "warm"}),
      "edge.cache.stale_while_revalidate=" + pick({"0s", "2s"}),
      "edge.cache.ttl=" + pick({"none", "500ms", "5s"}),
      "links.edge_to_api=" + pick({"500us", "2ms", "20ms"}),
      "api.cells=" + std::to_string(1 + choose(3)),
      "api.balancer=" +
          pick({"central_queue", "round_robin", "least_requests", "power_of_two", "random"}),
      "api.queue_capacity=" + pick({"unbounded", "5"}),
      "api.failure_probability=" + pick({"0", "5%"}),
      "traffic.client=" + pick({"none",
                                "{timeout: 30ms, attempts: 3, backoff: {base: 5ms, factor: 2, cap: "
                                "1s, jitter: full}}"}),
      "timeline=" + pick({"[]", "[{at: 2s, event: purge, share: 50%}]",
                          "[{at: 1s, event: replica_failure, tier: api, count: 2, for: 1s}]",
                          closed ? "[]" : "[{at: 1s, event: surge, factor: 3, for: 1s}]",
                          "[{at: 1s, event: replica_failure, tier: workers, count: 1, for: 1s}]"}),
  };
  if (closed)
    sets.push_back(
        "traffic.arrivals={process: closed_loop, clients: 30, think: {exponential: {mean: 20ms}}}");
  sets.push_back("api.autoscaler=" +
                 pick({"none",
                       "{kind: hpa, max: 6, target: 50%, startup: 50ms, metric_period: 100ms, "
                       "scrape: 100ms, sync: 200ms}",
                       "{kind: kpa, max: 6, target: 1, stable_window: 1s, panic_window: 200ms, "
                       "metric_period: 100ms, scrape: 100ms, sync: 200ms}",
                       "{kind: keda, target: 0.5, readiness: 20ms, metric_period: 100ms, scrape: "
                       "100ms, sync: 200ms}"}));
  if (sets.back() != "api.autoscaler=none") sets.push_back("api.balancer=power_of_two");
  sets.push_back(std::string("workers.autoscaler=") + worker_autoscalers[choose(3)]);
  return scenario(R"(
schema: haldane.scenario/1
name: random
duration: 2500ms
warmup: 0s
traffic: {arrivals: {process: poisson, rate: 1k/s}, objects: {count: 2k, popularity: {zipf: 0.9}}}
edge:
  sites: 1
  nodes_per_site: 1
  cache: {policy: lru, capacity: {objects: 300}, ttl: none}
  hit_latency: {lognormal: {median: 500us, sigma: 0.5}}
links: {edge_to_api: 2ms, api_to_workers: 1ms}
api: {replicas: 3, concurrency: 2, balancer: random, service: {exponential: {mean: 2ms}}, enqueue: {probability: 20%}}
workers:
  replicas: 3
  service: {exponential: {mean: 5ms}}
  failure_probability: 10%
  retries: {max_attempts: 3, backoff: {base: 10ms, factor: 2, cap: 1s, jitter: full}}
)",
                  sets);
}

TEST(Windows, OfAnyLegalLengthGiveTheSameRun) {
  for (std::uint64_t seed = 0; seed < 60; ++seed) {
    Plan plan = compile_plan(random_system(seed));
    const std::uint64_t expected = run_replication(plan, {seed, 0, 0}).measurements.digest;
    const Duration longest = plan.window;
    for (const std::int64_t parts : {2, 7, 1'000}) {
      plan.window =
          std::max(Duration::nanoseconds(1), Duration::nanoseconds(longest.count_ns() / parts));
      EXPECT_EQ(run_replication(plan, {seed, 0, 0}).measurements.digest, expected)
          << seed << " / " << parts;
    }
  }
}

}  // namespace
}  // namespace haldane::models
