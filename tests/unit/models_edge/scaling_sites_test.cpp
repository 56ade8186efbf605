// Sites that scale their own nodes: the chain from the signal to a node, what nodes bring and take
// away, and that sites know nothing of each other.
#include <cstdint>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "tests/support/queueing_formulas.h"
#include "tests/support/trial.h"

namespace haldane::models {
namespace {

using test::scenario;
using test::Trial;
using Step = ScaleStep;

// Two sites of four nodes that hold everything.
constexpr std::string_view text = R"(
schema: haldane.scenario/1
name: sites
duration: 240s
warmup: 0s
traffic:
  arrivals: {process: poisson, rate: 1k/s}
  objects: {count: 1k, popularity: uniform}
edge:
  sites: 2
  nodes_per_site: 4
  spread: consistent
  cache: {policy: lru, capacity: {objects: 1k}, start: warm}
links: {edge_to_api: 2ms}
api: {replicas: 2, concurrency: 50, service: {exponential: {mean: 5ms}}}
cost: {edge_node_per_hour: 1}
)";

const std::string chain = ", metric_period: 5s, scrape: 5s, sync: 5s, startup: 20s, readiness: 5s}";

std::vector<Step> steps_of(const Trial& run, std::uint32_t site, Step::Kind kind) {
  std::vector<Step> result;
  for (const Step& step : run.result().edge_scaling)
    if (step.cell == site && step.kind == kind) result.push_back(step);
  return result;
}

// From 60 s on site 1 gets twice the requests. The period from there to 65 s is read at 70 s,
// looked at at 75 s, and what was asked for then serves from 100 s on.
TEST(ScalingSites, FollowTheirOwnRequestsAlongTheChain) {
  const Trial run(
      scenario(text, {"edge.autoscaler={kind: hpa, min: 4, max: 12, target: 260/s" + chain,
                      "timeline=[{at: 60s, event: surge, factor: 2, site: 1}]"}));
  const auto came_up = steps_of(run, 1, Step::Kind::ready);
  ASSERT_EQ(came_up.size(), 1U);
  EXPECT_EQ(came_up[0].at, SimTime::at_nanoseconds(100'000'000'000));
  EXPECT_EQ(came_up[0].ready, 8U);
  EXPECT_TRUE(steps_of(run, 0, Step::Kind::ready).empty());
  const auto looks = steps_of(run, 1, Step::Kind::look);
  bool asked = false;
  for (const Step& look : looks) {
    if (look.wanted == look.before) continue;
    asked = true;
    EXPECT_EQ(look.at, SimTime::at_nanoseconds(75'000'000'000));
    EXPECT_NEAR(look.signal, 500, 40);
  }
  EXPECT_TRUE(asked);
  EXPECT_NEAR(run.time_average(Counter::edge_node_time), 4 + (4 * 100 + 8 * 140) / 240.0, 1e-6);
  EXPECT_EQ(run.maximum(Gauge::edge_nodes), 12);
  // Paid for from the decision on.
  EXPECT_NEAR(static_cast<double>(run.sum(Counter::cost)) * 1e-12 / 240,
              4 + (4 * 75 + 8 * 165) / 240.0, 1e-3);
}

// What a new node takes over is not there; what an old one keeps is.
TEST(ScalingSites, BringNodesThatAreCold) {
  const Trial run(scenario(text, {"edge.autoscaler={kind: schedule, steps: [{at: 100s, nodes: 5}]}",
                                  "edge.cache.coalesce=true"}));
  EXPECT_NEAR(static_cast<double>(run.sum(Counter::origin_fetches)) / 2, 220, 80);
  const Trial back(scenario(
      text, {"edge.autoscaler={kind: schedule, steps: [{at: 100s, nodes: 3}, {at: 150s, nodes: "
             "4}]}",
             "edge.cache.coalesce=true"}));
  EXPECT_NEAR(static_cast<double>(back.sum(Counter::origin_fetches)) / 2, 500, 150);
}

TEST(ScalingSites, AScheduleIsAsTheTimeline) {
  for (const std::string spread : {"hash", "consistent", "bounded", "random"}) {
    const std::vector<std::string> rest = {"edge.spread=" + spread, "edge.cache.ttl=20s",
                                           "edge.cache.capacity.objects=150",
                                           "edge.proxies={cores_per_node: 1, waf: {exponential: "
                                           "{mean: 500us}}}"};
    std::vector<std::string> by_clock = rest;
    by_clock.push_back(
        "edge.autoscaler={kind: schedule, steps: [{at: 50s, nodes: 6}, {at: 90s, nodes: 2}]}");
    std::vector<std::string> by_events = rest;
    by_events.push_back(
        "timeline=[{at: 50s, event: nodes, count: 6}, {at: 90s, event: nodes, count: 2}]");
    const Trial a(scenario(text, by_clock));
    const Trial b(scenario(text, by_events));
    for (const Counter counter : {Counter::requests, Counter::edge_hits, Counter::origin_fetches,
                                  Counter::edge_node_time, Counter::cost, Counter::proxy_busy_time,
                                  Counter::proxy_core_time, Counter::proxy_queue_time})
      EXPECT_EQ(a.sum(counter), b.sum(counter)) << spread << index(counter);
    EXPECT_EQ(a.maximum(Gauge::edge_imbalance), b.maximum(Gauge::edge_imbalance));
    EXPECT_EQ(a.maximum(Gauge::edge_nodes), b.maximum(Gauge::edge_nodes));
    EXPECT_EQ(a.latency(Histogram::client).sum_ns, b.latency(Histogram::client).sum_ns);
  }
}

// All are hits, so that the cores are an M/M/c queue whose c the controller chooses.
TEST(ScalingSites, KeepTheirProcessorsAsBusyAsTheyAreAskedTo) {
  const Trial run(scenario(
      text,
      {"duration=600s", "warmup=200s", "edge.nodes_per_site=3", "api=none",
       "traffic.arrivals.rate=800/s",
       "edge.proxies={cores_per_node: 2, waf: {exponential: {mean: 4ms}}}",
       "edge.autoscaler={kind: hpa, max: 9, metric: cpu, target: 80%, stabilization: 0s" + chain}));
  // 3.2 cores' work for cores that may be 80 % busy: two nodes.
  EXPECT_EQ(run.maximum(Gauge::edge_nodes), 4);
  EXPECT_NEAR(run.ratio(Counter::proxy_busy_time, Counter::proxy_core_time), 0.8, 0.01);
  const double wait_ms = 1e3 * test::erlang_c(3.2, 4) / (4 / 0.004 - 800);
  EXPECT_NEAR(run.mean_ms(Histogram::edge), 4 + wait_ms, 0.4);
}

// A flash crowd of three times what a node can do: the site that stays as it is turns it into
// waiting that lasts; the one that scales is over it soon after its nodes are up.
TEST(ScalingSites, GetOverAFlashCrowd) {
  const std::vector<std::string> crowd = {
      "duration=400s",
      "warmup=200s",
      "edge.nodes_per_site=1",
      "edge.sites=1",
      "traffic.client={timeout: 2s}",
      "edge.proxies={cores_per_node: 2, waf: {exponential: {mean: 1ms}}}",
      "timeline=[{at: 100s, event: surge, factor: 6}]"};
  std::vector<std::string> scales = crowd;
  scales.push_back("edge.autoscaler={kind: hpa, max: 9, target: 1050/s" + chain);
  const Trial stays(scenario(text, crowd));
  const Trial grows(scenario(text, scales));
  EXPECT_GT(stays.ratio(Counter::request_errors, Counter::requests), 0.6);
  EXPECT_EQ(grows.sum(Counter::request_errors), 0);
  EXPECT_LT(grows.mean_ms(Histogram::client), 2);
  EXPECT_EQ(grows.maximum(Gauge::edge_nodes), 6);
}

// Its requests go elsewhere, and the controller is not told that nobody wants them.
TEST(ScalingSites, HaveNoNodesWhileTheyAreLost) {
  const Trial run(scenario(text, {"edge.autoscaler={kind: hpa, min: 2, max: 12, target: 250/s, "
                                  "stabilization: 0s" +
                                      chain,
                                  "timeline=[{at: 60s, event: site_failure, site: 1, for: 60s}]"}));
  const auto outages = steps_of(run, 1, Step::Kind::outage);
  ASSERT_EQ(outages.size(), 2U);
  EXPECT_EQ(outages[0].ready, 0U);
  EXPECT_EQ(outages[1].ready, 4U);
  EXPECT_EQ(run.maximum(Gauge::edge_nodes), 12);  // 8 of the other site, for twice its requests
}

TEST(ScalingSites, AnyNumberOfThreadsAndLengthOfWindowsGivesTheSame) {
  for (const std::string kind :
       {"hpa, stabilization: 0s", "keda", "kpa", "target_tracking, cooldown_out: 0s"}) {
    Plan plan = compile_plan(scenario(
        text, {"edge.autoscaler={kind: " + kind +
                   ", max: 7, target: 160/s, metric_period: 500ms, scrape: 500ms, sync: 500ms, "
                   "startup: 700ms}",
               "edge.cache={policy: sieve, capacity: {objects: 100}, ttl: 1s, "
               "stale_while_revalidate: 1s, stale_if_error: 5s, coalesce: true}",
               "edge.proxies={cores_per_node: 1, waf: {exponential: {mean: 2ms}}}",
               "traffic.client={timeout: 30ms, attempts: 2}", "api.failure_probability=5%",
               "timeline=[{at: 4s, event: surge, factor: 2}, {at: 9s, event: surge, factor: 0.2}]",
               "duration=20s", "traffic.arrivals.rate=600/s"}));
    const auto first = run_replication(plan, {1, 0, 0});
    ReplicationOptions options{1, 0, 0};
    options.threads = 2;
    options.worth_sharing = 0;
    plan.window = Duration::microseconds(700);
    EXPECT_EQ(run_replication(plan, options).measurements.digest, first.measurements.digest);
    EXPECT_GT(first.edge_scaling.size(), 6U) << kind;
  }
}

}  // namespace
}  // namespace haldane::models
