// Stories of single requests against the sums of everything that was measured.
#include "models/trace_requests.h"

#include <algorithm>
#include <map>
#include <string>
#include <tuple>
#include <utility>
#include <vector>

#include <gtest/gtest.h>

#include "tests/support/trial.h"

namespace haldane::models {
namespace {

using test::scenario;
using test::Trial;
using Place = RequestVisit::Place;

constexpr std::string_view traced = R"(
schema: haldane.scenario/1
name: traced
duration: 50s
warmup: 0s
traffic:
  arrivals: {process: poisson, rate: 200/s}
  objects: {count: 1k, popularity: {zipf: 0.9}}
  client: {timeout: 60ms, attempts: 3, backoff: {base: 10ms, factor: 2, cap: 1s, jitter: full}}
edge:
  sites: 2
  cache: {policy: lru, capacity: {objects: 200}, ttl: 5s, ttl_jitter: 10%, start: cold}
  hit_latency: {lognormal: {median: 500us, sigma: 0.5}}
links: {edge_to_api: 2ms, api_to_workers: 1ms}
api:
  cells: 2
  replicas: 2
  concurrency: 2
  queue_capacity: 4
  balancer: power_of_two
  service: {lognormal: {median: 20ms, sigma: 0.8}}
  enqueue: {probability: 10%}
  failure_probability: 5%
workers: {replicas: 4, service: {exponential: {mean: 20ms}}, failure_probability: 20%}
canary: {share: 25%, api: {replicas: 1}}
)";

const std::vector<std::vector<std::string>>& variants() {
  static const std::vector<std::vector<std::string>> all = {
      {},
      {"workers.queue={visibility_timeout: 50ms, duplicates: 5%, prefetch: 1}"},
      {"edge.cache.coalesce=true", "edge.cache.stale_if_error=10s"},
      {"edge.cache.stale_while_revalidate=5s"},
      {"edge=none", "api.cells=1"},
      {"workers.write_back={edge: purge, api: {service: {exponential: {mean: 30ms}}}}"},
      {"api.balancer=central_queue", "workers.concurrency=2"},
      {"api.balancer=central_queue", "api.queue={discipline: lifo, deadline_drop: 50ms}"},
      {"api.queue={discipline: lifo, deadline_drop: 50ms}"}};
  return all;
}

TracedReplication trace_of(const Plan& plan, const RequestChoice& choice, unsigned threads = 1) {
  ReplicationOptions options;
  options.threads = threads;
  options.worth_sharing = 0;
  return trace_requests(plan, options, choice);
}

template <class Is>
std::vector<RequestVisit> those(const std::vector<RequestVisit>& visits, const Is& is) {
  std::vector<RequestVisit> result;
  std::copy_if(visits.begin(), visits.end(), std::back_inserter(result), is);
  return result;
}

TEST(TraceRequests, AllStoriesTogetherAreWhatWasMeasured) {
  for (const auto& variant : variants()) {
    const Trial run(scenario(traced, variant));
    const TracedReplication all = trace_of(run.plan(), RequestChoice::share(1));
    EXPECT_EQ(all.digest, run.digest());
    std::int64_t latency = 0;
    std::int64_t counts[4] = {};
    for (const RequestVisit& visit : all.visits) {
      EXPECT_LE(visit.arrived, visit.started);
      EXPECT_LE(visit.started, visit.ended);
      if (visit.arrived < run.plan().end) ++counts[static_cast<std::size_t>(visit.place)];
      if (visit.place == Place::client) latency += (visit.ended - visit.arrived).count_ns();
    }
    EXPECT_EQ(counts[0], run.sum(Counter::requests));
    EXPECT_EQ(latency, run.latency(Histogram::client).sum_ns);
    EXPECT_EQ(counts[1] + counts[3], run.sum(Counter::api_requests));
    EXPECT_EQ(counts[3], run.sum(Counter::api_writes));
    // A job that was done already is dropped without being worked on.
    EXPECT_EQ(counts[2], run.sum(Counter::jobs) - run.sum(Counter::job_drops));
  }
}

// The most visits that one of them serves at any time.
std::int64_t most_at_a_time(const std::vector<RequestVisit>& visits) {
  std::vector<std::pair<SimTime, int>> changes;  // at one instant departures come first
  for (const RequestVisit& visit : visits) {
    changes.emplace_back(visit.started, 1);
    changes.emplace_back(visit.ended, -1);
  }
  std::sort(changes.begin(), changes.end());
  std::int64_t most = 0;
  std::int64_t now = 0;
  for (const auto& [at, change] : changes) most = std::max(most, now += change);
  return most;
}

TEST(TraceRequests, WhoServesHasASlotForEach) {
  for (const auto& variant : variants()) {
    const Plan plan = compile_plan(scenario(traced, variant));
    std::map<std::tuple<bool, std::uint32_t, bool, std::uint32_t>, std::vector<RequestVisit>>
        served;
    for (const RequestVisit& visit : trace_of(plan, RequestChoice::share(1)).visits) {
      if (visit.place == Place::client || visit.started == visit.ended) continue;
      const bool job = visit.place == Place::worker;
      EXPECT_NE(visit.server, RequestVisit::nobody);
      EXPECT_LT(visit.server, job ? 4U : 2U);
      served[{job, visit.number, !job && visit.canary, visit.server}].push_back(visit);
    }
    EXPECT_EQ(served.size(), 4U + plan.cells() * 3);  // everybody has served somebody
    for (const auto& [server, visits] : served) {
      const ApiSpec& api = *plan.scenario.api;
      const std::int64_t slots =
          std::get<0>(server) ? plan.scenario.workers->concurrency : api.concurrency;
      EXPECT_EQ(most_at_a_time(visits), slots);
    }
  }
}

using PerBin = std::vector<std::int64_t>;

// What all replicas, or all workers, did.
using Tier = NodeName::Tier;
PerBin sum_of(const std::vector<NodeSeries>& nodes, Tier tier, PerBin NodeSeries::* what) {
  PerBin sum;
  for (const NodeSeries& node : nodes) {
    if (node.name.tier != tier) continue;
    sum.resize((node.*what).size());
    for (std::size_t bin = 0; bin < sum.size(); ++bin) sum[bin] += (node.*what)[bin];
  }
  return sum;
}

TEST(TraceRequests, NodesTogetherDoWhatTheirTierDid) {
  for (const auto& variant : variants()) {
    const Trial run(scenario(traced, variant));
    const TracedReplication seen = trace_requests(run.plan(), {}, {}, Nodes::watched);
    EXPECT_EQ(seen.digest, run.digest());
    EXPECT_TRUE(seen.visits.empty());
    const auto& counters = run.measurements().counters;
    EXPECT_EQ(sum_of(seen.nodes, Tier::api, &NodeSeries::busy_ns),
              counters[index(Counter::api_busy_time)]);
    EXPECT_EQ(sum_of(seen.nodes, Tier::workers, &NodeSeries::busy_ns),
              counters[index(Counter::worker_busy_time)]);
    if (run.plan().api_by_events || run.plan().api[0].balancer == Balancer::central_queue) continue;
    PerBin inside = counters[index(Counter::api_busy_time)];
    for (std::size_t bin = 0; bin < inside.size(); ++bin)
      inside[bin] += counters[index(Counter::api_queue_time)][bin];
    EXPECT_EQ(sum_of(seen.nodes, Tier::api, &NodeSeries::inside_ns), inside);
  }
}

TEST(TraceRequests, WatchingNodesLeavesStoriesAlone) {
  const Plan plan = compile_plan(scenario(traced));
  const RequestChoice tenth = RequestChoice::share(0.1);
  const TracedReplication both = trace_requests(plan, {}, tenth, Nodes::watched);
  EXPECT_TRUE(both.visits == trace_of(plan, tenth).visits);
  EXPECT_EQ(both.nodes.size(), 4U + 2 * 3 + 2);
}

TEST(TraceRequests, NodesOfTheEdgeTogetherHitWhatTheirTierHit) {
  std::vector<std::vector<std::string>> all = variants();
  all.push_back({"edge.nodes_per_site=3"});
  all.push_back({"edge.nodes_per_site=3", "edge.spread=random"});
  all.push_back({"edge.spread=consistent", "timeline=[{at: 20s, event: nodes, count: 4}]"});
  all.push_back({"edge.rate_limit={kind: token_bucket, tiers: [{rate: 150/s, burst: 9}]}"});
  for (const auto& variant : all) {
    const Trial run(scenario(traced, variant));
    const TracedReplication seen = trace_requests(run.plan(), {}, {}, Nodes::watched);
    EXPECT_EQ(seen.digest, run.digest());
    const auto& counters = run.measurements().counters;
    const PerBin hits = sum_of(seen.nodes, Tier::edge, &NodeSeries::served);
    if (!run.plan().scenario.edge) {
      EXPECT_TRUE(hits.empty());
      continue;
    }
    EXPECT_EQ(hits, counters[index(Counter::edge_hits)]);
    EXPECT_EQ(sum_of(seen.nodes, Tier::edge, &NodeSeries::looked_up),
              counters[index(Counter::edge_lookups)]);
    for (const NodeSeries& node : seen.nodes) {
      if (node.name.tier != Tier::edge) continue;
      EXPECT_GT(*std::ranges::max_element(node.looked_up), 0);
    }
  }
}

TEST(TraceRequests, ThreadsAndTheOthersDoNotMatter) {
  for (const auto& variant : variants()) {
    const Plan plan = compile_plan(scenario(traced, variant));
    const TracedReplication all = trace_of(plan, RequestChoice::share(1));
    const RequestChoice tenth = RequestChoice::share(0.1);
    const auto some = those(all.visits, [&](const auto& visit) { return tenth.has(visit.id); });
    EXPECT_TRUE(trace_of(plan, tenth).visits == some);
    EXPECT_TRUE(trace_of(plan, tenth, 3).visits == some);
    EXPECT_NEAR(static_cast<double>(some.size()) / static_cast<double>(all.visits.size()), 0.1,
                0.02);
  }
}

TEST(TraceRequests, AnyRequestCanBeReplayedByItsIdentity) {
  const Plan plan = compile_plan(scenario(traced));
  const TracedReplication all = trace_of(plan, RequestChoice::share(1));
  const auto long_story =
      std::find_if(all.visits.begin(), all.visits.end(),
                   [](const RequestVisit& visit) { return visit.attempt == 3; });
  ASSERT_NE(long_story, all.visits.end());
  const auto is_it = [id = long_story->id](const auto& visit) { return visit.id == id; };
  const auto again = trace_of(plan, RequestChoice::only(long_story->id)).visits;
  EXPECT_GE(again.size(), 3U);
  EXPECT_TRUE(those(again, is_it) == those(all.visits, is_it));
}

}  // namespace
}  // namespace haldane::models
