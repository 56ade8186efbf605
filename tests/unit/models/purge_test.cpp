// Purges by key, tag and dataset; what they leave behind, and what they must not let come back.
#include "models/purge.h"

#include <cstdint>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "tests/support/trial.h"

namespace haldane::models {
namespace {

using test::scenario;
using test::Trial;

TEST(PurgeTarget, TagsDivideTheCatalogueEvenly) {
  constexpr std::uint32_t tags = 20;
  std::vector<int> sizes(tags);
  for (std::uint32_t object = 0; object < 100'000; ++object) {
    int of = 0;
    for (std::uint32_t tag = 0; tag < tags; ++tag) {
      PurgeTarget target;
      target.kind = PurgeTarget::Kind::tag;
      target.tag = tag;
      target.tags = tags;
      if (!target.contains(object)) continue;
      ++of;
      ++sizes[tag];
    }
    ASSERT_EQ(of, 1) << object;
  }
  for (const int size : sizes) EXPECT_NEAR(size, 5'000, 5 * 70);  // 5 standard deviations
}

TEST(PurgeTarget, AKeyIsOneObjectAndADatasetLiesWithinALargerOne) {
  PurgeTarget key;
  key.kind = PurgeTarget::Kind::key;
  key.key = 7;
  PurgeTarget small;
  small.threshold = std::uint64_t{1} << 30;
  PurgeTarget large;
  large.threshold = std::uint64_t{1} << 31;
  int in_small = 0;
  for (std::uint32_t object = 0; object < 10'000; ++object) {
    EXPECT_EQ(key.contains(object), object == 7);
    EXPECT_TRUE(!small.contains(object) || large.contains(object));
    in_small += small.contains(object) ? 1 : 0;
  }
  EXPECT_NEAR(in_small, 2'500, 5 * 44);
}

TEST(PurgedBy, KnowsTheFirstOfThoseThatConcernAnObjectAndWhetherAnyWasHard) {
  const auto purge = [](int at, std::uint32_t key, bool soft) {
    Purge p;
    p.at = SimTime::at_nanoseconds(at);
    p.target.kind = PurgeTarget::Kind::key;
    p.target.key = key;
    p.soft = soft;
    return p;
  };
  std::vector<Purge> purges = {purge(1, 5, true), purge(2, 6, true), purge(3, 6, false)};
  purges[0].site = 9;
  EXPECT_FALSE(purged_by(purges, 0, 5).any());
  EXPECT_TRUE(purged_by(purges, 9, 5).soft);
  EXPECT_EQ(purged_by(purges, 0, 6).since, SimTime::at_nanoseconds(2));
  EXPECT_FALSE(purged_by(purges, 0, 6).soft);
}

// Everything fits in and stays fresh, so only purges make the edge ask the API again.
constexpr std::string_view full = R"(
schema: haldane.scenario/1
name: full
duration: 20s
warmup: 10s
traffic:
  arrivals: {process: poisson, rate: 2k/s}
  objects: {count: 100, popularity: uniform}
edge:
  sites: 1
  cache: {policy: lru, capacity: {objects: 100}, coalesce: true}
links: {edge_to_api: 2ms}
api: {replicas: 4, concurrency: 100, service: {deterministic: {value: 5ms}}}
)";

std::int64_t fetches_after(const std::string& purge) {
  return Trial(scenario(full, {"timeline=[{at: 10s, event: purge, " + purge + "}]"}))
      .sum(Counter::origin_fetches);
}

TEST(Purge, MakesTheEdgeFetchWhatItConcernsOnce) {
  EXPECT_EQ(fetches_after("key: 17"), 1);
  EXPECT_EQ(fetches_after("share: 100%"), 100);
  std::int64_t all = 0;
  for (int tag = 0; tag < 4; ++tag) all += fetches_after("tag: " + std::to_string(tag) + " of 4");
  EXPECT_EQ(all, 100);
}

TEST(Purge, AtOneSiteLeavesTheOthersAlone) {
  const Trial run(
      scenario(full, {"edge.sites=3", "timeline=[{at: 10s, event: purge, site: 1, share: 100%}]"}));
  EXPECT_EQ(run.sum(Counter::origin_fetches), 100);
}

// The first fetch is under way from about 0 to 1 s. A purge at 600 ms makes its answer old: only
// what was asked for later may be fresh, and that comes after 1.6 s.
constexpr std::string_view slow = R"(
schema: haldane.scenario/1
name: slow
duration: 1600ms
warmup: 0s
traffic:
  arrivals: {process: poisson, rate: 1k/s}
  objects: {count: 1}
edge:
  sites: 1
  cache: {policy: lru, capacity: {objects: 1}}
links: {edge_to_api: 1ms}
api: {replicas: 1, concurrency: 10k, service: {deterministic: {value: 1s}}}
)";

TEST(Purge, WhatWasFetchedBeforeItNeverBecomesFreshAfterIt) {
  EXPECT_GT(Trial(scenario(slow)).sum(Counter::edge_hits), 400);
  for (const std::string target : {"key: 0", "tag: 0 of 1", "share: 100%"}) {
    for (const std::string soft : {"false", "true"}) {
      const std::string purge =
          "timeline=[{at: 600ms, event: purge, " + target + ", soft: " + soft + "}]";
      EXPECT_EQ(Trial(scenario(slow, {purge})).sum(Counter::edge_hits), 0) << purge;
      EXPECT_GT(Trial(scenario(slow, {purge, "duration=2s"})).sum(Counter::edge_hits), 300);
    }
  }
  // Within stale-while-revalidate, what a soft purge left is served, but as stale.
  const std::string soft = "timeline=[{at: 600ms, event: purge, key: 0, soft: true}]";
  const Trial stale(scenario(slow, {soft, "edge.cache.stale_while_revalidate=10s"}));
  EXPECT_GT(stale.sum(Counter::edge_stale), 400);
  EXPECT_EQ(stale.sum(Counter::edge_stale), stale.sum(Counter::edge_hits));
}

TEST(Purge, SoftLeavesNobodyWaitingWithinTheWindow) {
  const std::vector<std::string> window = {"edge.cache.stale_while_revalidate=5s", "duration=15s"};
  std::vector<std::string> soft = window;
  soft.emplace_back("timeline=[{at: 10s, event: purge, soft: true}]");
  std::vector<std::string> hard = window;
  hard.emplace_back("timeline=[{at: 10s, event: purge}]");
  const Trial softly(scenario(full, soft));
  EXPECT_EQ(softly.sum(Counter::edge_hits), softly.sum(Counter::edge_lookups));
  EXPECT_GT(softly.sum(Counter::edge_stale), 0);
  EXPECT_EQ(softly.sum(Counter::origin_fetches), 100);
  const Trial hardly(scenario(full, hard));
  EXPECT_LT(hardly.sum(Counter::edge_hits), hardly.sum(Counter::edge_lookups));
  EXPECT_EQ(hardly.sum(Counter::edge_stale), 0);
}

// Of a catalogue of equal objects, (1 - 1/N)^n have not been asked for after n requests: so many
// misses less than N does a purge of everything cost in its first n requests.
TEST(Purge, OfEverythingCostsTheDistinctObjectsOfTheFirstRequests) {
  const Trial run(scenario(
      full, {"traffic.objects.count=100k", "edge.cache.capacity.objects=100k",
             "edge.cache.start=warm", "duration=20s", "timeline=[{at: 10s, event: purge}]"}));
  const double requests = static_cast<double>(run.sum(Counter::requests));
  const double expected = 1e5 * (1 - std::exp(requests * std::log1p(-1e-5)));
  EXPECT_NEAR(static_cast<double>(run.sum(Counter::origin_fetches)), expected, 0.02 * expected);
}

}  // namespace
}  // namespace haldane::models
