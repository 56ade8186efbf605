// Requests over the nodes of a site, and nodes that come and go.
#include <algorithm>
#include <cmath>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "models/tiers/edge/node_spread.h"
#include "sim/base/hash.h"
#include "tests/support/trial.h"

namespace haldane::models {
namespace {

using test::scenario;
using test::Trial;
using Kind = SpreadSpec::Kind;

constexpr std::uint32_t objects = 20'000;

std::vector<std::uint32_t> owners(const NodeSpread& spread) {
  std::vector<std::uint32_t> result(objects);
  for (std::uint32_t object = 0; object < objects; ++object) result[object] = spread.owner(object);
  return result;
}

TEST(NodeSpread, ANodeThatJoinsARingTakesItsShareAndNothingElseMoves) {
  SpreadSpec spec;
  spec.kind = Kind::consistent;
  NodeSpread spread(spec, objects, 8);
  const auto before = owners(spread);
  for (std::uint32_t node = 0; node < 8; ++node)
    EXPECT_NEAR(static_cast<double>(std::ranges::count(before, node)), objects / 8.0,
                objects / 8.0 * 0.35);
  spread.set_nodes(9);
  const auto after = owners(spread);
  int moved = 0;
  for (std::uint32_t object = 0; object < objects; ++object) {
    if (after[object] == before[object]) continue;
    EXPECT_EQ(after[object], 8U);
    ++moved;
  }
  EXPECT_NEAR(moved, objects / 9.0, objects / 9.0 * 0.35);
  spread.set_nodes(8);
  EXPECT_EQ(owners(spread), before);
}

TEST(NodeSpread, HashMovesNearlyEverything) {
  NodeSpread spread({}, objects, 8);
  const auto before = owners(spread);
  EXPECT_EQ(std::ranges::count(before, 3U), objects / 8);
  spread.set_nodes(9);
  const auto after = owners(spread);
  int stayed = 0;
  for (std::uint32_t object = 0; object < objects; ++object)
    stayed += after[object] == before[object] ? 1 : 0;
  EXPECT_NEAR(stayed, objects / 9.0, objects * 0.02);
}

TEST(NodeSpread, BoundedLoadsStayWithinTheirBound) {
  SpreadSpec spec;
  spec.kind = Kind::bounded;
  NodeSpread spread(spec, objects, 10);
  std::vector<std::int64_t> loads(10);
  // Half of the requests are for one object; a node has at most its bound at any moment.
  for (std::int64_t n = 1; n <= 10'000; ++n) {
    const auto request = static_cast<std::uint64_t>(n);
    const std::uint32_t object =
        n % 2 == 0 ? 7 : static_cast<std::uint32_t>(mix(request) % objects);
    const std::uint32_t node = spread.pick(object, 0, SimTime::at_nanoseconds(n));
    ++loads[node];
    ASSERT_LE(static_cast<double>(loads[node]), std::ceil(1.25 * static_cast<double>(n) / 10));
  }
  EXPECT_EQ(*std::ranges::max_element(loads), 1'250);
  // A new window knows nothing of that.
  EXPECT_EQ(spread.pick(7, 0, SimTime::at_nanoseconds(1'000'000'000)), spread.owner(7));
}

TEST(NodeSpread, RandomGoesAnywhere) {
  SpreadSpec spec;
  spec.kind = Kind::random;
  NodeSpread spread(spec, objects, 4);
  std::vector<int> loads(4);
  for (std::uint64_t word = 0; word < 40'000; ++word)
    ++loads[spread.pick(7, mix(word), SimTime::zero())];
  for (const int load : loads) EXPECT_NEAR(load, 10'000, 5 * 87);
}

// A cache study of 4 nodes of 2500 objects, of the law of Zipf 0.8.
constexpr std::string_view study = R"(
schema: haldane.scenario/1
name: study
duration: 20s
warmup: 5s
traffic:
  arrivals: {process: poisson, rate: 50k/s}
  objects: {count: 100k, popularity: {zipf: 0.8}}
edge:
  nodes_per_site: 4
  cache: {policy: lru, capacity: {objects: 2500}, start: warm}
api: none
)";

double hit_ratio(const std::vector<std::string>& settings) {
  return Trial(scenario(study, settings)).ratio(Counter::edge_hits, Counter::edge_lookups);
}

// Che, Tung & Wang 2002: nodes with objects of their own are one cache of 10,000 objects, nodes
// that any request may reach are caches of 2500.
TEST(Spread, OfObjectsMakesNodesOneCacheAndOfRequestsDoesNot) {
  EXPECT_NEAR(hit_ratio({}), 0.46868524, 0.002);
  EXPECT_NEAR(hit_ratio({"edge.spread=consistent"}), 0.467, 0.004);
  EXPECT_NEAR(hit_ratio({"edge.spread=random"}), 0.28855794, 0.002);
  const double bounded = hit_ratio({"edge.spread={kind: bounded, load_factor: 1.1}"});
  EXPECT_GT(bounded, 0.44);
  EXPECT_LT(bounded, 0.47);
}

TEST(Spread, BoundsTheLoadOfTheBusiestNode) {
  const auto imbalance = [](const std::string& spread) {
    const Trial run(scenario(study, {"traffic.objects.popularity={zipf: 1.3}", "duration=15s",
                                     "warmup=0s", "edge.spread=" + spread}));
    return static_cast<double>(run.maximum(Gauge::edge_imbalance)) / 1'000;
  };
  // A quarter of the requests are for one object. Bins have a thousand requests, whose chance
  // makes the worst of 750 bins about 1.2 even where they go anywhere.
  EXPECT_GT(imbalance("consistent"), 1.5);
  EXPECT_LT(imbalance("{kind: bounded, load_factor: 1.1, window: 100ms}"), 1.35);
  EXPECT_LT(imbalance("random"), 1.35);
}

// 4 nodes that hold everything; at 20 s there are 5.
constexpr std::string_view roomy = R"(
schema: haldane.scenario/1
name: roomy
duration: 40s
warmup: 10s
traffic:
  arrivals: {process: poisson, rate: 4k/s}
  objects: {count: 1k, popularity: uniform}
edge:
  sites: 2
  nodes_per_site: 4
  cache: {policy: lru, capacity: {objects: 1k}, start: warm}
links: {edge_to_api: 2ms}
api: {replicas: 2, concurrency: 50, service: {exponential: {mean: 5ms}}}
timeline: [{at: 20s, event: nodes, count: 5}]
cost: {edge_node_per_hour: 3600}
)";

double misses(const std::vector<std::string>& settings) {
  const Trial run(scenario(roomy, settings));
  EXPECT_EQ(run.sum(Counter::edge_lookups),
            run.sum(Counter::edge_hits) + run.sum(Counter::edge_fwd_uri_miss));
  return static_cast<double>(run.sum(Counter::edge_fwd_uri_miss)) / 2;
}

TEST(Nodes, ThatJoinAreCold) {
  // With a ring only what the new node took is missed, once or a few times more; a uniform hash
  // moves 4 of 5 objects; at random the new node has to fetch everything.
  const std::string one_fetch = "edge.cache.coalesce=true";
  EXPECT_NEAR(misses({"edge.spread=consistent"}), 220, 80);
  EXPECT_NEAR(misses({}), 820, 60);
  EXPECT_NEAR(misses({"edge.spread=random"}), 1'010, 30);
  EXPECT_EQ(misses({"edge.spread=random", "timeline=[]"}), 0);
  EXPECT_LE(misses({"edge.spread=consistent", one_fetch}), misses({"edge.spread=consistent"}));
}

TEST(Nodes, ThatLeaveTakeTheirCopiesAndComeBackCold) {
  const std::string there = "timeline=[{at: 20s, event: nodes, count: 3, site: 1}";
  const double left = misses({"edge.spread=consistent", there + "]"});
  const double back =
      misses({"edge.spread=consistent", there + ", {at: 30s, event: nodes, count: 4, site: 1}]"});
  // A quarter of the objects of one of two sites.
  EXPECT_NEAR(left, 125, 50);
  EXPECT_NEAR(back, 2 * left, 0.2 * left);
}

TEST(Nodes, CostWhileTheyAreThere) {
  const Trial run(scenario(roomy));
  // Of 30 s measured, 4 nodes a site for 10 s and 5 for 20 s.
  EXPECT_NEAR(run.time_average(Counter::edge_node_time), 2 * (4 * 10 + 5 * 20) / 30.0, 1e-6);
}

TEST(Nodes, AnyNumberOfThreadsAndLengthOfWindowsGivesTheSame) {
  for (const std::string spread : {"hash", "consistent", "bounded", "random"}) {
    Plan plan = compile_plan(scenario(
        roomy, {"edge.spread=" + spread,
                "edge.cache={policy: sieve, capacity: {objects: 100}, "
                "ttl: 1s, stale_while_revalidate: 1s, stale_if_error: 5s, coalesce: true}",
                "timeline[1]={at: 21s, event: nodes, count: 2}",
                "timeline[2]={at: 22s, event: nodes, count: 4, site: 0}",
                "timeline[3]={at: 22s, event: purge, share: 40%, soft: true}",
                "traffic.client={timeout: 15ms, attempts: 2}", "api.failure_probability=5%",
                "duration=24s", "traffic.arrivals.rate=1k/s"}));
    const auto first = run_replication(plan, {1, 0, 0});
    ReplicationOptions options{1, 0, 0};
    options.threads = 2;
    options.worth_sharing = 0;
    plan.window = Duration::microseconds(700);
    EXPECT_EQ(run_replication(plan, options).measurements.digest, first.measurements.digest);
    const auto sum = [&](Counter c) {
      std::int64_t all = 0;
      for (const std::int64_t n : first.measurements.counters[index(c)]) all += n;
      return all;
    };
    EXPECT_EQ(sum(Counter::edge_lookups), sum(Counter::edge_hits) + sum(Counter::edge_fwd_stale) +
                                              sum(Counter::edge_fwd_uri_miss));
    EXPECT_GT(sum(Counter::edge_stale_on_error), 0);
  }
}

// A hash of the object by another way: the same objects on the same nodes.
TEST(Spread, AnEventThatChangesNothingChangesNothing) {
  const Trial plain(scenario(roomy, {"timeline=[]", "edge.cache.capacity.objects=100"}));
  const Trial same(scenario(
      roomy, {"timeline=[{at: 1s, event: nodes, count: 4}]", "edge.cache.capacity.objects=100"}));
  for (const Counter counter : {Counter::requests, Counter::edge_hits, Counter::origin_fetches,
                                Counter::edge_node_time, Counter::cost})
    EXPECT_EQ(plain.sum(counter), same.sum(counter));
  EXPECT_EQ(plain.latency(Histogram::client).sum_ns, same.latency(Histogram::client).sum_ns);
}

}  // namespace
}  // namespace haldane::models
