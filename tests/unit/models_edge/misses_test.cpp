// Where most requests miss, answers are taken by the bucket (edge_site_misses.h). Watched requests
// go the ordinary way, so that a run of which some are kept says what the other loop does.
#include <set>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "models/tiers/edge/object_filter.h"
#include "tests/support/trial.h"

namespace haldane::models {
namespace {

using test::scenario;
using test::Trial;

// Some 20 to 60 answers are on their way, and popular objects among them.
constexpr std::string_view misses = R"(
schema: haldane.scenario/1
name: misses
duration: 20s
warmup: 0s
traffic:
  arrivals: {process: poisson, rate: 3k/s}
  objects: {count: 20k, popularity: {zipf: 0.9}}
edge: {cache: {policy: lru, capacity: {objects: 100}, ttl: 500ms, ttl_jitter: 20%}}
links: {edge_to_api: 2ms, api_to_workers: 1ms}
api:
  replicas: 4
  concurrency: 16
  service: {lognormal: {median: 5ms, sigma: 0.8}}
  enqueue: {probability: 10%}
workers: {replicas: 8, service: {exponential: {mean: 5ms}}}
)";

void expect_the_same(const std::vector<std::string>& settings) {
  SCOPED_TRACE(testing::PrintToString(settings));
  const Scenario s = scenario(misses, settings);
  const Trial by_buckets(s, 7);
  const Trial one_by_one(s, 7, 0, 1e-9);
  EXPECT_GT(by_buckets.sum(Counter::origin_fetches), by_buckets.sum(Counter::requests) / 4);
  for (const Counter counter :
       {Counter::requests, Counter::edge_hits, Counter::origin_fetches, Counter::edge_fwd_stale})
    EXPECT_EQ(by_buckets.sum(counter), one_by_one.sum(counter));
  EXPECT_EQ(by_buckets.digest(), one_by_one.digest());
}

TEST(Misses, ByTheBucketAreThoseOneByOne) {
  expect_the_same({});
  expect_the_same({"edge.cache.capacity.objects=1"});
  expect_the_same({"edge.cache.ttl=1ms"});
  expect_the_same({"edge.cache.ttl=none"});
  expect_the_same({"edge.sites=3", "edge.nodes_per_site=3", "api.cells=2"});
  for (const char* const policy : {"fifo", "clock", "sieve", "s3_fifo", "arc", "lfu", "w_tinylfu"})
    expect_the_same({std::string("edge.cache.policy=") + policy});
}

TEST(Misses, AreCountedInTheBinOfTheirArrival) {
  expect_the_same({"traffic.arrivals.rate=200/s", "links.edge_to_api=300ms"});
}

TEST(Misses, OfStaleOrFailingContentAreThoseOneByOne) {
  expect_the_same({"edge.cache.stale_while_revalidate=50ms"});
  expect_the_same(
      {"timeline=[{at: 5s, event: purge, share: 40%}, {at: 9s, event: purge, soft: true}]"});
  expect_the_same({"api.failure_probability=5%", "traffic.client={timeout: 40ms, attempts: 3}"});
}

TEST(Misses, OfMixedTrafficChangeLoopsInBetween) {
  expect_the_same({"edge.cache.capacity.objects=3k", "edge.cache.ttl=none"});
  expect_the_same({"edge.cache.capacity.objects=3k", "edge.cache.start=warm"});
}

TEST(ObjectFilter, NeverDeniesWhatWasAdded) {
  ObjectFilter filter;
  std::set<std::uint32_t> added;
  for (std::uint32_t i = 0; i < 24; ++i) added.insert(i * 0x9e3779b9U);
  for (const std::uint32_t object : added) filter.add(object);
  int wrong = 0;
  for (std::uint32_t object = 0; object < 10'000; ++object) {
    if (added.contains(object)) continue;
    wrong += filter.may_have(object) ? 1 : 0;
  }
  for (const std::uint32_t object : added) EXPECT_TRUE(filter.may_have(object));
  EXPECT_LE(wrong, 10'000 * 24 / 1'000);
}

}  // namespace
}  // namespace haldane::models
