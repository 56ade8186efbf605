// Whether the 95 % intervals of simulated queues hold what they promise: seeds 1 to 2,000, true
// values from theory.
//
// Flake budget: none, seeds are fixed. 93 % to 97 % is four binomial standard errors (0.49 %) about
// 95 %, so a change of streams would fail a correct estimator about once in 16,000 times per line.
#include <cmath>

#include <gtest/gtest.h>

#include "analysis/estimate/run_estimator.h"
#include "sim/parallel/parallel_for.h"
#include "tests/support/trial.h"

namespace haldane::models {
namespace {

using test::scenario;

constexpr std::string_view one_server = R"(
schema: haldane.scenario/1
name: queue
duration: 250s
warmup: 10s
traffic: {arrivals: {process: poisson, rate: 50/s}}
edge: none
links: {edge_to_api: 0ms, api_to_workers: 0ms}
api: {replicas: 1, concurrency: 1, balancer: central_queue, service: {exponential: {mean: 10ms}}}
workers: none
)";

struct Truth {
  std::string metric;
  double value;
};

// The share of seeds 1 .. 2,000 whose interval holds the true value, per metric.
void expect_coverage(const Scenario& s, std::uint32_t replications,
                     const std::vector<Truth>& truths) {
  constexpr std::size_t seeds = 2000;
  const Plan plan = compile_plan(s);
  std::vector<std::vector<char>> covered(seeds, std::vector<char>(truths.size()));
  sim::parallel_for(seeds, sim::available_threads(), [&](std::size_t i) {
    analysis::RunEstimator estimator(metric_catalogue(plan.tiers), false);
    for (std::uint32_t r = 0; r < replications; ++r) {
      estimator.add(run_replication(plan, {i + 1, r, 0}).measurements);
    }
    for (const analysis::MetricEstimate& metric : estimator.metrics()) {
      for (std::size_t t = 0; t < truths.size(); ++t) {
        if (metric.name != truths[t].metric || !metric.ci_low) continue;
        covered[i][t] =
            *metric.ci_low <= truths[t].value && truths[t].value <= *metric.ci_high ? 1 : 0;
      }
    }
  });
  for (std::size_t t = 0; t < truths.size(); ++t) {
    double hits = 0;
    for (const std::vector<char>& row : covered) hits += row[t];
    ::testing::Test::RecordProperty(truths[t].metric, std::to_string(hits / seeds));
    EXPECT_GE(hits / seeds, 0.93) << truths[t].metric << " with " << replications;
    EXPECT_LE(hits / seeds, 0.97) << truths[t].metric << " with " << replications;
  }
}

// M/M/1 at rho = 1/2: waits, sojourn quantiles (exponential with mean 20 ms), utilisation, queue
// length.
const std::vector<Truth> mm1 = {
    {"api.wait_ms.mean", 10},
    {"api.latency_ms.mean", 20},
    {"api.latency_ms.p50", 20 * std::log(2)},
    {"api.latency_ms.p90", 20 * std::log(10)},
    {"api.utilization", 0.5},
    {"api.queue_depth.mean", 0.5},
    {"requests.rate_per_s", 50},
};

TEST(ModelCoverage, BatchMeansOfOneRunCoverMM1) {
  expect_coverage(scenario(one_server), 1, mm1);
}

TEST(ModelCoverage, ReplicationsCoverMM1) {
  expect_coverage(scenario(one_server, {"duration=60s", "warmup=10s"}), 5, mm1);
}

TEST(ModelCoverage, BatchMeansCoverAHeavilyLoadedQueue) {
  // rho = 0.8: the correlation time is ten times longer, and so is the run.
  expect_coverage(
      scenario(one_server, {"traffic.arrivals.rate=80/s", "duration=1000s", "warmup=50s"}), 1,
      {{"api.wait_ms.mean", 40}, {"api.queue_depth.mean", 3.2}});
}

}  // namespace
}  // namespace haldane::models
