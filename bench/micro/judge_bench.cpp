// A whole verdict on raw samples in memory: 20 metrics of a million values an arm, three quantiles.
#include <cmath>
#include <cstdint>

#include <benchmark/benchmark.h>
#include <fmt/format.h>

#include "analysis/judge/judge.h"
#include "bench/result_hash.h"
#include "sim/random/philox.h"

namespace haldane::analysis {
namespace {

constexpr std::uint64_t metrics = 20;
constexpr std::uint64_t samples = 1'000'000;

double uniform(std::uint32_t arm, std::uint64_t index) {
  const sim::StreamKey key(1, 0, arm, sim::Purpose::test);
  return (static_cast<double>(sim::draw(key, index).first >> 11U) + 0.5) * 0x1p-53;
}

// Log-logistic, median 20 and a tail like that of latencies; each metric has its own shape.
ObservationTable drawn_table(std::uint32_t arm) {
  ObservationTable table;
  for (std::uint64_t metric = 0; metric < metrics; ++metric) {
    ObservationColumn& column = table.columns.emplace_back();
    column.name = fmt::format("metric_{}", metric);
    column.values.reserve(samples);
    for (std::uint64_t i = 0; i < samples; ++i) {
      const double u = uniform(arm, metric * samples + i);
      column.values.push_back(
          20 * std::exp((0.2 + 0.01 * static_cast<double>(metric)) * std::log(u / (1 - u))));
    }
  }
  return table;
}

JudgePolicy all_critical() {
  JudgePolicy policy;
  for (std::uint64_t metric = 0; metric < metrics; ++metric) {
    MetricPolicy& entry = policy.metrics.emplace_back();
    entry.name = fmt::format("metric_{}", metric);
    entry.margin.relative = 0.05;
  }
  return policy;
}

void judge_20_metrics(benchmark::State& state) {
  const JudgePolicy policy = all_critical();
  // Drawn once for all thread counts: that takes longer than the verdict.
  static const ObservationTable baseline = drawn_table(0);
  static const ObservationTable canary = drawn_table(1);
  double sum = 0;
  for (auto _ : state) {
    const Verdict verdict = judge(policy, baseline, canary, static_cast<unsigned>(state.range(0)));
    sum = 0;
    for (const Evidence& evidence : verdict.metrics) sum += *evidence.ci_high;
  }
  bench::label_with_hash(state, static_cast<std::uint64_t>(sum * 1e12));
}
BENCHMARK(judge_20_metrics)->Arg(1)->Arg(2)->UseRealTime()->Unit(benchmark::kMillisecond);

}  // namespace
}  // namespace haldane::analysis
