// Wrong metrics of autoscalers, each with its diagnostic at its place.
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
    "traffic: {arrivals: {process: poisson, rate: 100/s}}\n"
    "api: {replicas: 4, balancer: random, service: {exponential: {mean: 5ms}}}\n"
    "workers: {replicas: 3, service: {exponential: {mean: 20ms}}}\n";

std::vector<std::string> mistakes(const std::string& tier, const std::string& autoscaler) {
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

TEST(AutoscalerRules, ScaledJobsHaveKeysOfTheirOwn) {
  EXPECT_THAT(mistakes("workers", "kind: keda_jobs"), ElementsAre());
  EXPECT_THAT(mistakes("workers",
                       "kind: keda_jobs, strategy: custom, deduction: 2, "
                       "running_share: 50%, takes: 3, polling: 10s, startup: 5s"),
              ElementsAre());
  EXPECT_THAT(
      mistakes("workers", "kind: keda_jobs, deduction: 2, running_share: 150%, takes: 0"),
      ElementsAre("CFG-107 workers.autoscaler.running_share",
                  "SCN-412 workers.autoscaler.deduction",
                  "SCN-412 workers.autoscaler.running_share", "CFG-107 workers.autoscaler.takes"));
  EXPECT_THAT(mistakes("workers", "kind: keda_jobs, strategy: greedy, metric: cpu, sync: 1s"),
              ElementsAre("CFG-105 workers.autoscaler.strategy",
                          "CFG-105 workers.autoscaler.metric", "CFG-102 workers.autoscaler.sync"));
  EXPECT_THAT(mistakes("workers", "kind: keda_jobs, min: 20"),
              ElementsAre("SCN-408 workers.autoscaler.max"));
  EXPECT_THAT(mistakes("api", "kind: keda_jobs"), ElementsAre("CFG-105 api.autoscaler.kind"));
}

TEST(AutoscalerRules, StartupIsADurationOrALaw) {
  const auto startup = [](const std::string& value) {
    return mistakes("api", "kind: hpa, target: 60%, startup: " + value);
  };
  EXPECT_THAT(startup("0s"), ElementsAre());
  EXPECT_THAT(startup("1d"), ElementsAre());
  EXPECT_THAT(startup("{lognormal: {median: 20s, sigma: 0.5}}"), ElementsAre());
  const std::string place = " api.autoscaler.startup";
  EXPECT_THAT(startup("25h"), ElementsAre("CFG-107" + place));
  EXPECT_THAT(startup("-1s"), ElementsAre("CFG-107" + place));
  EXPECT_THAT(startup("20"), ElementsAre("CFG-106" + place));
  EXPECT_THAT(startup("{}"), ElementsAre("CFG-103" + place));
  EXPECT_THAT(startup("{exponential: {mean: 25h}}"), ElementsAre("SCN-204" + place));
  EXPECT_THAT(startup("{exponential: {mean: 0s}}"),
              ElementsAre("CFG-107" + place + ".exponential.mean"));
  EXPECT_THAT(startup("{pareto: {scale: 1s, shape: 1}}"),
              ElementsAre("SCN-201" + place + ".pareto.shape"));
  EXPECT_THAT(mistakes_of(good, {"timeline=[{at: 5s, event: deploy, tier: workers, startup: "
                                 "{exponential: {mean: 25h}}}]"}),
              ElementsAre("SCN-204 timeline[0].startup"));
}

TEST(AutoscalerRules, IdleIsNothingBelowAMinimum) {
  const auto idle = [](const std::string& keys) {
    return mistakes("workers", "kind: keda, target: 5, " + keys);
  };
  EXPECT_THAT(idle("min: 1, idle: 0"), ElementsAre());
  EXPECT_THAT(idle("idle: 0"), ElementsAre("SCN-412 workers.autoscaler.idle"));
  EXPECT_THAT(idle("min: 3, idle: 1"), ElementsAre("CFG-107 workers.autoscaler.idle"));
  EXPECT_THAT(mistakes("api", "kind: keda, target: 5, idle: 0"),
              ElementsAre("CFG-102 api.autoscaler.idle"));
}

TEST(AutoscalerRules, ADeployHasNobodyToReplaceAmongScaledJobs) {
  const std::string deploy = "timeline=[{at: 5s, event: deploy, tier: workers}]";
  EXPECT_THAT(mistakes_of(good, {"workers.autoscaler={kind: keda_jobs}", deploy}),
              ElementsAre("SCN-457 timeline[0].event"));
  EXPECT_THAT(mistakes_of(good, {"workers.autoscaler={kind: keda, target: 5}", deploy}),
              ElementsAre());
}

}  // namespace
}  // namespace haldane::models
