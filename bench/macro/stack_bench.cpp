// Whole replications on one thread: nanoseconds of processor time a request, with the digest of
// what was simulated.
#include <string>
#include <vector>

#include <benchmark/benchmark.h>

#include "bench/result_hash.h"
#include "models/run_replication.h"
#include "models/spec/read_scenario.h"

namespace haldane::models {
namespace {

Plan plan_of(const std::string& name, const std::vector<std::string>& overrides) {
  auto scenario = load_scenario(std::string(HALDANE_SOURCE_DIR) + "/scenarios/" + name, overrides);
  if (!scenario) std::fputs(to_string(scenario.error()).c_str(), stderr);
  return compile_plan(scenario.value());
}

void replication(benchmark::State& state, const std::string& name,
                 const std::vector<std::string>& overrides) {
  const Plan plan = plan_of(name, overrides);
  std::int64_t requests = 0;
  std::uint64_t digest = 0;
  for (auto _ : state) {
    const ReplicationResult result = run_replication(plan, {1, 0, 0});
    for (const std::int64_t count : result.measurements.counters[index(Counter::requests)])
      requests += count;
    digest = result.measurements.digest;
  }
  state.SetItemsProcessed(requests);
  bench::label_with_hash(state, digest);
}

BENCHMARK_CAPTURE(replication, reference, "reference/scenario.yaml", {"duration=20s"})
    ->Unit(benchmark::kMillisecond);
BENCHMARK_CAPTURE(replication, sites, "reference/sites.yaml", {"duration=2s"})
    ->Unit(benchmark::kMillisecond);
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
