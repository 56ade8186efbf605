// First come, first served through whole systems, by events and at admission: everything measured
// is the same, to the bit. And what only events can do keeps the promises that every run must keep.
#include <numeric>

#include <gtest/gtest.h>

#include "tests/property/random_system.h"
#include "tests/support/trial.h"

namespace haldane::models {
namespace {

using test::scenario;

constexpr std::uint64_t systems = 180;

// Scaled cells are compared in
// tests/unit/models/autoscaler_test.cpp: there, who follows a replica that still drains has another
// number.
bool can_be_served_by_events(const Plan& plan) {
  return plan.scenario.api && !plan.scenario.api->autoscaler;
}

bool alike(const sim::LatencySlice& a, const sim::LatencySlice& b) {
  if (a.count != b.count || a.sum_ns != b.sum_ns || a.max_ns != b.max_ns) return false;
  return std::equal(
      a.buckets.begin(), a.buckets.end(), b.buckets.begin(), b.buckets.end(),
      [](const auto& x, const auto& y) { return x.value_ns == y.value_ns && x.count == y.count; });
}

void expect_alike(const sim::Measurements& events, const sim::Measurements& admission,
                  const std::string& what) {
  EXPECT_EQ(events.counters, admission.counters) << what;
  EXPECT_EQ(events.maxima, admission.maxima) << what;
  EXPECT_EQ(events.events, admission.events) << what;
  for (std::size_t h = 0; h < events.latencies.size(); ++h) {
    for (std::size_t s = 0; s < events.latencies[h].size(); ++s) {
      EXPECT_TRUE(alike(events.latencies[h][s], admission.latencies[h][s]))
          << what << ": histogram " << h << " slice " << s;
    }
  }
}

TEST(EventPool, AgreesWithAdmissionInWholeSystems) {
  std::uint64_t compared = 0;
  for (std::uint64_t seed = 0; seed < systems; ++seed) {
    const std::string text = test::random_system(seed);
    Plan plan = compile_plan(scenario(text));
    if (plan.api_by_events || !can_be_served_by_events(plan)) continue;
    ++compared;
    const auto admission = run_replication(plan, {seed, 1, 0}).measurements;
    plan.api_by_events = true;
    const auto events = run_replication(plan, {seed, 1, 0}).measurements;
    expect_alike(events, admission, std::to_string(seed) + "\n" + text);
    if (testing::Test::HasFailure()) return;
  }
  EXPECT_GT(compared, systems / 8);
}

// With all that sites settle with their clients, and replicas that differ.
constexpr std::string_view settled = R"(
schema: haldane.scenario/1
name: settled
duration: 20s
traffic:
  arrivals: {process: poisson, rate: 400/s}
  objects: {count: 1k, popularity: {zipf: 0.9}}
  client:
    timeout: 30ms
    attempts: 3
    backoff: {base: 5ms}
    budget: {kind: finagle}
    breaker: {open: 300ms, window: 20, min_calls: 10, slow_call: 20ms}
edge:
  sites: 2
  cache: {policy: lru, capacity: {objects: 200}, ttl: 5s, coalesce: true, stale_if_error: 10s}
  hit_latency: {deterministic: {value: 500us}}
links: {edge_to_api: 2ms}
api:
  cells: 2
  replicas: 3
  concurrency: 1
  service: {exponential: {mean: 5ms}}
  balancer: consistent_hash
  route: {own_cell: 70%}
  quota: {tiers: [{share: 50%, rate: 60/s, burst: 20}]}
canary: {share: 30%}
timeline:
  - {at: 4s, event: bad_release, share: 40%, factor: 4, probability: 30%, for: 6s}
  - {at: 6s, event: replica_failure, tier: api, for: 3s}
)";

TEST(EventPool, AgreesWithAdmissionWhereSitesSettleWithClients) {
  // Sites that wait for ever, and those that give up before their clients, with them and later.
  for (const std::string patience : {"none", "12ms", "30ms", "45ms"}) {
    Plan plan = compile_plan(
        scenario(settled, {"edge.cache.fetch_timeout=" + patience,
                           "links.loss={edge_to_api: 5%, retransmission_timeout: 10ms}"}));
    const std::uint64_t seed = 1;
    const auto admission = run_replication(plan, {seed, 0, 0}).measurements;
    plan.api_by_events = true;
    const auto events = run_replication(plan, {seed, 0, 0}).measurements;
    expect_alike(events, admission, "fetch_timeout: " + patience);
    for (const Counter counter : {Counter::short_circuits, Counter::retries_denied,
                                  Counter::api_over_quota, Counter::edge_stale_on_error}) {
      const auto& bins = events.counters[index(counter)];
      EXPECT_GT(std::accumulate(bins.begin(), bins.end(), std::int64_t{0}), 0)
          << "too mild a system: " << index(counter);
    }
  }
}

// Keys of an API cell that take events.
std::vector<std::string> hold_ups() {
  return {
      "queue: {discipline: lifo}, limit: {kind: aimd, initial: 3, min: 1}",
      "queue: {discipline: priority}, limit: {kind: vegas, initial: 2, window: 100ms}",
      "queue: {discipline: adaptive_lifo, codel: {}}",
      "queue: {discipline: fifo, codel: {target: 1ms, interval: 10ms}}",
      "queue: {deadline_drop: 3ms}, slow_start: {for: 1s, factor: 3}",
      "queue: {discipline: lifo, deadline_drop: 2ms}",
      "dependency: {pool: 2, timeout: 5ms, service: {exponential: {mean: 1ms}}}",
      "outliers: {interval: 100ms, ejection: 100ms, max_ejected: 1}, queue: {deadline_drop: 5ms}",
      "balancer_slow_start: {window: 2s, aggression: 1.5}, pauses: {every: 90ms, duration: "
      "{exponential: {mean: 5ms}}}",
      "balancer: peak_ewma, limit: {kind: fixed, requests: 3}",
      "pauses: {every: 50ms, duration: {exponential: {mean: 5ms}}}",
      "pauses: {after_requests: 20, duration: {exponential: {mean: 5ms}}}"};
}

// A random system with the keys of another.
Scenario random_system_with(std::uint64_t seed, const std::string& keys) {
  Scenario system = scenario(test::random_system(seed));
  const Scenario rule = scenario(
      "schema: haldane.scenario/1\nname: q\nduration: 1s\n"
      "traffic: {arrivals: {process: poisson, rate: 1/s}}\n"
      "api: {replicas: 1, service: {exponential: {mean: 1ms}}, " +
      keys + "}\n");
  system.api->queue = rule.api->queue;
  system.api->limit = rule.api->limit;
  system.api->dependency = rule.api->dependency;
  system.api->pauses = rule.api->pauses;
  system.api->slow_start = rule.api->slow_start;
  system.api->outliers = rule.api->outliers;
  system.api->balancer_slow_start = rule.api->balancer_slow_start;
  if (rule.api->balancer_slow_start.is_on()) system.api->balancer = Balancer::round_robin;
  if (rule.api->balancer == Balancer::peak_ewma) system.api->balancer = Balancer::peak_ewma;
  return system;
}

void expect_same_bits(Plan plan, std::uint64_t seed, const std::string& keys) {
  ASSERT_TRUE(plan.api_by_events);
  const auto expected = run_replication(plan, {seed, 0, 0}).measurements.digest;
  EXPECT_EQ(run_replication(plan, {seed, 0, 0, 2, 0}).measurements.digest, expected)
      << keys << " seed " << seed;
  plan.window =
      std::max(Duration::nanoseconds(1), Duration::nanoseconds(plan.window.count_ns() / 7));
  EXPECT_EQ(run_replication(plan, {seed, 0, 0}).measurements.digest, expected)
      << keys << " seed " << seed << ", shorter windows";
}

TEST(EventPool, GivesTheSameBitsForAnyWindowAndThreads) {
  std::uint64_t seed = 0;
  std::uint64_t compared = 0;
  for (const std::string& keys : hold_ups()) {
    for (int each = 0; each < 8; ++each, ++seed) {
      const Plan base = compile_plan(scenario(test::random_system(seed)));
      if (!can_be_served_by_events(base)) continue;
      if (base.window < Duration::microseconds(100)) continue;  // most of the time is threads'
      const bool ejects = keys.find("outliers") != std::string::npos;
      if (ejects && base.scenario.api->balancer == Balancer::central_queue) continue;
      ++compared;
      expect_same_bits(compile_plan(random_system_with(seed, keys)), seed, keys);
    }
  }
  EXPECT_GT(compared, hold_ups().size());
}

}  // namespace
}  // namespace haldane::models
