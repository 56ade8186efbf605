// Service level objectives from the scenario to the result, against a system whose trouble is
// scripted.
#include "cli/simulate/slos.h"

#include <cmath>
#include <string>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "models/run_replication.h"
#include "models/spec/read_scenario.h"

namespace haldane::cli {
namespace {

using testing::IsEmpty;
using testing::SizeIs;

constexpr const char* brown_out = R"(
schema: haldane.scenario/1
name: slos
duration: 110s
warmup: 10s
traffic: {arrivals: {process: poisson, rate: 500/s}}
api: {replicas: 4, concurrency: 4, service: {exponential: {mean: 5ms}}}
timeline: [{at: 60s, event: failures, tier: api, probability: 20%, for: 10s}]
)";

SloReport report_of(const std::string& slo) {
  const auto scenario =
      models::read_scenario(std::string(brown_out) + "slos: [" + slo + "]\n", "slos.yaml");
  EXPECT_TRUE(scenario) << to_string(scenario.error());
  const models::Plan plan = models::compile_plan(*scenario);
  analysis::RunEstimator estimator(models::metric_catalogue(plan.tiers), false);
  estimator.add(models::run_replication(plan, {}).measurements);
  return check_slos(*scenario, estimator);
}

// A fifth of the requests of 10 of 100 s fail. A window of an hour has a page after 5 s at 14.4.
TEST(Slos, OfErrorsPageDuringABrownOut) {
  const SloReport report = report_of("{name: available, good: success, target: 99%, window: 1h}");
  ASSERT_THAT(report.slos, SizeIs(1));
  const analysis::ErrorBudget& budget = report.slos[0].budget;
  EXPECT_NEAR(budget.all, 50'000, 1'200);
  EXPECT_NEAR(*budget.bad_ratio, 0.02, 0.002);
  EXPECT_NEAR(*budget.burn_rate, 2, 0.2);
  EXPECT_NEAR(*budget.budget_used, 2 * 100 / 3'600.0, 0.006);
  ASSERT_FALSE(report.alerts.empty());
  EXPECT_EQ(report.alerts[0].severity, "page");
  EXPECT_NEAR(report.alerts[0].from_s, 63.6, 2);
  EXPECT_NEAR(report.alerts[0].to_s, 70, 2);
}

// The law is exponential, with hardly any waiting.
TEST(Slos, OfLatencyCountSlowRequests) {
  const SloReport report =
      report_of("{name: fast, good: requests.latency_ms < 10, target: 80%, window: 1h}");
  EXPECT_NEAR(*report.slos[0].budget.bad_ratio, std::exp(-2), 0.01);
  EXPECT_THAT(report.alerts, IsEmpty());
}

}  // namespace
}  // namespace haldane::cli
