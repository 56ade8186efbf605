// Weighted least requests in whole cells.
#include <cmath>
#include <numeric>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "models/trace_requests.h"
#include "tests/support/trial.h"

namespace haldane::models {
namespace {

using test::scenario;

constexpr std::string_view weighted = R"(
schema: haldane.scenario/1
name: weighted
duration: 40s
warmup: 0s
traffic: {arrivals: {process: poisson, rate: 2k/s}}
edge: none
api:
  replicas: 3
  concurrency: 10k
  service: {deterministic: {value: 1us}}
  balancer: weighted_least_requests
  weights: {groups: [{replicas: 1, weight: 4}]}
)";

// What each replica was done with in the second half, and the canary's behind them.
std::vector<double> served(const std::vector<std::string>& overrides) {
  const Plan plan = compile_plan(scenario(weighted, overrides));
  const std::uint32_t own = plan.api[0].replicas_max;
  std::vector<double> all(own + plan.api[1].replicas);
  for (const NodeSeries& node : trace_requests(plan, {}, {}, Nodes::watched).nodes) {
    const auto half = static_cast<std::ptrdiff_t>(node.served.size() / 2);
    all[node.name.number + (node.name.canary ? own : 0)] =
        std::accumulate(node.served.begin() + half, node.served.end(), 0.0);
  }
  return all;
}

TEST(WeightedReplicas, AreAskedByWeightWhileIdle) {
  const std::vector<double> each = served({});
  EXPECT_NEAR(each[0] + each[1] + each[2], 40'000, 1'000);
  EXPECT_NEAR(each[0] / each[1], 4, 0.01);
  EXPECT_NEAR(each[0] / each[2], 4, 0.01);
}

// With a requests each, r = weight / (a + 1) and a = r x 1 s: rates as the roots of the weights.
TEST(WeightedReplicas, AreAskedLessTheMoreTheyHave) {
  const std::string slow = "api.service={exponential: {mean: 1s}}";
  const std::vector<double> each = served({slow});
  EXPECT_NEAR(each[0] / each[1], 2, 0.1);
  const std::vector<double> blind = served({slow, "api.weights.active_request_bias=0"});
  EXPECT_NEAR(blind[0] / blind[1], 4, 0.2);
  const std::vector<double> wary = served({slow, "api.weights.active_request_bias=3"});
  EXPECT_NEAR(wary[0] / wary[1], std::sqrt(2), 0.1);
}

// Who is left weighs the same, and who is back has its weight again.
TEST(WeightedReplicas, ThatAreLeftShareEvenly) {
  const std::string down = "timeline=[{at: 5s, event: replica_failure, tier: api, count: 1";
  const std::vector<double> two = served({down + "}]"});
  EXPECT_EQ(two[0], 0);
  EXPECT_NEAR(two[1] / two[2], 1, 0.03);
  const std::vector<double> three = served({down + ", for: 5s}]"});
  EXPECT_NEAR(three[0] / three[1], 4, 0.01);
}

TEST(WeightedReplicas, OfACanaryWeighTheSame) {
  const std::vector<double> each = served({"canary={share: 50%, api: {replicas: 2}}"});
  EXPECT_NEAR(each[0] / each[1], 4, 0.01);
  EXPECT_NEAR(each[3] / each[4], 1, 0.03);
}

TEST(WeightedReplicas, ThatAnAutoscalerAddsWeighOne) {
  const std::vector<double> each =
      served({"api.autoscaler={kind: schedule, steps: [{at: 2s, replicas: 5}]}"});
  ASSERT_EQ(each.size(), 5U);
  for (const std::size_t r : {1U, 2U, 3U, 4U}) EXPECT_NEAR(each[0] / each[r], 4, 0.01) << r;
}

}  // namespace
}  // namespace haldane::models
