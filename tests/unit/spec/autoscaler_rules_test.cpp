// Wrong metrics of autoscalers, each with its diagnostic at its place.
#include <string>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/unit/spec/mistakes.h"

namespace haldane::models {
namespace {

using testing::ElementsAre;

std::vector<std::string> mistakes(const std::string& tier, const std::string& autoscaler) {
  constexpr const char* good =
      "schema: haldane.scenario/1\nname: good\nduration: 60s\n"
      "traffic: {arrivals: {process: poisson, rate: 100/s}}\n"
      "api: {replicas: 4, balancer: random, service: {exponential: {mean: 5ms}}}\n"
      "workers: {replicas: 3, service: {exponential: {mean: 20ms}}}\n";
  return mistakes_of(good, {tier + ".autoscaler={max: 9, " + autoscaler + "}"});
}

TEST(AutoscalerRules, MetricsAreOneOrAList) {
  EXPECT_THAT(mistakes("api", "kind: hpa, metrics: [{target: 60%}, {metric: latency, target: 1s}]"),
              ElementsAre());
  EXPECT_THAT(mistakes("api", "kind: hpa, metric: cpu, target: 60%, metrics: [{target: 60%}]"),
              ElementsAre("SCN-412 api.autoscaler.metric", "SCN-412 api.autoscaler.target"));
  EXPECT_THAT(mistakes("api", "kind: hpa, metrics: []"),
              ElementsAre("SCN-412 api.autoscaler.metrics"));
  EXPECT_THAT(mistakes("api", "kind: hpa, metrics: [{metric: latency, target: 60%}, {}]"),
              ElementsAre("CFG-106 api.autoscaler.metrics[0].target",
                          "CFG-103 api.autoscaler.metrics[1].target"));
  EXPECT_THAT(mistakes("api", "kind: kpa, target: 5, metrics: [{target: 5}]"),
              ElementsAre("CFG-102 api.autoscaler.metrics"));
}

TEST(AutoscalerRules, EachMetricIsNamedOnce) {
  EXPECT_THAT(mistakes("api", "kind: keda, metrics: [{target: 5}, {metric: queue, target: 6}]"),
              ElementsAre("SCN-412 api.autoscaler.metrics[1]"));
}

TEST(AutoscalerRules, ActivationBelongsToItsTrigger) {
  const std::string both = "metrics: [{target: 5, activation: 2}, {metric: requests, target: 9/s}]";
  EXPECT_THAT(mistakes("workers", "kind: keda, " + both), ElementsAre());
  EXPECT_THAT(mistakes("workers", "kind: keda, activation: 2, " + both),
              ElementsAre("SCN-412 workers.autoscaler.activation"));
  EXPECT_THAT(mistakes("workers", "kind: hpa, metrics: [{target: 60%, activation: 2}]"),
              ElementsAre("CFG-102 workers.autoscaler.metrics[0].activation"));
}

}  // namespace
}  // namespace haldane::models
