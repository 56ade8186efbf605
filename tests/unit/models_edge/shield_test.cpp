// A second level of caches between sites and API.
#include <cmath>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "tests/support/trial.h"

namespace haldane::models {
namespace {

using test::scenario;
using test::Trial;

// 100 objects, each asked for once a second in all; everything fits in, fetches take no time to
// speak of.
std::string shielded(int sites, const std::string& more) {
  return R"(
schema: haldane.scenario/1
name: shielded
duration: 2000s
warmup: 100s
traffic:
  arrivals: {process: poisson, rate: )" +
         std::to_string(100.0 / sites) + R"(/s}
  objects: {count: 100, popularity: uniform}
edge:
  sites: )" +
         std::to_string(sites) + R"(
  cache: {policy: lru, capacity: {objects: 100}, ttl: 10s}
links: {edge_to_api: 100us}
api: {replicas: 1, concurrency: 1k, service: {deterministic: {value: 100us}}}
)" + more;
}

const std::string shield = "edge.shield={policy: lru, capacity: {objects: 100}}";
const std::string ageless = "edge.shield={policy: lru, capacity: {objects: 100}, age: ignored}";

void expect_conservation(const Trial& run) {
  EXPECT_EQ(run.sum(Counter::edge_lookups),
            run.sum(Counter::edge_hits) + run.sum(Counter::edge_fwd_uri_miss) +
                run.sum(Counter::edge_fwd_stale) + run.sum(Counter::edge_fwd_bypass));
  // Those on their way as the warm-up or the run ends are counted on one side only.
  EXPECT_NEAR(static_cast<double>(run.sum(Counter::origin_fetches)),
              static_cast<double>(run.sum(Counter::api_requests)), 20);
  EXPECT_NEAR(static_cast<double>(run.latency(Histogram::client).count),
              static_cast<double>(run.sum(Counter::requests)), 40);
}

// A cycle of the shield's copy: one fetch and rate * ttl further requests.
TEST(Shield, KeepsTheApisLoadFromTheNumberOfSites) {
  const double per_cycle = 1 + 1.0 * 10;
  for (const int sites : {1, 2, 8}) {
    const Trial run(scenario(shielded(sites, ""), {shield}));
    expect_conservation(run);
    EXPECT_NEAR(run.rate(Counter::api_requests), 100 / per_cycle, 0.25) << sites;
    // Within a cycle each other site misses once if it is asked at all.
    const double rate = 1.0 / sites;
    const double others = (sites - 1) * (1 - std::exp(-rate * 10));
    EXPECT_NEAR(run.rate(Counter::shield_lookups), 100 * (1 + others) / per_cycle, 1) << sites;
    EXPECT_NEAR(run.ratio(Counter::edge_origin_saved, Counter::edge_lookups), 1 - 1 / per_cycle,
                0.005);
  }
  // Without it the sites fetch for themselves.
  const Trial plain(scenario(shielded(8, "")));
  EXPECT_NEAR(plain.rate(Counter::api_requests), 100 / (1 + 10.0 / 8), 1);
}

TEST(Shield, WhoseAgeIsIgnoredLetsTheEdgeHitMoreOftenAndServeOlderContent) {
  const Trial honoured(scenario(shielded(4, ""), {shield}));
  const Trial ignored(scenario(shielded(4, ""), {ageless}));
  expect_conservation(ignored);
  EXPECT_GT(ignored.ratio(Counter::edge_hits, Counter::edge_lookups),
            honoured.ratio(Counter::edge_hits, Counter::edge_lookups) + 0.01);
  // Each site then has cycles of its own: 1 of 1 + rate * ttl requests misses.
  EXPECT_NEAR(ignored.ratio(Counter::edge_hits, Counter::edge_lookups), 2.5 / 3.5, 0.01);
}

TEST(Shield, AnswersSoonerThanTheApi) {
  const Trial run(scenario(
      shielded(4, ""),
      {"edge.shield={policy: lru, capacity: {objects: 100}, hit_latency: {deterministic: {value: "
       "3ms}}}",
       "api.service={deterministic: {value: 50ms}}", "links.edge_to_api=10ms"}));
  EXPECT_EQ(run.latency(Histogram::client).max_ns, 70'000'000);
  EXPECT_NEAR(run.quantile_ms(Histogram::client, 0.8), 23, 0.5);
}

TEST(Shield, ThatIsSmallEvicts) {
  const Trial run(
      scenario(shielded(4, ""), {"edge.shield={policy: fifo, capacity: {objects: 1}}"}));
  expect_conservation(run);
  EXPECT_LT(run.ratio(Counter::shield_hits, Counter::shield_lookups), 0.05);
}

TEST(Shield, LosesWhatIsPurgedAndOnlyThat) {
  const std::vector<std::string> lasting = {shield, "edge.cache.ttl=none", "duration=300s"};
  const auto fetches = [&](const std::string& purge) {
    std::vector<std::string> settings = lasting;
    settings.push_back("timeline=[" + purge + "]");
    return static_cast<double>(
        Trial(scenario(shielded(4, ""), settings)).sum(Counter::api_requests));
  };
  EXPECT_EQ(fetches(""), 0);
  EXPECT_NEAR(fetches("{at: 150s, event: purge}"), 100, 2);
  EXPECT_NEAR(fetches("{at: 150s, event: purge, soft: true}"), 100, 2);
  EXPECT_EQ(fetches("{at: 150s, event: purge, site: 2}"), 0);
}

// A fetch takes 2 s, and more sites ask before it is over than had asked before the purge.
TEST(Shield, DoesNotGiveOldContentToWhoAsksAfterAPurge) {
  for (const std::string soft : {"true", "false"}) {
    const Trial run(scenario(
        shielded(8, ""), {shield, "edge.cache.coalesce=true", "edge.cache.ttl=none",
                          "duration=200s", "warmup=0s", "traffic.objects.count=1",
                          "traffic.arrivals.rate=0.5/s", "api.service={deterministic: {value: 2s}}",
                          "timeline=[{at: 1500ms, event: purge, soft: " + soft + "}]"}));
    // The fetch of the beginning is for those who asked before the purge; one that began after it
    // is for all others, and lasts.
    EXPECT_EQ(run.sum(Counter::api_requests), 2) << soft;
    expect_conservation(run);
  }
}

TEST(Shield, CollapsesFetchesOfDifferentSites) {
  const std::vector<std::string> slow = {shield, "api.service={deterministic: {value: 1s}}",
                                         "edge.cache.ttl=10s"};
  std::vector<std::string> together = slow;
  together.emplace_back("edge.cache.coalesce=true");
  const Trial alone(scenario(shielded(8, ""), slow));
  const Trial run(scenario(shielded(8, ""), together));
  expect_conservation(run);
  EXPECT_EQ(alone.sum(Counter::shield_collapsed), 0);
  EXPECT_GT(run.sum(Counter::shield_collapsed), 1'000);
  // A cycle is a fetch of 1 s, 10 s of freshness, and the wait for the next request.
  EXPECT_NEAR(run.rate(Counter::api_requests), 100 / 12.0, 0.25);
  EXPECT_GT(alone.rate(Counter::api_requests), 1.5 * run.rate(Counter::api_requests));
}

TEST(Shield, IsTheSameForAnyNumberOfThreadsAndLengthOfWindows) {
  for (const std::string extra : {"api.cells=1", "api.cells=3"}) {
    Plan plan = compile_plan(scenario(
        shielded(4, ""),
        {"edge.shield={policy: sieve, capacity: {objects: 30}, hit_latency: {exponential: {mean: "
         "200us}}}",
         extra,
         "edge.cache={policy: lru, capacity: {objects: 50}, ttl: 2s, ttl_jitter: "
         "20%, coalesce: true, stale_while_revalidate: 1s, stale_if_error: 4s}",
         "traffic.arrivals.rate=500/s", "duration=20s", "warmup=0s",
         "api.service={exponential: {mean: 3ms}}", "api.failure_probability=5%",
         "traffic.client={timeout: 8ms, attempts: 2}", "canary={share: 20%, api: {replicas: 1}}",
         "timeline=[{at: 9s, event: purge, share: 50%}, {at: 12s, event: purge, soft: true}, "
         "{at: 15s, event: replica_failure, tier: api, count: 1}]"}));
    const std::uint64_t digest = run_replication(plan, {1, 0, 0}).measurements.digest;
    ReplicationOptions options{1, 0, 0};
    options.threads = 2;
    options.worth_sharing = 0;
    plan.window = Duration::microseconds(130);
    EXPECT_EQ(run_replication(plan, options).measurements.digest, digest);
  }
}

}  // namespace
}  // namespace haldane::models
