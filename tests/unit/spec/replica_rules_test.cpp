// Wrong weights, memories and hedges: each mistake gives its own diagnostic, at its place.
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
traffic: {arrivals: {process: poisson, rate: 100/s}}
edge: none
api: {replicas: 4, service: {exponential: {mean: 5ms}}}
workers: {replicas: 2, service: {exponential: {mean: 5ms}}}
)";

std::vector<std::string> mistakes(const std::vector<std::string>& overrides) {
  return mistakes_of(good, overrides);
}
std::vector<std::string> of_weights(const std::string& weights) {
  return mistakes({"api.balancer=weighted_least_requests", "api.weights=" + weights});
}

TEST(WeightRules, AreOfReplicasThatThereAre) {
  EXPECT_THAT(of_weights("{groups: [{replicas: 1, weight: 3}, {replicas: 3, weight: 2}]}"),
              ElementsAre());
  EXPECT_THAT(of_weights("{groups: [{replicas: 1, weight: 3}], active_request_bias: 0}"),
              ElementsAre());
  EXPECT_THAT(of_weights("{groups: [{replicas: 2, weight: 3}, {replicas: 3, weight: 2}]}"),
              ElementsAre("SCN-495 api.weights.groups"));
  EXPECT_THAT(of_weights("{groups: [{replicas: 4, weight: 3}]}"),
              ElementsAre("SCN-495 api.weights.groups"));
  EXPECT_THAT(
      of_weights("{groups: [{replicas: 1, weight: 0}, {replicas: 1, wight: 1}]}"),
      ElementsAre("CFG-107 api.weights.groups[0].weight", "CFG-103 api.weights.groups[1].weight",
                  "CFG-102 api.weights.groups[1].wight", "SCN-495 api.weights.groups"));
  EXPECT_THAT(of_weights("{groups: [{replicas: 1, weight: 2}], active_request_bias: 5}"),
              ElementsAre("CFG-107 api.weights.active_request_bias"));
}

// One who is added weighs 1.
TEST(WeightRules, MayBeAllTheSameWhereTheFleetGrows) {
  EXPECT_THAT(mistakes({"api.balancer=weighted_least_requests",
                        "api.weights={groups: [{replicas: 4, weight: 3}]}",
                        "api.autoscaler={kind: hpa, max: 9, target: 60%}"}),
              ElementsAre());
}

TEST(WeightRules, GoWithTheirBalancer) {
  EXPECT_THAT(mistakes({"api.balancer=weighted_least_requests"}),
              ElementsAre("CFG-103 api.weights"));
  EXPECT_THAT(mistakes({"api.weights={groups: [{replicas: 1, weight: 3}]}"}),
              ElementsAre("SCN-494 api.weights"));
}

TEST(SlowStartRules, GoWithBalancersThatHaveIt) {
  const auto with = [](const std::string& balancer, const std::string& rule) {
    return mistakes({"api.balancer=" + balancer, "api.balancer_slow_start=" + rule});
  };
  for (const char* balancer : {"round_robin", "least_requests", "power_of_two"})
    EXPECT_THAT(with(balancer, "{window: 60s}"), ElementsAre());
  for (const char* balancer : {"random", "consistent_hash", "peak_ewma", "central_queue"}) {
    EXPECT_THAT(with(balancer, "none"), ElementsAre());
    EXPECT_THAT(with(balancer, "{window: 60s}"), ElementsAre("SCN-497 api.balancer_slow_start"));
  }
  EXPECT_THAT(with("round_robin", "{}"), ElementsAre("CFG-103 api.balancer_slow_start.window"));
  EXPECT_THAT(with("round_robin", "{window: 0s, aggression: 0, min_weight: 0}"),
              ElementsAre("CFG-107 api.balancer_slow_start.window",
                          "CFG-107 api.balancer_slow_start.aggression",
                          "CFG-107 api.balancer_slow_start.min_weight"));
}

TEST(MemoryRules, AreTwoSizes) {
  EXPECT_THAT(mistakes({"api.memory={base: 1GiB, per_request: 0B}",
                        "workers.memory={base: 0B, per_job: 1MB}", "workers.rows_per_job=1G"}),
              ElementsAre());
  EXPECT_THAT(mistakes({"api.memory=none", "workers.memory=none"}), ElementsAre());
  EXPECT_THAT(mistakes({"api.memory={base: 1GiB}", "workers.memory={base: -1B, per_job: 2TiB}",
                        "workers.rows_per_job=0"}),
              ElementsAre("CFG-103 api.memory.per_request", "CFG-107 workers.memory.base",
                          "CFG-107 workers.memory.per_job", "CFG-107 workers.rows_per_job"));
}

TEST(HedgeRules, WaitForATimeOrAPercentile) {
  const auto hedge = [](const std::string& keys) {
    return mistakes({"traffic.client={timeout: 1s, hedge: {" + keys + "}}"});
  };
  EXPECT_THAT(hedge("percentile: 95%"), ElementsAre());
  EXPECT_THAT(hedge("percentile: 99.9%, min_delay: 5ms, window: 3s, max_extra_load: none"),
              ElementsAre());
  EXPECT_THAT(hedge("percentile: 95%, window: 1ms"),
              ElementsAre("CFG-107 traffic.client.hedge.window"));
  EXPECT_THAT(hedge("delay: 5ms, window: 9s"), ElementsAre("SCN-496 traffic.client.hedge.window"));
  EXPECT_THAT(hedge("percentile: 100%"), ElementsAre("CFG-107 traffic.client.hedge.percentile"));
  EXPECT_THAT(hedge("percentile: 0"), ElementsAre("CFG-107 traffic.client.hedge.percentile"));
  EXPECT_THAT(hedge("percentile: 95%, delay: 5ms"),
              ElementsAre("SCN-496 traffic.client.hedge.delay"));
  EXPECT_THAT(hedge("delay: 5ms, min_delay: 5ms"),
              ElementsAre("SCN-496 traffic.client.hedge.min_delay"));
  EXPECT_THAT(hedge("percentile: 95%, min_delay: 1s"),
              ElementsAre("SCN-438 traffic.client.hedge.min_delay"));
  EXPECT_THAT(hedge("min_delay: 5ms"), ElementsAre("CFG-103 traffic.client.hedge.delay",
                                                   "SCN-496 traffic.client.hedge.min_delay"));
  // A time-out below the least delay that nobody wrote.
  EXPECT_THAT(mistakes({"traffic.client={timeout: 1ms, hedge: {percentile: 95%}}"}),
              ElementsAre("SCN-438 traffic.client.hedge.percentile"));
}

}  // namespace
}  // namespace haldane::models
