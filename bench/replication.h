// Whole replications as benchmarks: a shipped scenario with overrides, and what a request costs.
#pragma once

#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <string>
#include <vector>

#include <benchmark/benchmark.h>
#include <source_folder.h>

#include "models/run_replication.h"
#include "models/spec/read_scenario.h"

namespace haldane::bench {

/// The plan of scenarios/`name`. A mistake ends the program: the benches are part of the house.
inline models::Plan plan_of(const std::string& name, const std::vector<std::string>& overrides) {
  auto scenario =
      models::load_scenario(std::string(HALDANE_SOURCE_DIR) + "/scenarios/" + name, overrides);
  if (!scenario) {
    std::fputs(to_string(scenario.error()).c_str(), stderr);
    std::exit(EXIT_FAILURE);
  }
  return models::compile_plan(scenario.value());
}

/// Requests that a replication counted.
inline std::int64_t requests_of(const models::ReplicationResult& result) {
  std::int64_t requests = 0;
  for (const std::int64_t count :
       result.measurements.counters[models::index(models::Counter::requests)])
    requests += count;
  return requests;
}

/// Shows the time a request takes (a rate turned over), for `requests` an iteration.
inline void count_time_per_request(benchmark::State& state, std::int64_t requests) {
  state.counters["per_request"] = benchmark::Counter(
      static_cast<double>(requests),
      benchmark::Counter::kIsIterationInvariantRate | benchmark::Counter::kInvert);
}

}  // namespace haldane::bench
