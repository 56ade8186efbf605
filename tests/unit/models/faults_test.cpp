// Faults by chance, slow nodes and bad releases. Margins are five standard deviations.
#include <cmath>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "models/workload/draw_faults.h"
#include "tests/support/trial.h"

namespace haldane::models {
namespace {

constexpr std::string_view text = R"(
schema: haldane.scenario/1
name: faults
duration: 200s
warmup: 0s
traffic:
  arrivals: {process: poisson, rate: 400/s}
api: {replicas: 4, concurrency: 4, balancer: random, service: {exponential: {mean: 5ms}}}
)";

TEST(Faults, AlternateBetweenUpAndDown) {
  const Scenario s = test::scenario(
      text, {"duration=90d", "traffic.arrivals.rate=1/h",
             "faults=[{event: replica_failure, tier: api, count: 2, every: {exponential: {mean: "
             "2h}}, for: {exponential: {mean: 30min}}}]"});
  const std::vector<TimelineEvent> drawn = timeline_with_faults(s);
  const double cycles = 90 * 24 / 2.5;
  // Cycles have a variance of 2^2 + 0.5^2 hours squared.
  EXPECT_NEAR(static_cast<double>(drawn.size()), cycles,
              5 * std::sqrt(cycles * 4.25 / (2.5 * 2.5)));
  double down_s = 0;
  for (std::size_t i = 0; i < drawn.size(); ++i) {
    EXPECT_EQ(drawn[i].count, 2U);
    const SimTime up = i > 0 ? drawn[i - 1].at + drawn[i - 1].lasting : SimTime::zero();
    EXPECT_GE(drawn[i].at, up);
    down_s += drawn[i].lasting.as_seconds();
  }
  const auto count = static_cast<double>(drawn.size());
  EXPECT_NEAR(down_s / count, 1'800, 5 * 1'800 / std::sqrt(count));
}

TEST(Faults, DependOnTheSeedAndTheirPlaceAlone) {
  const std::string one =
      "{event: failures, tier: api, probability: 50%, every: {exponential: {mean: 20s}}, for: "
      "{uniform: {low: 1s, high: 3s}}}";
  const std::string surge = "{at: 5s, event: surge, factor: 2, for: 1s}";
  const auto starts = [](const Scenario& s) {
    std::vector<SimTime> all;
    for (const TimelineEvent& event : timeline_with_faults(s)) {
      if (event.kind == TimelineEvent::Kind::failures) all.push_back(event.at);
    }
    return all;
  };
  const auto alone = starts(test::scenario(text, {"faults=[" + one + "]"}));
  ASSERT_GT(alone.size(), 2U);
  EXPECT_EQ(starts(test::scenario(text, {"faults=[" + one + "]", "timeline=[" + surge + "]"})),
            alone);
  EXPECT_NE(starts(test::scenario(text, {"faults=[" + one + "]", "seed=2"})), alone);
  EXPECT_EQ(
      starts(test::scenario(text, {"faults=[" + one + "," + one + "]"})).size() > alone.size(),
      true);
}

TEST(Faults, AreInThePlanAndChangeTheFingerprint) {
  const std::string fault =
      "faults=[{event: failures, tier: api, probability: 100%, every: {deterministic: {value: "
      "30s}}, for: {deterministic: {value: 10s}}}]";
  const test::Trial run(test::scenario(text, {fault}));
  EXPECT_EQ(run.plan().scenario.timeline.size(), 5U);  // at 30, 70, 110, 150, 190 s
  EXPECT_NEAR(run.ratio(Counter::request_errors, Counter::requests), 0.25, 0.01);
  EXPECT_NE(run.plan().fingerprint, compile_plan(test::scenario(text)).fingerprint);
}

// A quarter of the requests go to the slow one of four replicas.
TEST(SlowNode, SlowsItsOwnRequestsOnly) {
  const std::string slow =
      "timeline=[{at: 0s, event: slow_down, tier: api, factor: 3, replicas: 1}]";
  const test::Trial run(test::scenario(text, {"api.concurrency=100", slow}));
  EXPECT_NEAR(run.mean_ms(Histogram::api_latency), 5 * (0.75 + 0.25 * 3), 0.4);
  const test::Trial both(test::scenario(
      text, {"api.concurrency=100",
             "timeline=[{at: 0s, event: slow_down, tier: api, factor: 2}, {at: 0s, event: "
             "slow_down, tier: api, factor: 3, replicas: 2}]"}));
  EXPECT_NEAR(both.mean_ms(Histogram::api_latency), 5 * 2 * (0.5 + 0.5 * 3), 0.8);
}

TEST(BadRelease, FailsOnItsShareOfReplicas) {
  const test::Trial run(test::scenario(
      text, {"timeline=[{at: 100s, event: bad_release, share: 50%, probability: 20%, factor: 2}]",
             "api.concurrency=100"}));
  EXPECT_NEAR(run.ratio(Counter::request_errors, Counter::requests), 0.05, 0.005);
  EXPECT_NEAR(run.mean_ms(Histogram::api_latency), 5 * (0.5 + 0.5 * 1.5), 0.3);
  const test::Trial worse(test::scenario(
      text, {"api.failure_probability=30%",
             "timeline=[{at: 0s, event: bad_release, share: 100%, probability: 20%}]"}));
  EXPECT_NEAR(worse.ratio(Counter::request_errors, Counter::requests), 0.3, 0.01);
}

TEST(BadRelease, IsAvoidedByBalancersThatLookAtLoad) {
  const auto mean = [](const std::string& balancer) {
    return test::Trial(test::scenario(text, {"api.balancer=" + balancer, "api.concurrency=1",
                                             "traffic.arrivals.rate=300/s",
                                             "timeline=[{at: 0s, event: bad_release, share: 25%, "
                                             "factor: 2}]"}))
        .mean_ms(Histogram::api_latency);
  };
  EXPECT_LT(mean("least_requests"), 0.7 * mean("random"));
}

TEST(Faults, GiveTheSameBitsOnAnyNumberOfThreads) {
  const Plan plan = compile_plan(test::scenario(
      text, {"duration=30s", "links={edge_to_api: 1ms}",
             "faults=[{event: bad_release, share: 50%, factor: 4, probability: 10%, every: "
             "{exponential: {mean: 5s}}, for: {exponential: {mean: 2s}}}]"}));
  ReplicationOptions options;
  const std::uint64_t digest = run_replication(plan, options).measurements.digest;
  options.threads = 2;
  options.worth_sharing = 0;
  EXPECT_EQ(run_replication(plan, options).measurements.digest, digest);
}

}  // namespace
}  // namespace haldane::models
