// Wrong edges: each mistake gives its own diagnostic, at its place.
#include <string>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/unit/spec/mistakes.h"

namespace haldane::models {
namespace {

using testing::ElementsAre;
using testing::UnorderedElementsAre;

constexpr const char* good = R"(schema: haldane.scenario/1
name: good
duration: 60s
traffic:
  arrivals: {process: poisson, rate: 100/s}
  classes:
    page: {share: 60%, objects: {count: 100}}
    image: {share: 40%, objects: {count: 1k}}
edge:
  sites: 2
  nodes_per_site: 2
  cache: {policy: lru, capacity: {objects: 100}, ttl: 60s}
api: {replicas: 4, service: {exponential: {mean: 5ms}}}
)";

std::vector<std::string> mistakes(const std::vector<std::string>& overrides) {
  return mistakes_of(good, overrides);
}

TEST(ClassFreshnessRules, AreOfClassesOfTraffic) {
  EXPECT_THAT(mistakes({"edge.cache.classes={page: {ttl: 1s}, image: {ttl: none}}"}),
              ElementsAre());
  EXPECT_THAT(mistakes({"edge.cache.classes={pages: {ttl: 1s}}"}),
              ElementsAre("SCN-479 edge.cache.classes.pages"));
  EXPECT_THAT(mistakes({"edge.cache.classes={page: {ttl: 0s, ttl_jitter: 100%}}"}),
              ElementsAre("CFG-107 edge.cache.classes.page.ttl",
                          "CFG-107 edge.cache.classes.page.ttl_jitter"));
  EXPECT_THAT(mistakes({"edge.cache.classes={page: {tll: 1s}}"}),
              ElementsAre("CFG-102 edge.cache.classes.page.tll"));
  EXPECT_THAT(mistakes({"edge.cache.classes=[page]"}), ElementsAre("CFG-104 edge.cache.classes"));
  EXPECT_THAT(mistakes({"edge.cache.classes={page: 1s}"}),
              ElementsAre("CFG-104 edge.cache.classes.page"));
}

TEST(ClassFreshnessRules, StandInForErrorsOfAnApiOnly) {
  const std::string set = "edge.cache.classes={page: {stale_if_error: 1s}}";
  EXPECT_THAT(mistakes({set}), ElementsAre());
  EXPECT_THAT(mistakes({set, "edge.cache.coalesce={max_wait: 1s, on_timeout: stale}"}),
              ElementsAre());
  EXPECT_THAT(mistakes({set, "api=none"}),
              ElementsAre("SCN-426 edge.cache.classes.page.stale_if_error"));
  EXPECT_THAT(mistakes({set, "edge.cache.fill=on_miss"}),
              ElementsAre("SCN-427 edge.cache.classes.page.stale_if_error"));
}

TEST(RateLimitRules, HaveTiersWhoseSharesAddUp) {
  const auto limit = [](const std::string& rest) {
    return mistakes({"edge.rate_limit={" + rest + "}"});
  };
  EXPECT_THAT(limit("kind: token_bucket, tiers: [{rate: 5/s, burst: 7}]"), ElementsAre());
  EXPECT_THAT(limit("kind: leaky_bucket, tiers: [{rate: 5/s, burst: 7, delay: none}]"),
              ElementsAre());
  EXPECT_THAT(limit("kind: leaky_bucket, tiers: [{rate: 5/s, share: 50%}, {rate: 1/s}]"),
              ElementsAre("SCN-413 edge.rate_limit.tiers"));
  EXPECT_THAT(limit("kind: leaky_bucket, tiers: []"), ElementsAre("SCN-413 edge.rate_limit.tiers"));
  EXPECT_THAT(limit("kind: leaky_bucket"), ElementsAre("CFG-103 edge.rate_limit.tiers"));
  EXPECT_THAT(
      limit("kind: token_bucket, tiers: [{rate: 0/s, burst: 0, delay: 1}]"),
      ElementsAre("CFG-107 edge.rate_limit.tiers[0].rate", "CFG-107 edge.rate_limit.tiers[0].burst",
                  "CFG-102 edge.rate_limit.tiers[0].delay"));
}

TEST(RateLimitRules, BoundTheBucketsAndHoldNobodyBackWhoMayGiveUp) {
  const std::string set = "edge.rate_limit={kind: leaky_bucket, tiers: [{rate: 1/s, burst: 1";
  EXPECT_THAT(mistakes({set + ", clients: 1M}]}", "edge.sites=17"}),
              ElementsAre("SCN-414 edge.rate_limit.tiers"));
  EXPECT_THAT(mistakes({set + "}]}", "traffic.client={timeout: 1s}"}),
              ElementsAre("SCN-415 edge.rate_limit"));
  EXPECT_THAT(mistakes({set + ", delay: none}]}", "traffic.client={timeout: 1s}"}), ElementsAre());
}

TEST(SpreadRules, AreAWordOrAMapping) {
  for (const char* spread : {"hash", "consistent", "{kind: bounded, load_factor: 1, points: 9}"})
    EXPECT_THAT(mistakes({"edge.spread=" + std::string(spread)}), ElementsAre()) << spread;
  EXPECT_THAT(mistakes({"edge.spread=round_robin"}), ElementsAre("CFG-105 edge.spread"));
  EXPECT_THAT(mistakes({"edge.spread={kind: random, points: 9}"}),
              ElementsAre("CFG-102 edge.spread.points"));
  EXPECT_THAT(mistakes({"edge.spread={kind: bounded, load_factor: 0.9, window: 0s}"}),
              ElementsAre("CFG-107 edge.spread.load_factor", "CFG-107 edge.spread.window"));
}

TEST(SpreadRules, LetThoseWhoWaitBeAtAnyNode) {
  const std::string wait = "edge.cache.coalesce={max_wait: 1s, scope: site}";
  EXPECT_THAT(mistakes({wait, "edge.spread=random"}), ElementsAre());
  EXPECT_THAT(mistakes({wait, "timeline=[{at: 1s, event: nodes, count: 3}]"}), ElementsAre());
  EXPECT_THAT(mistakes({"edge.cache.coalesce={scope: shield}"}),
              ElementsAre("CFG-105 edge.cache.coalesce.scope"));
}

TEST(WarmUps, AreOfObjectsThatThereAre) {
  const auto event = [](const std::string& rest) {
    return mistakes({"timeline=[{at: 1s, event: warm_up" + rest + "}]"});
  };
  EXPECT_THAT(event(", objects: 10, rate: 5/s, site: 1"), ElementsAre());
  EXPECT_THAT(event(""), ElementsAre("CFG-103 timeline[0].objects", "CFG-103 timeline[0].rate"));
  EXPECT_THAT(event(", objects: 100M, rate: 5/s"), ElementsAre("SCN-486 timeline[0].objects"));
  EXPECT_THAT(event(", objects: 10, rate: 0/s"), ElementsAre("CFG-107 timeline[0].rate"));
  EXPECT_THAT(event(", objects: 10, rate: 5/s, site: 2"), ElementsAre("SCN-502 timeline[0].site"));
}

TEST(NodeEvents, AreOfSitesWithRoom) {
  const auto event = [](const std::string& rest) {
    return mistakes({"timeline=[{at: 1s, event: nodes" + rest + "}]"});
  };
  EXPECT_THAT(event(", count: 3, site: 1"), ElementsAre());
  EXPECT_THAT(event(""), ElementsAre("CFG-103 timeline[0].count"));
  EXPECT_THAT(event(", count: 0"), ElementsAre("CFG-107 timeline[0].count"));
  EXPECT_THAT(event(", count: 3, site: 2"), ElementsAre("SCN-502 timeline[0].site"));
  EXPECT_THAT(mistakes({"traffic.classes.image.objects.count=4M",
                        "timeline=[{at: 1s, event: nodes, count: 64}]"}),
              ElementsAre("SCN-302 traffic.classes"));
}

TEST(LossRules, NeedTheTierWhereALinkEnds) {
  const auto event = [](const std::string& rest) {
    return "timeline=[{at: 1s, event: packet_loss, probability: 5%, link: " + rest + "}]";
  };
  EXPECT_THAT(mistakes({event("edge_to_api, for: 1s"), "links.loss.edge_to_api=1%"}),
              ElementsAre());
  EXPECT_THAT(
      mistakes({event("api_to_workers"), "workers=none", "links.loss.api_to_workers=1%"}),
      UnorderedElementsAre("SCN-487 links.loss.api_to_workers", "SCN-487 timeline[0].link"));
  EXPECT_THAT(mistakes({event("edge_to_api"), "api=none"}),
              ElementsAre("SCN-487 timeline[0].link"));
}

TEST(ProxiesRules, HaveCoresAndSomethingToDo) {
  const std::string work = "full_handshake: {deterministic: {value: 1ms}}";
  EXPECT_THAT(mistakes({"edge.proxies={cores: 2, tls: {new_connections: 10%, " + work +
                        "}, waf: {exponential: {mean: 1ms}}}"}),
              ElementsAre());
  EXPECT_THAT(mistakes({"edge.proxies=none"}), ElementsAre());
  EXPECT_THAT(mistakes({"edge.proxies={cores: 2, tls: none}"}),
              ElementsAre("SCN-488 edge.proxies"));
  EXPECT_THAT(mistakes({"edge.proxies={tls: {resumed: 101%}}"}),
              UnorderedElementsAre(
                  "CFG-103 edge.proxies", "CFG-103 edge.proxies.tls.new_connections",
                  "CFG-107 edge.proxies.tls.resumed", "CFG-103 edge.proxies.tls.full_handshake"));
}

TEST(ShieldRules, NeedAnApiAndCopiesThatComeWithAnswers) {
  const std::string set = "edge.shield={policy: lru, capacity: {objects: 100}}";
  EXPECT_THAT(mistakes({set}), ElementsAre());
  EXPECT_THAT(mistakes({"edge.shield=none"}), ElementsAre());
  EXPECT_THAT(mistakes({set, "api=none"}), ElementsAre("SCN-426 edge.shield"));
  EXPECT_THAT(mistakes({set, "edge.cache.fill=on_miss"}), ElementsAre("SCN-427 edge.shield"));
  EXPECT_THAT(mistakes({"edge.shield={policy: lru, capacity: {bytes: 1GiB}}"}),
              ElementsAre("SCN-422 edge.shield.capacity.bytes"));
  EXPECT_THAT(mistakes({"edge.shield={policy: lur, capacity: {}, age: 5}"}),
              ElementsAre("CFG-105 edge.shield.policy", "SCN-421 edge.shield.capacity",
                          "CFG-105 edge.shield.age"));
}

}  // namespace
}  // namespace haldane::models
