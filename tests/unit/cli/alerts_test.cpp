// Alert rules from the scenario to the result, against simulated systems whose trouble is scripted.
#include "cli/simulate/alerts.h"

#include <string>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "models/run_replication.h"
#include "models/spec/read_scenario.h"

namespace haldane::cli {
namespace {

using testing::IsEmpty;
using testing::SizeIs;

constexpr const char* quiet_api = R"(
schema: haldane.scenario/1
name: alerts
duration: 100s
warmup: 10s
traffic: {arrivals: {process: poisson, rate: 500/s}}
api: {replicas: 4, concurrency: 4, service: {exponential: {mean: 5ms}}}
)";

AlertReport report_of(const std::string& more, const std::vector<std::string>& overrides = {}) {
  const auto scenario = models::read_scenario(quiet_api + more, "alerts.yaml", overrides);
  EXPECT_TRUE(scenario) << to_string(scenario.error());
  const models::Plan plan = models::compile_plan(*scenario);
  analysis::RunEstimator estimator(models::metric_catalogue(plan.tiers), false);
  if (scenario->canary) {
    estimator.add_arm("baseline", models::metric_catalogue(plan.tiers, models::Block::baseline));
    estimator.add_arm("canary", models::metric_catalogue(plan.tiers, models::Block::canary));
  }
  estimator.add(models::run_replication(plan, {}).measurements);
  return check_alerts(plan.scenario, estimator);
}

constexpr const char* brown_out =
    "timeline: [{at: 40s, event: failures, tier: api, probability: 20%, for: 20s}]\n";

TEST(AlertRules, FireWhileTheyHold) {
  const auto alerts = report_of(std::string(brown_out) +
                                "alerts: ['api.error_ratio > 5% for 5s -> P1', "
                                "'api.error_ratio > 5% for 30s -> P2']")
                          .alerts;
  ASSERT_THAT(alerts, SizeIs(1)) << "the longer one never holds for long enough";
  EXPECT_EQ(alerts[0].rule, "api.error_ratio > 5% for 5s -> P1");
  EXPECT_EQ(alerts[0].severity, "P1");
  EXPECT_NEAR(alerts[0].from_s, 45, 0.5);
  EXPECT_NEAR(alerts[0].to_s, 60, 0.5);
}

TEST(AlertRules, TheBaselineIsTheSameSeriesBeforeTheFirstEvent) {
  const auto surge = report_of(
      "timeline: [{at: 50s, event: surge, factor: 2, for: 10s}]\n"
      "alerts: ['requests.rate_per_s > 1.5 x baseline -> P3', "
      "'requests.rate_per_s > 3 x baseline -> P1']");
  EXPECT_THAT(surge.notes, IsEmpty());
  ASSERT_THAT(surge.alerts, SizeIs(1));
  EXPECT_NEAR(surge.alerts[0].from_s, 50, 0.5);
  EXPECT_NEAR(surge.alerts[0].to_s, 60, 0.5);
}

// Random faults join the timeline before the run: of a scenario as written they are no part of it.
TEST(AlertRules, TheBaselineIsBeforeTheFirstFaultByChance) {
  const std::string rule = "alerts: ['requests.rate_per_s > 1.5 x baseline -> P3']";
  const auto surge = report_of(
      "faults: [{event: surge, factor: 2, every: {deterministic: {value: 50s}}, for: "
      "{deterministic: {value: 10s}}}]\n" +
      rule);
  EXPECT_THAT(surge.notes, IsEmpty());
  ASSERT_THAT(surge.alerts, SizeIs(1));
  EXPECT_NEAR(surge.alerts[0].from_s, 50, 0.5);
  const auto at_once = report_of(
      "faults: [{event: surge, factor: 2, every: {deterministic: {value: 5s}}, for: "
      "{deterministic: {value: 10s}}}]\n" +
      rule);
  EXPECT_THAT(at_once.notes, SizeIs(1));
  EXPECT_THAT(at_once.alerts, IsEmpty());
}

TEST(AlertRules, TheBaselineOfACanaryIsTheOtherArmByShareOfTheTraffic) {
  const auto alerts = report_of(
                          "canary: {share: 10%, api: {failure_probability: 10%}}\n"
                          "alerts: ['requests.rate_per_s > 2 x baseline for 2s -> P3', "
                          "'api.error_ratio >= 1.5 x baseline for 10s -> P1', "
                          "'api.latency_ms.mean > 4 x baseline -> P2']")
                          .alerts;
  // The baseline never fails: any failing bin of the canary is above 1.5 times nothing, and a rule
  // with >= also holds where neither fails.
  ASSERT_THAT(alerts, SizeIs(1));
  EXPECT_EQ(alerts[0].severity, "P1");
  EXPECT_EQ(alerts[0].from_s, 20);
  EXPECT_EQ(alerts[0].to_s, 100);
}

TEST(AlertRules, ATotalIsWhatCameTogetherSinceTheWarmUp) {
  const auto alerts =
      report_of(
          "workers: {replicas: 4, service: {exponential: {mean: 1ms}}, failure_probability: 100%}\n"
          "alerts: ['workers.dead_letters > 500 -> P2']",
          {"api.enqueue.probability=10%"})
          .alerts;
  ASSERT_THAT(alerts, SizeIs(1)) << "50 a second";
  EXPECT_NEAR(alerts[0].from_s, 20, 3);
  EXPECT_EQ(alerts[0].to_s, 100);
}

}  // namespace
}  // namespace haldane::cli
