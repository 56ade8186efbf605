// What holds requests up inside an API cell: limits, a dependency, pauses, slow starts.
#include <cmath>

#include <gtest/gtest.h>

#include "tests/support/conservation.h"
#include "tests/support/trial.h"

namespace haldane::models {
namespace {

using test::scenario;
using test::Trial;

constexpr std::string_view cell = R"(
schema: haldane.scenario/1
name: cell
duration: 2000s
warmup: 100s
traffic: {arrivals: {process: poisson, rate: 80/s}}
edge: none
api: {replicas: 1, concurrency: 1, service: {exponential: {mean: 10ms}}}
)";

void expect_conservation(const Trial& run) {
  test::expect_requests_end(run);
  test::expect_api_answers(run);
  EXPECT_LE(run.sum(Counter::dependency_busy_time), run.sum(Counter::dependency_slot_time));
}

// M/M/c/K: the share of arrivals that find K inside.
double blocking(double offered, int servers, int room) {
  double all = 0;
  double term = 1;
  for (int n = 0; n <= room; ++n) {
    all += term;
    if (n < room) term *= offered / std::min(n + 1, servers);
  }
  return term / all;
}

TEST(Limit, AFixedOneIsTheLossSystem) {
  for (const int room : {2, 5, 12}) {
    const Trial run(scenario(
        cell,
        {"api.concurrency=2", "api.limit={kind: fixed, requests: " + std::to_string(room) + "}",
         "traffic.arrivals.rate=220/s"}));
    EXPECT_NEAR(run.ratio(Counter::api_rejected, Counter::api_requests), blocking(2.2, 2, room),
                0.01)
        << room;
    expect_conservation(run);
  }
}

// Three times the capacity: without a limit the wait grows without bounds.
TEST(Limit, AdaptiveOnesKeepWaitsShortInOverload) {
  for (const std::string limit : {"{kind: aimd, min: 1, timeout: 100ms}", "{kind: vegas}",
                                  "{kind: gradient2, min: 4, initial: 20, window: 1s}"}) {
    const Trial run(scenario(cell, {"api.limit=" + limit, "traffic.arrivals.rate=600/s",
                                    "api.concurrency=2", "duration=300s", "warmup=50s"}));
    EXPECT_GT(run.ratio(Counter::api_busy_time, Counter::api_slot_time), 0.95) << limit;
    EXPECT_LT(run.quantile_ms(Histogram::api_wait, 0.99), 1'500) << limit;
    EXPECT_NEAR(run.ratio(Counter::api_rejected, Counter::api_requests), 2.0 / 3, 0.03) << limit;
    expect_conservation(run);
  }
}

// A pool of c connections in front of servers without end is M/M/c.
TEST(Dependency, WaitsAsItsPoolDoes) {
  const Trial run(
      scenario(cell, {"api.concurrency=1000", "api.service={deterministic: {value: 1ms}}",
                      "api.dependency={pool: 1, service: {exponential: {mean: 10ms}}}"}));
  EXPECT_NEAR(run.mean_ms(Histogram::dependency_wait), 40, 4);
  EXPECT_NEAR(run.mean_ms(Histogram::api_latency), 51, 4);
  EXPECT_LT(run.mean_ms(Histogram::api_wait), 1e-9);
  EXPECT_NEAR(run.ratio(Counter::dependency_busy_time, Counter::dependency_slot_time), 0.8, 0.02);
  EXPECT_NEAR(run.rate(Counter::dependency_calls), 80, 1);
  expect_conservation(run);
}

// The slots of the replicas wait for the pool, so its brown-out fills them.
TEST(Dependency, ABrownOutReachesTheApi) {
  const auto errors = [](const std::string& timeline, const std::string& timeout) {
    const Trial run(scenario(
        cell,
        {"api.concurrency=4", "api.queue_capacity=20", "duration=300s", "warmup=0s",
         "api.dependency={pool: 4, timeout: " + timeout + ", service: {exponential: {mean: 5ms}}}",
         "timeline=" + timeline}));
    expect_conservation(run);
    return run.ratio(Counter::api_errors, Counter::api_requests);
  };
  EXPECT_LT(errors("[]", "none"), 0.001);
  EXPECT_GT(
      errors("[{at: 100s, event: slow_down, tier: dependency, factor: 40, for: 100s}]", "none"),
      0.2);
  EXPECT_NEAR(errors("[{at: 100s, event: failures, tier: dependency, probability: 60%, for: 100s}]",
                     "none"),
              0.2, 0.02);
}

TEST(Dependency, ATimeOutEndsTheWaitForAConnection) {
  const Trial run(scenario(
      cell, {"api.concurrency=1000", "api.service={deterministic: {value: 1ms}}",
             "traffic.arrivals.rate=150/s",
             "api.dependency={pool: 1, timeout: 50ms, service: {exponential: {mean: 10ms}}}"}));
  EXPECT_LE(run.latency(Histogram::dependency_wait).max_ns, 50'000'000);
  EXPECT_NEAR(run.ratio(Counter::dependency_errors, Counter::dependency_calls), 1.0 / 3, 0.02);
  EXPECT_EQ(run.sum(Counter::dependency_errors), run.sum(Counter::api_errors));
  expect_conservation(run);
}

// A tenth of the time is lost; one request alone is held up by what falls into it.
TEST(Pauses, ByTimeStretchServices) {
  const Trial run(
      scenario(cell, {"traffic.arrivals.rate=1/s", "api.service={deterministic: {value: 100ms}}",
                      "api.concurrency=50",
                      "api.pauses={every: 900ms, duration: {deterministic: {value: 100ms}}}"}));
  // In service: 100 ms / 900 ms pauses of 100 ms begin. At the start: inside one with probability
  // 0.1, half of it to come.
  EXPECT_NEAR(run.mean_ms(Histogram::api_latency), 100 + 100.0 / 9 + 0.1 * 50, 3);
  EXPECT_GE(run.quantile_ms(Histogram::api_latency, 0.5), 99.8);
  expect_conservation(run);
}

TEST(Pauses, ByRequestsComeWithTheLoad) {
  const auto slowest_tenth = [](const std::string& rate) {
    const Trial run(scenario(
        cell, {"traffic.arrivals.rate=" + rate, "api.service={deterministic: {value: 10ms}}",
               "api.concurrency=50", "duration=200s", "warmup=20s",
               "api.pauses={after_requests: 50, duration: {deterministic: {value: 200ms}}}"}));
    expect_conservation(run);
    return run.mean_ms(Histogram::api_latency);
  };
  // One in 50 begins a pause; at 10/s hardly anybody else is there, at 200/s most meet it.
  EXPECT_NEAR(slowest_tenth("10/s"), 10 + (200 + 2 * 100) / 50.0, 3);
  EXPECT_GT(slowest_tenth("200/s"), 50);
}

TEST(SlowStart, AReplicaThatComesBackIsSlowAtFirst) {
  const std::vector<std::string> system = {
      "api.replicas=2", "api.balancer=least_requests", "duration=100s", "warmup=0s",
      "timeline=[{at: 10s, event: replica_failure, tier: api, count: 1, for: 10s}]"};
  const auto busy = [&](std::vector<std::string> sets) {
    sets.insert(sets.end(), system.begin(), system.end());
    return static_cast<double>(Trial(scenario(cell, sets)).sum(Counter::api_busy_time));
  };
  const double plain = busy({});
  EXPECT_GT(busy({"api.slow_start={for: 60s, factor: 5}"}), 1.1 * plain);
  EXPECT_EQ(busy({"api.slow_start={for: 60s, factor: 1}"}), plain);
  EXPECT_GT(busy({"api.slow_start={for: 60s, factor: 5}", "api.queue={discipline: lifo}"}),
            1.1 * plain);
}

}  // namespace
}  // namespace haldane::models
