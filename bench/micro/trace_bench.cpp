// Reading a trace of two million requests from memory, and LRU at all capacities in one pass.
#include <cstdint>
#include <cstring>
#include <string>
#include <utility>

#include <benchmark/benchmark.h>

#include "bench/result_hash.h"
#include "models/replay/stack_distances.h"
#include "models/trace/read_trace.h"
#include "sim/base/check.h"
#include "sim/base/hash.h"

namespace haldane::models {
namespace {

constexpr std::uint32_t requests = 2'000'000;

// Skewed ids up to a million: the cube of a uniform number.
std::uint64_t object_of(std::uint32_t i) {
  const double u = static_cast<double>(mix(i + 1) >> 11) * 0x1p-53;
  return static_cast<std::uint64_t>(u * u * u * 1e6);
}

std::string binary_trace() {
  std::string bytes(std::size_t{24} * requests, '\0');
  for (std::uint32_t i = 0; i < requests; ++i) {
    const std::uint32_t time = i / 1'000;
    const std::uint64_t object = object_of(i);
    const std::uint32_t size = 100;
    char* record = bytes.data() + std::size_t{24} * i;
    std::memcpy(record, &time, 4);
    std::memcpy(record + 4, &object, 8);
    std::memcpy(record + 12, &size, 4);
  }
  return bytes;
}

std::string csv_trace() {
  std::string text = "time,object,size\n";
  for (std::uint32_t i = 0; i < requests; ++i) {
    text += std::to_string(i / 1'000) + "," + std::to_string(object_of(i)) + "," +
            std::to_string(object_of(i) % 100'000) + "\n";
  }
  return text;
}

AccessTrace read(const std::string& bytes, TraceFormat format, double sample_rate) {
  auto source = bytes_of(bytes, "bench");
  HALDANE_CHECK(source.has_value());
  TraceOptions options;
  options.format = format;
  options.sample.rate = sample_rate;
  auto reading = read_trace(std::move(source).value(), options);
  HALDANE_CHECK(reading.has_value());
  return std::move(reading).value().trace;
}

void finish(benchmark::State& state, std::uint64_t hash) {
  using benchmark::Counter;
  state.counters["request"] =
      Counter(static_cast<double>(requests), Counter::kIsIterationInvariantRate | Counter::kInvert);
  bench::label_with_hash(state, hash);
}

void read_and_number(benchmark::State& state, const std::string& bytes, TraceFormat format,
                     double sample_rate) {
  std::uint64_t hash = 0;
  for (auto _ : state) {
    const AccessTrace trace = read(bytes, format, sample_rate);
    hash = mix(trace.object_count) ^ trace.objects.back();
  }
  finish(state, hash);
}

void read_binary(benchmark::State& state) {
  static const std::string bytes = binary_trace();
  read_and_number(state, bytes, TraceFormat::oracle_general, 1);
}
void read_binary_sample(benchmark::State& state) {
  static const std::string bytes = binary_trace();
  read_and_number(state, bytes, TraceFormat::oracle_general, 0.01);
}
void read_csv(benchmark::State& state) {
  static const std::string text = csv_trace();
  read_and_number(state, text, TraceFormat::csv, 1);
}
void stack_distances(benchmark::State& state) {
  const AccessTrace trace = read(binary_trace(), TraceFormat::oracle_general, 1);
  std::uint64_t hash = 0;
  for (auto _ : state) {
    const StackDistances distances(trace);
    hash = mix(distances.misses(1'000).misses) ^ distances.misses(100'000).misses;
  }
  finish(state, hash);
}

BENCHMARK(read_binary)->Unit(benchmark::kMillisecond);
BENCHMARK(read_binary_sample)->Unit(benchmark::kMillisecond);
BENCHMARK(read_csv)->Unit(benchmark::kMillisecond);
BENCHMARK(stack_distances)->Unit(benchmark::kMillisecond);

}  // namespace
}  // namespace haldane::models
