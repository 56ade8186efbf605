// One fetch for all nodes of a site, and nodes that wait for a fetch of their own.
#include <cmath>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "tests/support/trial.h"
#include "tests/unit/models_coalescing/conservation.h"

namespace haldane::models {
namespace {

using test::scenario;
using test::Trial;

// Four nodes, any of which is asked for the one object, that takes 1 s to fetch.
constexpr std::string_view spray = R"(
schema: haldane.scenario/1
name: spray
duration: 1900ms
warmup: 0s
traffic:
  arrivals: {process: poisson, rate: 1k/s}
  objects: {count: 1}
edge:
  sites: 1
  nodes_per_site: 4
  spread: random
  cache: {policy: lru, capacity: {objects: 1}, coalesce: {scope: site}}
api: {replicas: 1, concurrency: 10k, service: {deterministic: {value: 1s}}}
)";

const std::string of_nodes = "edge.cache.coalesce=true";

// The answer fills every node at which somebody has waited for it.
TEST(SiteScope, OneFetchServesAllNodes) {
  const Trial site(scenario(spray));
  expect_conservation(site);
  EXPECT_EQ(site.sum(Counter::origin_fetches), 1);
  EXPECT_GT(site.sum(Counter::edge_hits), 700);
  const Trial nodes(scenario(spray, {of_nodes}));
  expect_conservation(nodes);
  EXPECT_EQ(nodes.sum(Counter::origin_fetches), 4);
  // Where an object belongs to a node there is no difference.
  for (const std::string spread : {"hash", "consistent"}) {
    const std::string to = "edge.spread=" + spread;
    EXPECT_EQ(Trial(scenario(spray, {to})).latency(Histogram::client).sum_ns,
              Trial(scenario(spray, {to, of_nodes})).latency(Histogram::client).sum_ns);
  }
}

// A copy expires 1 s after its answer, the next request asks for it anew, and that takes 50 ms, in
// which all nodes hear of it.
TEST(SiteScope, OneRefreshServesAllNodes) {
  const std::vector<std::string> stale = {
      "duration=20s", "edge.cache.ttl=1s", "edge.cache.stale_while_revalidate=1h",
      "edge.cache.start=warm", "api.service={deterministic: {value: 50ms}}"};
  const Trial site(scenario(spray, stale));
  EXPECT_EQ(site.sum(Counter::edge_hits), site.sum(Counter::edge_lookups));
  EXPECT_NEAR(static_cast<double>(site.sum(Counter::origin_fetches)), 20 / 1.051, 3);
  std::vector<std::string> each = stale;
  each.push_back(of_nodes);
  EXPECT_NEAR(static_cast<double>(Trial(scenario(spray, each)).sum(Counter::origin_fetches)),
              4 * 20 / 1.054, 5);
}

TEST(SiteScope, FillsAtTheMissEveryNodeThatMisses) {
  const Trial run(scenario(spray, {"edge.cache.fill=on_miss"}));
  expect_conservation(run);
  EXPECT_EQ(run.sum(Counter::origin_fetches), 1);
  EXPECT_EQ(run.sum(Counter::edge_collapsed), 3);
}

// Fetched before the purge, so never fresh after it, at no node.
TEST(SiteScope, WhatWasFetchedBeforeAPurgeFillsNoNode) {
  const std::string purge = "timeline=[{at: 100ms, event: purge";
  const Trial hard(scenario(spray, {purge + "}]"}));
  expect_conservation(hard);
  EXPECT_EQ(hard.sum(Counter::edge_hits), 0);
  EXPECT_EQ(hard.sum(Counter::origin_fetches), 2);
  const std::string window = "edge.cache.stale_while_revalidate=1h";
  const Trial soft(scenario(spray, {purge + ", soft: true}]", window}));
  EXPECT_GT(soft.sum(Counter::edge_hits), 700);
  EXPECT_EQ(soft.sum(Counter::edge_hits), soft.sum(Counter::edge_stale));
}

TEST(SiteScope, AnErrorIsForAllWhoWait) {
  const Trial run(scenario(spray, {"api.failure_probability=100%", "duration=1s"}));
  expect_conservation(run);
  EXPECT_EQ(run.sum(Counter::origin_fetches), 1);
  EXPECT_EQ(run.sum(Counter::request_errors), run.sum(Counter::requests));
}

// Of those who wait when a fetch fails, who stands at a node with a copy gets that: not those of
// the node that has joined since.
TEST(SiteScope, ACopyOfTheOwnNodeStandsInForAnError) {
  const Trial run(
      scenario(spray, {"api.failure_probability=100%", "duration=1s", "edge.cache.start=warm",
                       "edge.cache.ttl=10ms", "edge.cache.stale_if_error=1h",
                       "edge.nodes_per_site=3", "api.service={deterministic: {value: 500ms}}",
                       "timeline=[{at: 1ms, event: nodes, count: 4}]"}));
  expect_conservation(run);
  EXPECT_NEAR(run.ratio(Counter::request_errors, Counter::requests), 0.25, 0.07);
  // Who asks in the second half hears of it after the end.
  EXPECT_NEAR(static_cast<double>(run.sum(Counter::edge_stale_on_error)), 375, 5 * 17);
}

// As with one node: 4 times 5 s, and 5 requests each while the answer is awaited.
TEST(SiteScope, AMarkerIsForAllNodes) {
  const Trial run(scenario(spray, {"duration=20s", "traffic.arrivals.rate=100/s",
                                   "edge.cache.uncacheable={share: 100%, "
                                   "marker: 5s}",
                                   "api.service={deterministic: {value: 50ms}}"}));
  expect_conservation(run);
  EXPECT_EQ(run.sum(Counter::origin_fetches), run.sum(Counter::requests));
  EXPECT_NEAR(static_cast<double>(run.sum(Counter::edge_collapsed)), 4 * 5, 5 * std::sqrt(20.0));
}

TEST(NodeScope, WaitersOfAnyNodeGoOnAlone) {
  for (const std::string scope : {"node", "site"}) {
    const Trial run(scenario(
        spray, {"edge.cache.coalesce={max_wait: 200ms, scope: " + scope + "}", "duration=1s"}));
    expect_conservation(run);
    EXPECT_NEAR(static_cast<double>(run.sum(Counter::edge_own_fetches)), 800, 5 * 30);
    EXPECT_EQ(run.latency(Histogram::client).max_ns, 1'200'000'000);
  }
}

// Every node has a copy of its own objects, so that nobody need ask.
TEST(NodeScope, WaitersTakeTheCopyOfTheirNode) {
  const Trial run(
      scenario(spray, {"edge.spread=consistent", "traffic.objects.count=50", "duration=5s",
                       "edge.cache.capacity.objects=50", "edge.cache.start=warm",
                       "edge.cache.ttl=100ms", "edge.cache.stale_if_error=1h",
                       "edge.cache.coalesce={max_wait: 200ms, on_timeout: stale}"}));
  expect_conservation(run);
  EXPECT_GT(run.sum(Counter::edge_stale_on_error), 2'000);
  EXPECT_EQ(run.sum(Counter::edge_own_fetches), 0);
}

TEST(SiteScope, AnyNumberOfThreadsAndLengthOfWindowsGivesTheSame) {
  Plan plan = compile_plan(scenario(
      spray, {"edge.sites=3", "api.cells=2", "links.edge_to_api=2ms", "traffic.objects.count=50",
              "duration=5s", "api.service={exponential: {mean: 20ms}}",
              "edge.cache.capacity.objects=20", "edge.cache.uncacheable={share: 30%, marker: 1s}",
              "edge.cache.ttl=200ms", "edge.cache.stale_while_revalidate=100ms",
              "edge.cache.coalesce={max_wait: 30ms, poll: 20ms, scope: site}",
              "edge.cache.stale_if_error=1s", "traffic.client={timeout: 60ms, attempts: 2}",
              "api.failure_probability=10%", "api.route={own_cell: 50%, others: 50%}",
              "timeline=[{at: 2s, event: nodes, count: 2}, {at: 3s, event: nodes, count: 4}]"}));
  const auto first = run_replication(plan, {1, 1, 0}).measurements;
  ReplicationOptions options{1, 1, 0};
  options.threads = 3;
  options.worth_sharing = 0;
  plan.window = Duration::microseconds(700);
  EXPECT_EQ(run_replication(plan, options).measurements.digest, first.digest);
}

}  // namespace
}  // namespace haldane::models
