#include "sim/measure/latency_histogram.h"

#include <utility>

namespace haldane::sim {

LatencySlice LatencyHistogram::take_slice() {
  LatencySlice slice{0, std::exchange(sum_ns_, 0), std::exchange(max_ns_, 0), {}};
  constexpr std::size_t row = std::size_t{1} << sub_bucket_bits;
  for (std::uint64_t rows = std::exchange(touched_, 0); rows != 0; rows &= rows - 1) {
    const std::size_t begin = static_cast<std::size_t>(std::countr_zero(rows)) * row;
    for (std::size_t i = begin; i < begin + row; ++i) {
      if (counts_[i] == 0) continue;
      slice.count += counts_[i];
      slice.buckets.push_back({value_of(i), std::exchange(counts_[i], 0)});
    }
  }
  return slice;
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
