#include "sim/measure/latency_histogram.h"

#include <algorithm>
#include <span>
#include <utility>

namespace haldane::sim {

void LatencyHistogram::record(LatencyBatch& batch) {
  // Whole vectors; what lies behind the last value is counted by nobody.
  const std::size_t padded = (batch.size + 7) / 8 * 8;
  for (std::size_t i = batch.size; i < padded; ++i) batch.ns[i] = 0;
  alignas(64) std::array<std::uint64_t, LatencyBatch::capacity> buckets;
  std::int64_t sum = 0;
  std::int64_t max = 0;
  for (std::size_t i = 0; i < padded; ++i) {
    buckets[i] = index_of(batch.ns[i]);
    sum += batch.ns[i];
    max = std::max(max, batch.ns[i]);
  }
  for (std::size_t i = 0; i < batch.size; ++i) ++counts_[buckets[i]];
  sum_ns_ += sum;
  max_ns_ = std::max(max_ns_, max);
  batch.size = 0;
}

LatencySlice LatencyHistogram::take_slice() {
  LatencySlice slice{0, std::exchange(sum_ns_, 0), max_ns_, {}};
  constexpr std::size_t row = std::size_t{1} << sub_bucket_bits;
  const std::size_t last = index_of(std::exchange(max_ns_, 0));
  // Slices live as long as the run: no more memory than they need.
  const auto filled = std::span(counts_).first((last / row + 1) * row);
  slice.buckets.reserve(filled.size() - static_cast<std::size_t>(std::ranges::count(filled, 0U)));
  for (std::size_t begin = 0; begin <= last; begin += row) {
    const std::span<std::uint32_t, row> counts(&counts_[begin], row);
    std::uint32_t any = 0;
    for (const std::uint32_t count : counts) any |= count;
    if (any == 0) continue;
    for (std::size_t i = 0; i < row; ++i) {
      if (counts[i] == 0) continue;
      slice.count += counts[i];
      slice.buckets.push_back({value_of(begin + i), std::exchange(counts[i], 0)});
    }
  }
  return slice;
}

void merge(LatencySlice& into, LatencySlice&& from) {
  if (into.count > 0) return merge(into, std::as_const(from));
  into = std::move(from);
}

void merge(LatencySlice& into, const LatencySlice& from) {
  into.count += from.count;
  into.sum_ns += from.sum_ns;
  into.max_ns = std::max(into.max_ns, from.max_ns);
  if (from.buckets.empty()) return;
  if (into.buckets.empty()) {
    into.buckets = from.buckets;
    return;
  }
  std::vector<HistogramBucket> merged;
  merged.reserve(into.buckets.size() + from.buckets.size());
  auto a = into.buckets.begin();
  auto b = from.buckets.begin();
  while (a != into.buckets.end() || b != from.buckets.end()) {
    if (b == from.buckets.end() || (a != into.buckets.end() && a->value_ns < b->value_ns)) {
      merged.push_back(*a++);
    } else if (a == into.buckets.end() || b->value_ns < a->value_ns) {
      merged.push_back(*b++);
    } else {
      merged.push_back({a->value_ns, a->count + b->count});
      ++a;
      ++b;
    }
  }
  into.buckets = std::move(merged);
}

}  // namespace haldane::sim
