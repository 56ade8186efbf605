// One request to each eviction policy: Zipf 0.8 over a million objects, the stream in memory.
#include <vector>

#include <benchmark/benchmark.h>

#include "bench/result_hash.h"
#include "models/cache/clock.h"
#include "models/cache/fifo.h"
#include "models/cache/lru.h"
#include "models/cache/sieve.h"
#include "sim/random/alias_table.h"

namespace haldane::models {
namespace {

const std::vector<std::uint32_t>& stream() {
  static const std::vector<std::uint32_t> requests = [] {
    const sim::AliasTable table = sim::AliasTable::zipf(1'000'000, 0.8);
    const sim::StreamKey key(1, 0, 0, sim::Purpose::test);
    std::vector<std::uint32_t> ids(4'000'000);
    for (std::size_t i = 0; i < ids.size(); ++i) ids[i] = table.sample(sim::draw(key, i).first);
    return ids;
  }();
  return requests;
}

template <class Cache>
void requests(benchmark::State& state) {
  const std::vector<std::uint32_t>& ids = stream();
  std::uint64_t misses = 0;
  for (auto _ : state) {
    Cache cache(1'000'000, static_cast<std::uint64_t>(state.range(0)));
    misses = 0;
    for (std::size_t i = 0; i < ids.size(); ++i) {
      if (i + 16 < ids.size()) cache.prefetch(ids[i + 16]);
      if (cache.entry(ids[i]).resident) {
        cache.hit(ids[i]);
      } else {
        ++misses;
        cache.insert(ids[i]);
      }
    }
  }
  state.SetItemsProcessed(state.iterations() * static_cast<std::int64_t>(ids.size()));
  bench::label_with_hash(state, misses);
}
BENCHMARK_TEMPLATE(requests, LruCache)->Arg(10'000)->Arg(100'000)->Unit(benchmark::kMillisecond);
BENCHMARK_TEMPLATE(requests, FifoCache)->Arg(10'000)->Arg(100'000)->Unit(benchmark::kMillisecond);
BENCHMARK_TEMPLATE(requests, ClockCache)->Arg(10'000)->Arg(100'000)->Unit(benchmark::kMillisecond);
BENCHMARK_TEMPLATE(requests, SieveCache)->Arg(10'000)->Arg(100'000)->Unit(benchmark::kMillisecond);

}  // namespace
}  // namespace haldane::models
