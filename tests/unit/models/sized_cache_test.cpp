// Caches with room in bytes and with rules of admission, alone and in whole systems.
#include <cstdint>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "models/tiers/edge/node_cache.h"
#include "sim/base/hash.h"
#include "tests/support/trial.h"

namespace haldane::models {
namespace {

using test::scenario;
using test::Trial;

const std::vector<std::string> policies = {"lru", "fifo",      "clock", "sieve", "s3_fifo",
                                           "arc", "w_tinylfu", "gdsf",  "lfu"};

constexpr std::string_view sized = R"(
schema: haldane.scenario/1
name: sized
duration: 60s
warmup: 0s
traffic:
  arrivals: {process: poisson, rate: 1k/s}
  objects: {count: 2k, popularity: {zipf: 0.9}, size: {lognormal: {median: 10kB, sigma: 1}}}
edge:
  sites: 1
  nodes_per_site: 2
  cache: {policy: lru, capacity: {bytes: 3MB}, ttl: 20s}
  hit_latency: {deterministic: {value: 1ms}}
links: {edge_to_api: 2ms}
api:
  replicas: 4
  concurrency: 4
  service: {exponential: {mean: 5ms}}
)";

/// What a node holds after many requests is counted anew and compared with what it says.
void expect_true_books(const Plan& plan, std::uint32_t objects) {
  SizedCache cache = make_sized_cache(plan, objects);
  for (std::uint32_t i = 0; i < objects; ++i) cache.set_size(i, plan.object_bytes[i]);
  for (std::uint64_t request = 0; request < 20'000; ++request) {
    const double u = static_cast<double>(mix(request) >> 11) * 0x1p-53;
    const auto object = static_cast<std::uint32_t>(u * u * u * objects);
    if (cache.entry(object).resident) {
      cache.hit(object);
    } else {
      cache.insert(object);
    }
    ASSERT_LE(cache.used(), plan.scenario.edge->cache.capacity_bytes);
    if (request % 1'000 != 0) continue;
    std::uint64_t used = 0;
    for (std::uint32_t i = 0; i < objects; ++i)
      used += cache.entry(i).resident ? plan.object_bytes[i] : 0;
    ASSERT_EQ(used, cache.used());
  }
  EXPECT_GT(cache.used(), plan.scenario.edge->cache.capacity_bytes / 2);
}

TEST(SizedCache, NeverHoldsMoreThanItsCapacityAndKnowsWhoIsThere) {
  for (const std::string& policy : policies) {
    SCOPED_TRACE(policy);
    expect_true_books(compile_plan(scenario(sized, {"edge.cache.policy=" + policy})), 2'000);
  }
}

TEST(SizedCache, OfObjectsOfOneSizeIsACacheThatCountsObjects) {
  for (const std::string& policy : policies) {
    const std::string size = "traffic.objects.size={deterministic: {value: 1kB}}";
    const Trial bytes(scenario(
        sized, {"edge.cache.policy=" + policy, size, "edge.cache.capacity={bytes: 200kB}"}));
    const Trial objects(scenario(
        sized, {"edge.cache.policy=" + policy, size, "edge.cache.capacity={objects: 200}"}));
    for (const Counter counter : {Counter::edge_hits, Counter::origin_fetches}) {
      EXPECT_EQ(bytes.sum(counter), objects.sum(counter)) << policy;
    }
    EXPECT_GT(bytes.sum(Counter::edge_hits), 10'000) << policy;
  }
}

TEST(SizedCache, CountsObjectsWhereOnlyAdmissionAsksForIt) {
  // Nobody is refused: what is left is the same cache by another way.
  for (const std::string& policy : policies) {
    const std::vector<std::string> plain = {"edge.cache.policy=" + policy,
                                            "edge.cache.capacity={objects: 100}"};
    std::vector<std::string> asking = plain;
    asking.emplace_back("edge.cache.admission={max_size: 1TiB}");
    EXPECT_EQ(Trial(scenario(sized, asking)).sum(Counter::edge_hits),
              Trial(scenario(sized, plain)).sum(Counter::edge_hits))
        << policy;
  }
}

TEST(SizedCache, StartsWarmWithTheMostPopularObjects) {
  const std::vector<std::string> settings = {"edge.cache.start=warm", "edge.cache.ttl=none",
                                             "duration=1s", "edge.cache.admission={min_uses: 9}"};
  const Trial warm(scenario(sized, settings));
  const Trial cold(scenario(sized, {"edge.cache.ttl=none", "duration=1s"}));
  EXPECT_GT(warm.ratio(Counter::edge_hits, Counter::edge_lookups),
            cold.ratio(Counter::edge_hits, Counter::edge_lookups) + 0.1);
}

TEST(Admission, BySizeKeepsNoLargerObject) {
  // Hits are of small objects only: their mean size is below the bound, and with a bound below the
  // smallest object nothing hits.
  const Trial small(scenario(sized, {"edge.cache.admission={max_size: 10kB}"}));
  EXPECT_GT(small.sum(Counter::edge_hits), 1'000);
  EXPECT_LT(small.ratio(Counter::edge_hit_bytes, Counter::edge_hits), 10'000);
  EXPECT_EQ(Trial(scenario(sized, {"edge.cache.admission={max_size: 1B}"})).sum(Counter::edge_hits),
            0);
}

TEST(Admission, ByFrequencyCountsFetchesAndForgetsThem) {
  constexpr std::uint32_t objects = 50;
  constexpr std::uint64_t places = 10;
  CacheAdmission admission({~std::uint64_t{0}, 3}, objects, places);
  std::vector<std::uint32_t> counts(objects);
  for (std::uint64_t fetch = 1; fetch <= 5'000; ++fetch) {
    const std::uint64_t word = mix(fetch);
    const auto object = static_cast<std::uint32_t>((word % objects) * (word >> 32) >> 32);
    EXPECT_EQ(admission.admits(object, 1), counts[object] + 1 >= 3) << fetch;
    counts[object] = std::min(counts[object] + 1, 255U);
    if (fetch % (10 * places) != 0) continue;
    for (std::uint32_t& count : counts) count /= 2;
  }
}

TEST(Admission, ByFrequencyKeepsOneHitWondersOut) {
  const std::vector<std::string> settings = {
      "traffic.objects.count=200k", "edge.cache.capacity={objects: 300}", "edge.cache.ttl=none"};
  std::vector<std::string> asking = settings;
  asking.emplace_back("edge.cache.admission={min_uses: 2}");
  const Trial every(scenario(sized, settings));
  const Trial second(scenario(sized, asking));
  EXPECT_GT(second.ratio(Counter::edge_hits, Counter::edge_lookups),
            1.02 * every.ratio(Counter::edge_hits, Counter::edge_lookups));
}

TEST(Admission, WithoutAnyRuleIsNotAskedFor) {
  CacheSpec cache;
  EXPECT_FALSE(needs_sized_cache(cache));
  cache.admission.min_uses = 2;
  EXPECT_TRUE(needs_sized_cache(cache));
}

}  // namespace
}  // namespace haldane::models
