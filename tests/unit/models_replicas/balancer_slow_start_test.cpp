// Replicas that get their share of the requests little by little, in whole cells.
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
using test::Trial;

// Three replicas, and from 10 s on a fourth, which weighs age / 20 s.
constexpr std::string_view growing = R"(
schema: haldane.scenario/1
name: growing
duration: 40s
warmup: 0s
traffic: {arrivals: {process: poisson, rate: 4k/s}}
edge: none
api:
  replicas: 3
  concurrency: 10k
  service: {deterministic: {value: 1us}}
  balancer: round_robin
  balancer_slow_start: {window: 20s}
  autoscaler: {kind: schedule, steps: [{at: 10s, replicas: 4}]}
)";

// The share of all requests that replica `number` was done with in [from_s, to_s).
double share_of(const std::vector<std::string>& overrides, std::uint32_t number,
                std::int64_t from_s, std::int64_t to_s) {
  const Plan plan = compile_plan(scenario(growing, overrides));
  double own = 0;
  double all = 0;
  for (const NodeSeries& node : trace_requests(plan, {}, {}, Nodes::watched).nodes) {
    for (std::size_t bin = 0; bin < node.served.size(); ++bin) {
      const SimTime at = plan.grid.bin_bounds[bin];
      if (at < SimTime::zero() + Duration::seconds(from_s)) continue;
      if (at >= SimTime::zero() + Duration::seconds(to_s)) break;
      all += static_cast<double>(node.served[bin]);
      if (node.name.number == number) own += static_cast<double>(node.served[bin]);
    }
  }
  return own / all;
}

// Of weights 1, 1, 1 and f, f / (3 + f), on average over a second.
double share_at(double age_s, double aggression = 1, double least = 0.1) {
  double sum = 0;
  for (int i = 0; i < 100; ++i) {
    const double age = age_s + (i + 0.5) / 100;
    const double f = age < 20 ? std::max(least, std::pow(age / 20, 1 / aggression)) : 1;
    sum += f / (3 + f) / 100;
  }
  return sum;
}

TEST(BalancerSlowStart, GivesWhoHasComeUpItsShareLittleByLittle) {
  for (const char* balancer : {"round_robin", "least_requests", "power_of_two"}) {
    const std::string key = std::string("api.balancer=") + balancer;
    for (const int age : {0, 5, 10, 15, 19, 25})
      EXPECT_NEAR(share_of({key}, 3, 10 + age, 11 + age), share_at(age), 0.004) << key << age;
    EXPECT_NEAR(share_of({key}, 0, 0, 10), 1 / 3.0, 0.01) << key << ": warm at the start";
  }
}

TEST(BalancerSlowStart, FollowsAggressionAndLeastWeight) {
  const std::vector<std::string> keys = {
      "api.balancer_slow_start={window: 20s, aggression: 2.5, min_weight: 40%}"};
  for (const int age : {0, 1, 4, 12})
    EXPECT_NEAR(share_of(keys, 3, 10 + age, 11 + age), share_at(age, 2.5, 0.4), 0.004) << age;
}

TEST(BalancerSlowStart, MultipliesOwnWeights) {
  const std::vector<std::string> keys = {
      "api.balancer=weighted_least_requests",
      "api.weights={groups: [{replicas: 3, weight: 2}], active_request_bias: 0}"};
  const double f = 10.5 / 20;
  EXPECT_NEAR(share_of(keys, 3, 20, 21), f / (6 + f), 0.003);
}

// Who crashed starts anew; who was ejected is the one that it was.
TEST(BalancerSlowStart, BeginsAfterACrashButNotAfterAnEjection) {
  const std::string fixed = "api.autoscaler=none";
  const std::string crash =
      "timeline=[{at: 2s, event: replica_failure, tier: api, count: 1, for: 8s}]";
  EXPECT_NEAR(share_of({fixed, crash}, 0, 20, 21), (10.5 / 20) / (2 + 10.5 / 20), 0.004);
  const std::vector<std::string> ejected = {
      fixed,
      "timeline=[{at: 2s, event: bad_release, share: 30%, factor: 1, probability: 100%, for: "
      "1s}]",
      "api.outliers={ejection: 7s, interval: 1s, max_ejected: 50%}"};
  EXPECT_EQ(share_of(ejected, 0, 4, 9), 0);
  EXPECT_NEAR(share_of(ejected, 0, 12, 13), 1 / 3.0, 0.004);
}

TEST(BalancerSlowStart, ChangesNothingWhereNobodyComesUp) {
  const std::string fixed = "api.autoscaler=none";
  for (const char* balancer : {"round_robin", "least_requests", "power_of_two"}) {
    const std::vector<std::string> keys = {fixed, "duration=5s",
                                           std::string("api.balancer=") + balancer,
                                           "api.service={exponential: {mean: 1ms}}"};
    std::vector<std::string> plain = keys;
    plain.emplace_back("api.balancer_slow_start=none");
    EXPECT_EQ(Trial(scenario(growing, keys)).measurements().counters,
              Trial(scenario(growing, plain)).measurements().counters)
        << balancer;
  }
}

}  // namespace
}  // namespace haldane::models
