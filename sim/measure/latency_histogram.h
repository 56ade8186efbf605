// Counts of latencies in log-linear buckets: recording is an index computation and one increment.
//
// 512 buckets an octave make every bucket at most 1/512 of its lower bound wide, so its midpoint is
// within 0.1 % of every value in it; values below 1,024 ns have a bucket each. A histogram is
// written by one logical process and emptied at the end of each time slice, which keeps its
// counters narrow and its hot part in the first-level cache.
#pragma once

#include <algorithm>
#include <array>
#include <bit>
#include <cstdint>
#include <vector>

#include "sim/base/time.h"
#include "sim/measure/measurements.h"

namespace haldane::sim {

/// Latencies that are recorded together. **Units** ns.
struct LatencyBatch {
  static constexpr std::size_t capacity = 64;

  std::size_t size = 0;
  alignas(64) std::array<std::int64_t, capacity> ns{};

  /// **Domain** size < capacity.
  void add(Duration latency) { ns[size++] = latency.count_ns(); }
};

/// What a histogram knows of its values beside their buckets. **Units** ns.
struct LatencyTotals {
  std::int64_t count = 0;
  std::int64_t sum_ns = 0;
  std::int64_t max_ns = 0;

  [[gnu::always_inline]] void add(Duration latency) {
    ++count;
    sum_ns += latency.count_ns();
    max_ns = std::max(max_ns, latency.count_ns());
  }
};

/// **Units** ns. **Domain** values from 0; those above `max_value` (39 h) count in the last bucket,
/// their sum and maximum stay exact. **Cost** about 1 ns a record; 80 KB.
class LatencyHistogram {
 public:
  static constexpr int sub_bucket_bits = 9;
  static constexpr int octaves = 38;
  static constexpr std::int64_t max_value = (std::int64_t{1} << (octaves + sub_bucket_bits)) - 1;

  LatencyHistogram() : counts_(bucket_count) {}

  [[gnu::always_inline]] void record(Duration latency) { record_ns(latency.count_ns()); }
  [[gnu::always_inline]] void record_ns(std::int64_t ns) {
    ++counts_[index_of(ns)];
    sum_ns_ += ns;
    max_ns_ = std::max(max_ns_, ns);
  }
  /// Records in two steps a value whose bucket, index_of(), is known: one count() each, and the
  /// totals of any number of them.
  [[gnu::always_inline]] void count(std::size_t bucket) { ++counts_[bucket]; }
  void add(const LatencyTotals& totals) {
    sum_ns_ += totals.sum_ns;
    max_ns_ = std::max(max_ns_, totals.max_ns);
  }
  void record_zeros(std::size_t count) { counts_[0] += static_cast<std::uint32_t>(count); }
  /// Records all of them, their buckets found in SIMD lanes, and empties the batch.
  void record(LatencyBatch& batch);

  /// The slice's content; leaves the histogram empty. **Cost** one pass over the octaves up to
  /// the largest value.
  [[nodiscard]] LatencySlice take_slice();

  static constexpr std::size_t index_of(std::int64_t ns) {
    // As a floating-point number a value spells out its bucket: exponent and first mantissa bits
    // are octave and place in it. (Vector units convert, but cannot count zeros everywhere.)
    constexpr int mantissa_bits = 52;
    constexpr std::int64_t octave_0 = (1023 + sub_bucket_bits - 1) << sub_bucket_bits;
    const std::int64_t value = std::min(std::max(ns, std::int64_t{0}), max_value);
    const auto bits = std::bit_cast<std::int64_t>(static_cast<double>(value));
    const std::int64_t index = (bits >> (mantissa_bits - sub_bucket_bits)) - octave_0;
    // A mask, not a choice: compilers make branches of choices, and lanes cannot branch.
    const std::int64_t small =
        -static_cast<std::int64_t>(value < std::int64_t{1} << sub_bucket_bits);
    return static_cast<std::size_t>((value & small) | (index & ~small));
  }
  /// The midpoint of a bucket, which stands for all values in it.
  static constexpr std::int64_t value_of(std::size_t index) {
    if (index < (std::size_t{2} << sub_bucket_bits)) return static_cast<std::int64_t>(index);
    const std::size_t shift = (index >> sub_bucket_bits) - 1;
    const std::size_t low = (index - (shift << sub_bucket_bits)) << shift;
    return static_cast<std::int64_t>(low + ((std::size_t{1} << shift) - 1) / 2);
  }

 private:
  static constexpr std::size_t bucket_count = static_cast<std::size_t>(octaves + 1)
                                              << sub_bucket_bits;

  std::vector<std::uint32_t> counts_;
  std::int64_t sum_ns_ = 0;
  std::int64_t max_ns_ = 0;
};

/// Adds one latency to a slice that holds smaller ones only (or equal ones).
inline void append_ascending(LatencySlice& slice, std::int64_t ns) {
  const std::int64_t value = LatencyHistogram::value_of(LatencyHistogram::index_of(ns));
  ++slice.count;
  slice.sum_ns += ns;
  slice.max_ns = ns;
  if (slice.buckets.empty() || slice.buckets.back().value_ns != value)
    slice.buckets.push_back({value, 0});
  ++slice.buckets.back().count;
}

/// Adds `from` to `into`, keeping buckets ascending. Associative and commutative, so merge order
/// cannot matter.
void merge(LatencySlice& into, const LatencySlice& from);
/// Likewise; what is merged into nothing is not copied.
void merge(LatencySlice& into, LatencySlice&& from);

}  // namespace haldane::sim
