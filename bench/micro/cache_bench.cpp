// One request to each eviction policy: 10 M requests for a million objects, Zipf 0.8 and 1, the
// stream in memory. The misses of the first four are those of libCacheSim to the last one.
#include <algorithm>
#include <array>
#include <cmath>
#include <span>
#include <vector>

#include <benchmark/benchmark.h>

#include "bench/result_hash.h"
#include "models/cache/arc.h"
#include "models/cache/clock.h"
#include "models/cache/fifo.h"
#include "models/cache/gdsf.h"
#include "models/cache/lfu.h"
#include "models/cache/lru.h"
#include "models/cache/s3_fifo.h"
#include "models/cache/sieve.h"
#include "models/cache/w_tinylfu.h"

namespace haldane::models {
namespace {

constexpr std::uint32_t objects = 1'000'000;
constexpr std::size_t length = 10'000'000;
// How far ahead of the request its entry is fetched, and how far ahead the entry's neighbours are.
constexpr std::size_t entry_ahead = 32;
constexpr std::size_t links_ahead = 16;

// SplitMix64 from state 42 and inversion of the cumulative Zipf sum; a guide table narrows the
// search. Behind the end are requests that are only prefetched.
std::vector<std::uint32_t> zipf_stream(double exponent) {
  constexpr std::size_t cells = 1U << 16U;
  std::vector<double> cumulative(objects);
  double sum = 0;
  for (std::uint32_t k = 0; k < objects; ++k) cumulative[k] = sum += std::pow(k + 1.0, -exponent);
  const auto rank = [&](double u, std::size_t first, std::size_t last) {
    const auto begin = cumulative.begin();
    return std::upper_bound(begin + static_cast<std::ptrdiff_t>(first),
                            begin + static_cast<std::ptrdiff_t>(last), u * sum) -
           begin;
  };
  std::vector<std::uint32_t> guide(cells + 1, objects);
  for (std::size_t c = 0; c < cells; ++c) {
    guide[c] = static_cast<std::uint32_t>(rank(static_cast<double>(c) / cells, 0, objects));
  }
  std::vector<std::uint32_t> stream(length + entry_ahead);
  std::uint64_t state = 42;
  for (std::size_t i = 0; i < length; ++i) {
    state += 0x9E3779B97F4A7C15ULL;
    const double u = static_cast<double>(mix(state) >> 11) * 0x1p-53;
    const auto cell = static_cast<std::size_t>(u * cells);
    stream[i] = static_cast<std::uint32_t>(rank(u, guide[cell], guide[cell + 1]));
  }
  return stream;
}

const std::vector<std::uint32_t>& stream(std::int64_t tenths) {
  static std::array<std::vector<std::uint32_t>, 2> streams;
  std::vector<std::uint32_t>& wanted = streams[tenths == 8 ? 0 : 1];
  if (wanted.empty()) wanted = zipf_stream(static_cast<double>(tenths) / 10);
  return wanted;
}

template <class Cache>
std::uint64_t replay(Cache& cache, std::span<const std::uint32_t> ids) {
  std::uint64_t misses = 0;
  for (std::size_t i = 0; i < length; ++i) {
    cache.prefetch(ids[i + entry_ahead]);
    cache.prefetch_links(ids[i + links_ahead]);
    if (cache.entry(ids[i]).resident) {
      cache.hit(ids[i]);
    } else {
      ++misses;
      cache.insert(ids[i]);
    }
  }
  return misses;
}

template <class Cache>
std::uint64_t hash_of_residents(Cache& cache) {
  std::uint64_t hash = 0;
  for (std::uint32_t object = 0; object < objects; ++object) {
    if (cache.entry(object).resident) hash = mix(hash ^ object);
  }
  return hash;
}

template <class Cache>
void requests(benchmark::State& state) {
  const std::vector<std::uint32_t>& ids = stream(state.range(0));
  const auto capacity = static_cast<std::uint64_t>(state.range(1));
  std::uint64_t misses = 0;
  std::uint64_t hash = 0;
  for (auto _ : state) {
    state.PauseTiming();
    {
      Cache cache(objects, capacity);
      state.ResumeTiming();
      misses = replay(cache, ids);
      state.PauseTiming();
      hash = hash_of_residents(cache);
    }
    state.ResumeTiming();
  }
  using benchmark::Counter;
  state.counters["miss_ratio"] = static_cast<double>(misses) / length;
  // Counter shows seconds a request, with a prefix: 8n is 8 ns.
  state.counters["request"] =
      Counter(static_cast<double>(length), Counter::kIsIterationInvariantRate | Counter::kInvert);
  bench::label_with_hash(state, hash ^ misses);
}

void points(benchmark::internal::Benchmark* bench) {
  bench->ArgNames({"zipf_tenths", "capacity"})
      ->ArgsProduct({{8, 10}, {10'000, 100'000}})
      ->Unit(benchmark::kMillisecond);
}
BENCHMARK_TEMPLATE(requests, LruCache)->Apply(points);
BENCHMARK_TEMPLATE(requests, FifoCache)->Apply(points);
BENCHMARK_TEMPLATE(requests, ClockCache)->Apply(points);
BENCHMARK_TEMPLATE(requests, SieveCache)->Apply(points);
BENCHMARK_TEMPLATE(requests, S3FifoCache)->Apply(points);
BENCHMARK_TEMPLATE(requests, ArcCache)->Apply(points);
BENCHMARK_TEMPLATE(requests, WTinyLfuCache)->Apply(points);
BENCHMARK_TEMPLATE(requests, LfuCache)->Apply(points);
BENCHMARK_TEMPLATE(requests, GdsfCache)->Apply(points);

}  // namespace
}  // namespace haldane::models
