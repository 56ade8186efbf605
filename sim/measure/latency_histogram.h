// Counts of latencies in log-linear buckets: recording is an index computation and one increment.
//
// 512 buckets an octave make every bucket at most 1/512 of its lower bound wide, so its midpoint is
// within 0.1 % of every value in it; values below 1,024 ns have a bucket each. A histogram is
// written by one logical process and emptied at the end of each time slice, which keeps its
// counters narrow and its hot part in the first-level cache.
#pragma once

#include <algorithm>
#include <bit>
#include <cstdint>
#include <vector>

#include "sim/base/time.h"
#include "sim/measure/measurements.h"

namespace haldane::sim {

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
    const std::size_t bucket = index_of(ns);
    ++counts_[bucket];
    touched_ |= std::uint64_t{1} << (bucket >> sub_bucket_bits);
    sum_ns_ += ns;
    max_ns_ = std::max(max_ns_, ns);
  }

  /// The slice's content; leaves the histogram empty. **Cost** one pass over the octaves in use.
  [[nodiscard]] LatencySlice take_slice();

  static constexpr std::size_t index_of(std::int64_t ns) {
    const auto value = static_cast<std::uint64_t>(std::clamp(ns, std::int64_t{0}, max_value));
    const auto shift =
        static_cast<int>(std::bit_width(value | sub_bucket_mask)) - (sub_bucket_bits + 1);
    return (static_cast<std::size_t>(shift) << sub_bucket_bits) + (value >> shift);
  }
  /// The midpoint of a bucket, which stands for all values in it.
  static constexpr std::int64_t value_of(std::size_t index) {
    if (index < (std::size_t{2} << sub_bucket_bits)) return static_cast<std::int64_t>(index);
    const std::size_t shift = (index >> sub_bucket_bits) - 1;
    const std::size_t low = (index - (shift << sub_bucket_bits)) << shift;
    return static_cast<std::int64_t>(low + ((std::size_t{1} << shift) - 1) / 2);
  }

 private:
  static constexpr std::uint64_t sub_bucket_mask = (std::uint64_t{2} << sub_bucket_bits) - 1;
  static constexpr std::size_t bucket_count = static_cast<std::size_t>(octaves + 1)
                                              << sub_bucket_bits;

  static_assert(octaves + 1 <= 64);

  std::vector<std::uint32_t> counts_;
  std::uint64_t touched_ = 0;  // one bit a row of 512 buckets
  std::int64_t sum_ns_ = 0;
  std::int64_t max_ns_ = 0;
};

/// Adds `from` to `into`, keeping buckets ascending. Associative and commutative, so merge order
/// cannot matter.
void merge(LatencySlice& into, const LatencySlice& from);

}  // namespace haldane::sim
