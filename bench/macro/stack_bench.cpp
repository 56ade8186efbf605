// Whole replications: what a request costs, with the digest of what was simulated.
#include <string>
#include <vector>

#include <benchmark/benchmark.h>

#include "bench/replication.h"
#include "bench/result_hash.h"
#include "models/run_replication.h"

namespace haldane::models {
namespace {

void replication(benchmark::State& state, const std::string& name,
                 const std::vector<std::string>& overrides, unsigned threads = 1) {
  const Plan plan = bench::plan_of(name, overrides);
  ReplicationOptions options;
  options.threads = threads;
  std::int64_t requests = 0;
  for (auto _ : state) {
    const ReplicationResult result = run_replication(plan, options);
    requests = bench::requests_of(result);
    bench::label_with_hash(state, result.measurements.digest);
  }
  bench::count_time_per_request(state, requests);
}

BENCHMARK_CAPTURE(replication, reference, "reference/scenario.yaml", {"duration=20s"})
    ->Unit(benchmark::kMillisecond);
// One replication on one thread and on two; wall time, for that is what a second thread saves.
BENCHMARK_CAPTURE(replication, sites_1_thread, "reference/sites.yaml", {"duration=2s"}, 1)
    ->Unit(benchmark::kMillisecond)
    ->UseRealTime();
BENCHMARK_CAPTURE(replication, sites_2_threads, "reference/sites.yaml", {"duration=2s"}, 2)
    ->Unit(benchmark::kMillisecond)
    ->UseRealTime();
// Every request reaches the API: a cache of one object, at a rate that eight replicas can bear.
BENCHMARK_CAPTURE(replication, all_miss, "reference/scenario.yaml",
                  {"duration=60s", "edge.cache.capacity.objects=1", "traffic.arrivals.rate=15k/s"})
    ->Unit(benchmark::kMillisecond);
// Poisson to M/M/16 (mean 1 ms), a quarter of it to M/M/8 (mean 2 ms), both at 80 %.
BENCHMARK_CAPTURE(replication, tandem, "reference/scenario.yaml",
                  {"duration=60s", "edge=none", "links={edge_to_api: 0ms, api_to_workers: 0ms}",
                   "traffic={arrivals: {process: poisson, rate: 12800/s}}", "api.replicas=16",
                   "api.concurrency=1", "api.balancer=central_queue",
                   "api.service={exponential: {mean: 1ms}}", "api.enqueue.probability=25%",
                   "workers.replicas=8", "workers.service={exponential: {mean: 2ms}}"})
    ->Unit(benchmark::kMillisecond);

}  // namespace
}  // namespace haldane::models
