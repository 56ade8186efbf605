// Why look-ups go forward, and how much of them the edge keeps from the API.
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "models/metrics.h"
#include "models/spec/metric_names.h"
#include "tests/support/trial.h"

namespace haldane::models {
namespace {

using test::scenario;
using test::Trial;

// Everything fits in, so that after its first fetch an object is only ever stale.
constexpr std::string_view roomy = R"(
schema: haldane.scenario/1
name: roomy
duration: 100s
warmup: 0s
traffic:
  arrivals: {process: poisson, rate: 1k/s}
  objects: {count: 100, popularity: uniform, size: {lognormal: {median: 10kB, sigma: 1}}}
edge:
  sites: 2
  cache: {policy: lru, capacity: {objects: 100}, ttl: 1s}
links: {edge_to_api: 100us}
api: {replicas: 1, concurrency: 100, service: {deterministic: {value: 100us}}}
)";

void expect_one_reason_each(const Trial& run) {
  const auto& counters = run.measurements().counters;
  for (std::size_t bin = 0; bin < run.measurements().grid.bins(); ++bin) {
    std::int64_t all = 0;
    for (const Counter reason : {Counter::edge_hits, Counter::edge_fwd_uri_miss,
                                 Counter::edge_fwd_stale, Counter::edge_fwd_bypass}) {
      EXPECT_GE(counters[index(reason)][bin], 0);
      all += counters[index(reason)][bin];
    }
    EXPECT_EQ(all, counters[index(Counter::edge_lookups)][bin]);
  }
}

TEST(Forwards, AreOfWhatIsNewOrStale) {
  const Trial run(scenario(roomy));
  expect_one_reason_each(run);
  // Each object of each site once, and who asks while it is on its way.
  EXPECT_NEAR(static_cast<double>(run.sum(Counter::edge_fwd_uri_miss)), 200, 5);
  // 10/s an object: 1 of 11 finds it expired (1 / (1 + rate * ttl), where fetches take no time).
  EXPECT_NEAR(run.ratio(Counter::edge_fwd_stale, Counter::edge_lookups), 1.0 / 11, 0.002);
  EXPECT_EQ(run.sum(Counter::edge_fwd_bypass), 0);
}

TEST(Forwards, OfPurgedObjectsFindNothingAfterAHardPurgeAndAStaleCopyAfterASoftOne) {
  const std::vector<std::string> for_ever = {"edge.cache.ttl=none", "edge.cache.start=warm"};
  for (const std::string soft : {"true", "false"}) {
    std::vector<std::string> settings = for_ever;
    settings.push_back("timeline=[{at: 50s, event: purge, soft: " + soft + "}]");
    const Trial run(scenario(roomy, settings));
    expect_one_reason_each(run);
    const auto stale = static_cast<double>(run.sum(Counter::edge_fwd_stale));
    const auto missed = static_cast<double>(run.sum(Counter::edge_fwd_uri_miss));
    EXPECT_NEAR(soft == "true" ? stale : missed, 200, 5);
    EXPECT_EQ(soft == "true" ? missed : stale, 0);
  }
}

TEST(Forwards, BypassWhatIsMarkedAsUncacheable) {
  const Trial run(scenario(
      roomy, {"edge.cache.coalesce=true", "edge.cache.uncacheable={share: 100%, marker: 1h}",
              "traffic.client={timeout: 1s, attempts: 2}"}));
  expect_one_reason_each(run);
  EXPECT_NEAR(static_cast<double>(run.sum(Counter::edge_fwd_uri_miss)), 200, 5);
  EXPECT_EQ(run.sum(Counter::edge_hits), 0);
  EXPECT_EQ(run.sum(Counter::edge_fwd_bypass),
            run.sum(Counter::requests) - run.sum(Counter::edge_fwd_uri_miss));
}

// Offload counts what the API did not get: that is what hit, unless hits lead to refreshes or
// misses wait for each other.
TEST(Offload, IsTheHitRatioOfAPlainCache) {
  const Trial run(scenario(roomy));
  EXPECT_EQ(run.sum(Counter::edge_origin_saved), run.sum(Counter::edge_hits));
  EXPECT_EQ(run.sum(Counter::edge_origin_saved_bytes), run.sum(Counter::edge_hit_bytes));
  EXPECT_GT(run.sum(Counter::edge_hit_bytes), 1'000 * run.sum(Counter::edge_hits));
}

TEST(Offload, IsNoBetterWhereStaleCopiesAreServed) {
  const Trial plain(scenario(roomy));
  const Trial stale(scenario(roomy, {"edge.cache.stale_while_revalidate=1h"}));
  expect_one_reason_each(stale);
  EXPECT_EQ(stale.sum(Counter::edge_fwd_stale), 0);
  EXPECT_GT(stale.ratio(Counter::edge_hits, Counter::edge_lookups), 0.99);
  for (const auto& [saved, all] :
       {std::pair(Counter::edge_origin_saved, Counter::edge_lookups),
        std::pair(Counter::edge_origin_saved_bytes, Counter::edge_bytes)}) {
    EXPECT_NEAR(stale.ratio(saved, all), plain.ratio(saved, all), 0.01);
  }
}

TEST(Offload, CountsWhoWaitsForAnothersFetch) {
  const Trial run(scenario(roomy, {"edge.cache.coalesce=true",
                                   "api.service={exponential: {mean: "
                                   "100ms}}"}));
  expect_one_reason_each(run);
  EXPECT_GT(run.sum(Counter::edge_collapsed), 1'000);
  EXPECT_EQ(run.sum(Counter::edge_origin_saved),
            run.sum(Counter::edge_hits) + run.sum(Counter::edge_collapsed));
  EXPECT_GT(run.sum(Counter::edge_origin_saved_bytes), run.sum(Counter::edge_hit_bytes));
}

TEST(MetricNames, AreThoseOfTheCatalogue) {
  std::vector<std::string> names;
  for (const sim::MetricDefinition& metric : metric_catalogue({})) names.push_back(metric.name);
  EXPECT_EQ(names, metric_names());
}

}  // namespace
}  // namespace haldane::models
