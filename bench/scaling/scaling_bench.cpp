// Cost as work grows: requests, objects, replicas and sites, one axis at a time.
//
// Timed is what a request adds: a run of the stated length less a run of a millisecond, which has
// the same set-up. Memory-bound axes (objects, sites) show the machine's own caches as well.
#include <algorithm>
#include <cstdint>
#include <ctime>
#include <string>
#include <vector>

#include <benchmark/benchmark.h>

#include "bench/replication.h"
#include "bench/result_hash.h"
#include "models/run_replication.h"

namespace haldane::models {
namespace {

struct Timed {
  ReplicationResult result;
  double seconds;
};

double processor_seconds() {
  std::timespec now{};
  ::clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &now);
  return static_cast<double>(now.tv_sec) + static_cast<double>(now.tv_nsec) * 1e-9;
}

Timed timed_run(const Plan& plan) {
  const double start = processor_seconds();
  ReplicationResult result = run_replication(plan, {});
  return {std::move(result), processor_seconds() - start};
}

void grow(benchmark::State& state, std::vector<std::string> overrides, double duration_s) {
  overrides.push_back("duration=1ms");
  const Plan set_up = bench::plan_of("reference/scenario.yaml", overrides);
  overrides.back() =
      "duration=" + std::to_string(static_cast<std::int64_t>(duration_s * 1e6)) + "us";
  const Plan plan = bench::plan_of("reference/scenario.yaml", overrides);
  std::int64_t requests = 0;
  for (auto _ : state) {
    const double fixed = timed_run(set_up).seconds;
    const Timed run = timed_run(plan);
    state.SetIterationTime(std::max(run.seconds - fixed, 0.0));
    requests = bench::requests_of(run.result);
    bench::label_with_hash(state, run.result.measurements.digest);
  }
  bench::count_time_per_request(state, requests);
}

void requests(benchmark::State& state) {
  grow(state, {}, static_cast<double>(state.range(0)) / 100e3);
}

void objects(benchmark::State& state) {
  const std::int64_t count = state.range(0);
  grow(state,
       {"traffic.objects.count=" + std::to_string(count),
        "edge.cache.capacity.objects=" + std::to_string(count / 2)},
       40);
}

// Every request reaches the API at a rate that one replica can bear too.
void replicas(benchmark::State& state) {
  grow(state,
       {"edge.cache.capacity.objects=1", "api.service={exponential: {mean: 100us}}",
        "api.replicas=" + std::to_string(state.range(0))},
       20);
}

// Each with its clients, cell and workers. At least ten seconds each, for a run has 64 time slices,
// and in shorter ones closing them for every site would be what is measured.
void sites(benchmark::State& state) {
  const std::int64_t count = state.range(0);
  grow(state,
       {"traffic.objects.count=65536", "edge.cache.capacity.objects=32768",
        "edge.sites=" + std::to_string(count), "api.cells=" + std::to_string(count),
        "workers.replicas=" + std::to_string(24 * count)},
       std::max(10.0, 40.0 / static_cast<double>(count)));
}

void settings(benchmark::internal::Benchmark* b) {
  b->Unit(benchmark::kMillisecond)->UseManualTime();
}
// A billion takes minutes: --benchmark_filter=requests/1000000000.
BENCHMARK(requests)->Apply(settings)->Arg(1'000'000)->Arg(10'000'000)->Arg(100'000'000);
BENCHMARK(requests)->Apply(settings)->Arg(1'000'000'000);
BENCHMARK(objects)->Apply(settings)->RangeMultiplier(10)->Range(10'000, 10'000'000);
BENCHMARK(replicas)->Apply(settings)->RangeMultiplier(10)->Range(1, 10'000);
BENCHMARK(sites)->Apply(settings)->RangeMultiplier(4)->Range(1, 256);

}  // namespace
}  // namespace haldane::models
