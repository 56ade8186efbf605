// A replication that is stopped gives the beginning of what it would have given.
#include <numeric>
#include <thread>

#include <gtest/gtest.h>

#include "tests/support/trial.h"

namespace haldane::models {
namespace {

Scenario long_system() {
  return test::scenario(R"(
schema: haldane.scenario/1
name: long
duration: 4000s
warmup: 0s
traffic: {arrivals: {process: poisson, rate: 2k/s}, objects: {count: 2k, popularity: {zipf: 0.9}}}
edge:
  sites: 2
  nodes_per_site: 1
  cache: {policy: lru, capacity: {objects: 300}, ttl: none}
  hit_latency: {lognormal: {median: 500us, sigma: 0.5}}
links: {edge_to_api: 2ms, api_to_workers: 1ms}
api: {replicas: 3, concurrency: 4, balancer: random, service: {exponential: {mean: 2ms}}, enqueue: {probability: 20%}}
workers: {replicas: 8, service: {exponential: {mean: 5ms}}}
canary: {share: 20%}
)");
}

// Stops after the first bins, from another thread as a signal would.
ReplicationResult stopped_after(const Plan& plan, double simulated_s) {
  RunControl control;
  ReplicationResult result;
  std::thread run([&] { result = run_replication(plan, {1, 0, 0}, &control); });
  while (static_cast<double>(control.simulated_ns) * 1e-9 < simulated_s) std::this_thread::yield();
  control.stop = true;
  run.join();
  return result;
}

TEST(StoppedRun, CoversWholeSlicesAndSaysSo) {
  const Plan plan = compile_plan(long_system());
  const double slice_s =
      (plan.grid.bin_bounds[plan.grid.slice_begin[1]] - SimTime::zero()).as_seconds();
  const ReplicationResult stopped = stopped_after(plan, 1.5 * slice_s);
  EXPECT_TRUE(stopped.stopped);
  const sim::Measurements& m = stopped.measurements;
  ASSERT_GE(m.grid.slices(), 1U);
  EXPECT_LT(m.grid.bins(), plan.grid.bins());
  EXPECT_EQ(m.grid.slice_begin.back(), m.grid.bins());
  for (const auto& row : m.counters) EXPECT_EQ(row.size(), m.grid.bins());
  for (const auto& row : m.latencies) EXPECT_EQ(row.size(), m.grid.slices());
}

// The same system with an end where the other was stopped; the bins differ, so sums are compared.
TEST(StoppedRun, MeasuresWhatARunOfThatLengthMeasures) {
  Scenario scenario = long_system();
  const Plan plan = compile_plan(scenario);
  const double slice_s =
      (plan.grid.bin_bounds[plan.grid.slice_begin[1]] - SimTime::zero()).as_seconds();
  const sim::Measurements stopped = stopped_after(plan, 1.1 * slice_s).measurements;
  ASSERT_GE(stopped.grid.slices(), 1U);
  scenario.duration = stopped.grid.bin_bounds.back() - SimTime::zero();
  const sim::Measurements shorter = run_replication(compile_plan(scenario), {1, 0, 0}).measurements;
  const auto total = [](const sim::Measurements& m, Counter c) {
    const auto& bins = m.counters[index(c)];
    return std::accumulate(bins.begin(), bins.end(), std::int64_t{0});
  };
  for (const Counter c : {Counter::requests, Counter::request_errors, Counter::edge_hits,
                          Counter::origin_fetches, Counter::edge_node_time}) {
    EXPECT_EQ(total(stopped, c), total(shorter, c)) << index(c);
  }
  // Times that begin before the end reach beyond it only by what is in service there.
  const auto busy = static_cast<double>(total(shorter, Counter::api_busy_time));
  EXPECT_NEAR(static_cast<double>(total(stopped, Counter::api_busy_time)), busy, 1e-4 * busy);
}

TEST(StoppedRun, WithoutAWholeSliceHasAGridWithoutBins) {
  const Plan plan = compile_plan(long_system());
  RunControl control;
  control.stop = true;
  const ReplicationResult result = run_replication(plan, {1, 0, 0}, &control);
  EXPECT_TRUE(result.stopped);
  EXPECT_EQ(result.measurements.grid.bins(), 0U);
}

}  // namespace
}  // namespace haldane::models
