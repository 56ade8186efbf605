// Random words, laws and objects: what one draw costs.
#include <bit>
#include <numeric>
#include <span>
#include <vector>

#include <benchmark/benchmark.h>

#include "bench/result_hash.h"
#include "sim/random/alias_table.h"
#include "sim/random/distribution.h"
#include "sim/random/philox.h"
#include "sim/random/zipf.h"

namespace haldane::sim {
namespace {

const StreamKey key(1, 0, 0, Purpose::test);
constexpr std::size_t words = 1024;

std::vector<std::uint64_t> random_words() {
  std::vector<std::uint64_t> first(words);
  std::vector<std::uint64_t> second(words);
  draw_block(key, 0, 0, first, second);
  return first;
}

void philox_single_draws(benchmark::State& state) {
  std::uint64_t index = 0;
  std::uint64_t sum = 0;
  for (auto _ : state) {
    for (std::size_t i = 0; i < words; ++i) sum += draw(key, index++).first;
  }
  benchmark::DoNotOptimize(sum);
  state.SetItemsProcessed(state.iterations() * static_cast<std::int64_t>(words));
  bench::label_with_hash(state, draw(key, 12345).first);
}
BENCHMARK(philox_single_draws);

void philox_blocks(benchmark::State& state) {
  std::vector<std::uint64_t> first(words);
  std::vector<std::uint64_t> second(words);
  std::uint64_t index = 0;
  for (auto _ : state) {
    draw_block(key, index, 0, first, second);
    index += words;
    benchmark::DoNotOptimize(first.data());
  }
  state.SetItemsProcessed(state.iterations() * static_cast<std::int64_t>(2 * words));
  draw_block(key, 0, 0, first, second);
  bench::label_with_hash(state, std::accumulate(first.begin(), first.end(), second.back()));
}
BENCHMARK(philox_blocks);

void sample(benchmark::State& state, const Distribution& law) {
  const std::vector<std::uint64_t> input = random_words();
  std::int64_t sum = 0;
  for (auto _ : state) {
    for (const std::uint64_t word : input) sum += law.sample_duration(word).count_ns();
  }
  benchmark::DoNotOptimize(sum);
  state.SetItemsProcessed(state.iterations() * static_cast<std::int64_t>(words));
  std::int64_t once = 0;
  for (const std::uint64_t word : input) once += law.sample_duration(word).count_ns();
  bench::label_with_hash(state, static_cast<std::uint64_t>(once));
}
BENCHMARK_CAPTURE(sample, exponential, Distribution::exponential(1e7));
BENCHMARK_CAPTURE(sample, lognormal, Distribution::lognormal(5e6, 0.6));
BENCHMARK_CAPTURE(sample, gamma, Distribution::gamma(1e7, 2.5));
BENCHMARK_CAPTURE(sample, pareto, Distribution::pareto(1e6, 2.5));
BENCHMARK_CAPTURE(sample, constant, Distribution::constant(1e6));

// As the simulator draws them: so many at a time.
constexpr std::size_t block = 256;

void sample_blocks(benchmark::State& state, const Distribution& law) {
  const std::vector<std::uint64_t> input = random_words();
  std::vector<double> values(words);
  const auto sample_all = [&] {
    for (std::size_t at = 0; at < words; at += block)
      law.sample_block(std::span(input).subspan(at, block), std::span(values).subspan(at, block));
  };
  for (auto _ : state) {
    sample_all();
    benchmark::DoNotOptimize(values.data());
    benchmark::ClobberMemory();
  }
  state.SetItemsProcessed(state.iterations() * static_cast<std::int64_t>(words));
  Digest digest;
  for (const double value : values) digest.add(std::bit_cast<std::uint64_t>(value));
  bench::label_with_hash(state, digest.value());
}
BENCHMARK_CAPTURE(sample_blocks, exponential, Distribution::exponential(1e7));
BENCHMARK_CAPTURE(sample_blocks, lognormal, Distribution::lognormal(5e6, 0.6));

void zipf_blocks(benchmark::State& state) {
  const ZipfSampler zipf(static_cast<std::uint32_t>(state.range(0)), 0.9);
  const std::vector<std::uint64_t> input = random_words();
  std::vector<std::uint32_t> ranks(words);
  for (auto _ : state) {
    for (std::size_t at = 0; at < words; at += block)
      zipf.sample_block(std::span(input).subspan(at, block), std::span(ranks).subspan(at, block));
    benchmark::DoNotOptimize(ranks.data());
    benchmark::ClobberMemory();
  }
  state.SetItemsProcessed(state.iterations() * static_cast<std::int64_t>(words));
  Digest digest;
  for (const std::uint32_t rank : ranks) digest.add(rank);
  bench::label_with_hash(state, digest.value());
}
BENCHMARK(zipf_blocks)->Arg(10'000)->Arg(1'000'000)->Arg(10'000'000);

void alias_table(benchmark::State& state) {
  const AliasTable table = AliasTable::zipf(static_cast<std::uint32_t>(state.range(0)), 0.9);
  std::vector<std::uint64_t> first(words);
  std::vector<std::uint64_t> second(words);
  std::uint64_t index = 0;
  std::uint64_t sum = 0;
  for (auto _ : state) {
    draw_block(key, index, 0, first, second);
    index += words;
    for (const std::uint64_t word : first) table.prefetch(word);
    for (const std::uint64_t word : first) sum += table.sample(word);
  }
  benchmark::DoNotOptimize(sum);
  state.SetItemsProcessed(state.iterations() * static_cast<std::int64_t>(words));
  Digest digest;
  for (const std::uint64_t word : random_words()) digest.add(table.sample(word));
  bench::label_with_hash(state, digest.value());
}
BENCHMARK(alias_table)->Arg(10'000)->Arg(1'000'000)->Arg(10'000'000);

}  // namespace
}  // namespace haldane::sim
