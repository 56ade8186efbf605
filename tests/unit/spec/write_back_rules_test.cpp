// Where jobs may write their results back, and where not.
#include <string>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/unit/spec/mistakes.h"

namespace haldane::models {
namespace {

using testing::ElementsAre;

constexpr const char* good = R"(schema: haldane.scenario/1
name: good
duration: 60s
traffic: {arrivals: {process: poisson, rate: 100/s}, objects: {count: 1k}}
edge: {sites: 2, nodes_per_site: 2, cache: {policy: lru, capacity: {objects: 100}}}
links: {workers_to_edge: 1us}
api: {replicas: 4, service: {exponential: {mean: 5ms}}}
workers: {replicas: 3, service: {exponential: {mean: 20ms}}, write_back: {edge: update}}
)";

std::vector<std::string> mistakes(const std::vector<std::string>& overrides) {
  return mistakes_of(good, overrides);
}

TEST(WriteBackRules, SayWhatHappensAtTheEdge) {
  EXPECT_THAT(mistakes({}), ElementsAre());
  EXPECT_THAT(mistakes({"workers.write_back=none"}), ElementsAre());
  EXPECT_THAT(mistakes({"workers.write_back={}"}), ElementsAre("CFG-103 workers.write_back.edge"));
  EXPECT_THAT(mistakes({"workers.write_back.edge=flush"}),
              ElementsAre("CFG-105 workers.write_back.edge"));
}

TEST(WriteBackRules, NeedAnEdgeAndALink) {
  EXPECT_THAT(mistakes({"edge=none"}), ElementsAre("SCN-456 workers.write_back"));
  EXPECT_THAT(mistakes({"links.workers_to_edge=0s"}), ElementsAre("SCN-456 workers.write_back"));
}

TEST(WriteBackRules, FindCopiesWhereverTheyAre) {
  for (const char* allowed :
       {"edge.spread=consistent", "timeline=[{at: 1s, event: nodes, count: 3}]",
        "edge.shield={policy: lru, capacity: {objects: 9}}"}) {
    EXPECT_THAT(mistakes({allowed}), ElementsAre()) << allowed;
  }
}

TEST(WriteBackRules, GoToTheApiByALink) {
  const std::vector<std::string> linked = {"workers.write_back.api={}",
                                           "links={edge_to_api: 1us, api_to_workers: 1us}"};
  const auto mistakes_with = [&linked](const std::string& override) {
    std::vector<std::string> all = linked;
    all.push_back(override);
    return mistakes(all);
  };
  EXPECT_THAT(mistakes(linked), ElementsAre());
  EXPECT_THAT(mistakes_with("workers.write_back={api: {share: 10%}}"), ElementsAre());
  EXPECT_THAT(mistakes_with("links.api_to_workers=0s"),
              ElementsAre("SCN-458 workers.write_back.api"));
  EXPECT_THAT(mistakes_with("links.workers_to_api=0s"),
              ElementsAre("SCN-458 workers.write_back.api"));
  EXPECT_THAT(mistakes_with("links.edge_to_api=0s"),
              ElementsAre("SCN-458 workers.write_back.edge"));
  EXPECT_THAT(mistakes_with("workers.write_back.api.share=0%"),
              ElementsAre("CFG-107 workers.write_back.api.share"));
  EXPECT_THAT(mistakes_with("workers.write_back.api.retries={max_attempts: 0}"),
              ElementsAre("CFG-107 workers.write_back.api.retries.max_attempts"));
}

}  // namespace
}  // namespace haldane::models
