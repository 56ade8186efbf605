// Wrong autoscalers of the edge, each with its diagnostic at its place.
#include <string>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/unit/spec/mistakes.h"

namespace haldane::models {
namespace {

using testing::ElementsAre;

constexpr const char* good =
    "schema: haldane.scenario/1\nname: good\nduration: 60s\n"
    "traffic: {arrivals: {process: poisson, rate: 100/s}, objects: {count: 10, popularity: "
    "uniform}}\n"
    "edge: {nodes_per_site: 2, cache: {policy: lru, capacity: {objects: 5}}}\n"
    "api: {replicas: 4, service: {exponential: {mean: 5ms}}}\n";

std::vector<std::string> mistakes(const std::string& autoscaler,
                                  const std::vector<std::string>& more = {}) {
  std::vector<std::string> settings{"edge.autoscaler={" + autoscaler + "}"};
  settings.insert(settings.end(), more.begin(), more.end());
  return mistakes_of(good, settings);
}

TEST(ScalingSitesRules, KindsHaveTheirMetrics) {
  EXPECT_THAT(mistakes("kind: hpa, max: 9, target: 1k/s"), ElementsAre());
  EXPECT_THAT(mistakes("kind: keda, target: 1k/s"), ElementsAre());
  EXPECT_THAT(mistakes("kind: kpa, max: 9, target: 1k/s, panic_window: 3s"), ElementsAre());
  EXPECT_THAT(mistakes("kind: target_tracking, max: 9, target: 1k/s"), ElementsAre());
  EXPECT_THAT(mistakes("kind: schedule, steps: [{at: 5s, nodes: 4}]"), ElementsAre());
  EXPECT_THAT(mistakes("kind: keda_jobs, max: 9"), ElementsAre("CFG-105 edge.autoscaler.kind"));
  EXPECT_THAT(mistakes("kind: hpa, max: 9, metric: latency, target: 1s"),
              ElementsAre("CFG-105 edge.autoscaler.metric"));
  EXPECT_THAT(mistakes("kind: keda, metric: queue, target: 5"),
              ElementsAre("CFG-105 edge.autoscaler.metric"));
  EXPECT_THAT(mistakes("kind: hpa, max: 9, target: 60%"),
              ElementsAre("CFG-106 edge.autoscaler.target"));
}

TEST(ScalingSitesRules, NodesLieWithinTheirBounds) {
  EXPECT_THAT(mistakes("kind: hpa, min: 3, max: 9, target: 1k/s"),
              ElementsAre("SCN-408 edge.nodes_per_site"));
  EXPECT_THAT(mistakes("kind: hpa, max: 1025, target: 1k/s"),
              ElementsAre("CFG-107 edge.autoscaler.max"));
  EXPECT_THAT(mistakes("kind: hpa, min: 0, max: 9, target: 0/s"),
              ElementsAre("CFG-107 edge.autoscaler.min", "CFG-107 edge.autoscaler.target"));
  EXPECT_THAT(mistakes("kind: schedule, steps: [{at: 5s, replicas: 4}]"),
              ElementsAre("CFG-103 edge.autoscaler.steps[0].nodes",
                          "CFG-102 edge.autoscaler.steps[0].replicas"));
}

TEST(ScalingSitesRules, CpuNeedsCoresOfNodes) {
  const std::string cpu = "kind: hpa, max: 9, metric: cpu, target: 60%";
  const std::string waf = ", waf: {exponential: {mean: 1ms}}}";
  EXPECT_THAT(mistakes(cpu), ElementsAre("SCN-420 edge.autoscaler"));
  EXPECT_THAT(mistakes(cpu, {"edge.proxies={cores: 4" + waf}),
              ElementsAre("SCN-420 edge.autoscaler"));
  EXPECT_THAT(mistakes(cpu, {"edge.proxies={cores_per_node: 4" + waf}), ElementsAre());
  EXPECT_THAT(mistakes(cpu, {"edge.proxies={cores_per_node: 4, cores: 8" + waf}),
              ElementsAre("CFG-109 edge.proxies"));
  EXPECT_THAT(mistakes(cpu, {"edge.proxies={cores_per_node: 65536" + waf}),
              ElementsAre("SCN-416 edge.proxies.cores_per_node"));
}

TEST(ScalingSitesRules, OneHandDecides) {
  const std::string scaler = "kind: hpa, max: 9, target: 1k/s";
  EXPECT_THAT(mistakes(scaler, {"timeline=[{at: 5s, event: nodes, count: 3}]"}),
              ElementsAre("SCN-419 timeline[0].event"));
  EXPECT_THAT(mistakes(scaler, {"traffic.client={timeout: 1s, hedge: {delay: 5ms}}"}),
              ElementsAre("SCN-450 traffic.client.hedge"));
}

}  // namespace
}  // namespace haldane::models
