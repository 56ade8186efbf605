// Why replica counts were what they were, for people and for programs.
#include "cli/simulate/explain.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include "tests/support/trial.h"

namespace haldane::cli {
namespace {

using testing::HasSubstr;

constexpr std::string_view doubled = R"(
schema: haldane.scenario/1
name: doubled
duration: 120s
traffic: {arrivals: {process: poisson, rate: 40/s}}
api:
  replicas: 2
  balancer: random
  service: {deterministic: {value: 40ms}}
  autoscaler: {kind: hpa, max: 4, target: 20%, startup: 10s}
)";

TEST(Explanation, NamesTimeSignalRecommendationLimitAndCount) {
  const test::Trial run(test::scenario(doubled));
  const auto json = nlohmann::json::parse(explanation_json(run.plan(), run.result()));
  EXPECT_EQ(json["schema"], "haldane.explain/1");
  EXPECT_EQ(json["kind"], "hpa");
  EXPECT_EQ(json["omitted"], 0);
  ASSERT_GE(json["steps"].size(), 3U);
  // 15 s and 30 s: no whole metric period has been scraped yet.
  EXPECT_EQ(json["steps"][0]["limit"], "no_signal");
  EXPECT_TRUE(json["steps"][0]["signal"].is_null());
  const auto& up = json["steps"][1];
  EXPECT_EQ(up["time_s"], 45);
  EXPECT_EQ(up["limit"], "maximum");
  EXPECT_NEAR(up["signal"].get<double>(), 0.8, 0.2);
  EXPECT_GE(up["recommendation"], 6);
  EXPECT_EQ(up["wanted"], 4);
  EXPECT_EQ(up["ready"], 2);
  const auto& ready = json["steps"][2];
  EXPECT_EQ(ready["kind"], "ready");
  EXPECT_EQ(ready["time_s"], 55);
  EXPECT_EQ(ready["ready"], 4);
}

TEST(Explanation, IsALineAStepForPeople) {
  const test::Trial run(test::scenario(doubled));
  const std::string text = explanation_text(run.plan(), run.result());
  EXPECT_THAT(text, HasSubstr("hpa on cpu, target 0.2, 1 to 4 replicas"));
  EXPECT_THAT(text, HasSubstr("2 -> 4"));
  EXPECT_THAT(text, HasSubstr("at the maximum"));
}

// However many they are.
TEST(Explanation, OfADeployIsTwoLinesAWave) {
  const test::Trial run(test::scenario(
      doubled, {"api.enqueue.probability=100%", "api.autoscaler=none",
                "workers={replicas: 400, service: {exponential: {mean: 3s}}, autoscaler: {kind: "
                "schedule, steps: [{at: 1s, replicas: 400}]}}",
                "timeline=[{at: 20s, event: deploy, tier: workers, wave: 50%, startup: {uniform: "
                "{low: 1s, high: 3s}}}]"}));
  const auto json =
      nlohmann::json::parse(explanation_json(run.plan(), run.result(), "workers.replicas"));
  ASSERT_EQ(json["steps"].size(), 5U) << "the schedule, and two waves that go and come";
  EXPECT_EQ(json["steps"][1]["kind"], "deploy");
  EXPECT_EQ(json["steps"][1]["ready"], 200);
  const auto& back = json["steps"][2];
  EXPECT_EQ(back["kind"], "ready");
  EXPECT_EQ(back["asked_s"], 20);
  EXPECT_NEAR(back["first_s"].get<double>(), 21, 0.5);
  EXPECT_GT(back["time_s"], 24) << "the longest of some jobs of 3 s";
  EXPECT_EQ(back["ready"], 400);
  EXPECT_THAT(explanation_text(run.plan(), run.result(), "workers.replicas"),
              HasSubstr("asked for at 20.000, the first at 21."));
}

// A steady fifth of the slots against 40 requests a second, which take 4 replicas.
TEST(Explanation, NamesTheMetricThatDecided) {
  const test::Trial run(test::scenario(
      doubled, {"api.autoscaler={kind: hpa, max: 9, metrics: [{metric: cpu, target: 90%}, "
                "{metric: requests, target: 10/s}]}"}));
  const auto json = nlohmann::json::parse(explanation_json(run.plan(), run.result()));
  EXPECT_TRUE(json["signal"].is_null());
  EXPECT_EQ(json["metrics"][0]["metric"], "cpu");
  EXPECT_EQ(json["metrics"][1]["target"], 10);
  EXPECT_TRUE(json["steps"][0]["metric"].is_null());
  const auto& up = json["steps"][1];
  EXPECT_EQ(up["metric"], "requests");
  EXPECT_NEAR(up["signal"].get<double>(), 20, 5);
  EXPECT_GE(up["wanted"], 4);
  const std::string text = explanation_text(run.plan(), run.result());
  EXPECT_THAT(text, HasSubstr("hpa on cpu, target 0.9; requests, target 10, 1 to 9 replicas"));
  EXPECT_THAT(text, HasSubstr("requests: no faster than a policy allows"));
}

TEST(Explanation, TargetTrackingIsMarkedApproximate) {
  const test::Trial run(
      test::scenario(doubled, {"api.autoscaler={kind: target_tracking, max: 4, target: 20%}"}));
  EXPECT_THAT(explanation_text(run.plan(), run.result()), HasSubstr("(approximate)"));
  EXPECT_THAT(explanation_json(run.plan(), run.result()), HasSubstr("\"approximate\": true"));
}

TEST(Explanation, NamesTheSitesWhoseNodesScale) {
  const test::Trial run(test::scenario(
      "schema: haldane.scenario/1\nname: sites\nduration: 90s\n"
      "traffic: {arrivals: {process: poisson, rate: 100/s}, objects: {count: 9, popularity: "
      "uniform}}\n"
      "edge: {sites: 2, cache: {policy: lru, capacity: {objects: 9}}, autoscaler: {kind: hpa, max: "
      "8, target: 50/s, startup: 10s}}\napi: none\n"));
  const auto json = nlohmann::json::parse(explanation_json(run.plan(), run.result(), edge_nodes));
  EXPECT_EQ(json["metric"], "edge.nodes");
  EXPECT_EQ(json["signal"], "requests");
  EXPECT_EQ(json["steps"].front()["site"], 0);
  EXPECT_EQ(json["steps"].back()["site"], 1);
  const std::string text = explanation_text(run.plan(), run.result(), edge_nodes);
  EXPECT_THAT(text, HasSubstr("hpa on requests, target 50, 1 to 8 nodes"));
  EXPECT_THAT(text, HasSubstr("site"));
  EXPECT_THAT(text, HasSubstr("1 -> 2"));
}

}  // namespace
}  // namespace haldane::cli
