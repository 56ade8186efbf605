// The slots of one replica: when each will next be free, kept sorted (the Kiefer-Wolfowitz workload
// vector).
//
// A first-come-first-served station needs no departure events: with the service time drawn at
// admission, the earliest slot gives start and departure at once. Insertion is a branch-free shift
// that the compiler turns into SIMD; up to about 64 slots it beats a heap. Source: Kiefer &
// Wolfowitz 1955.
#pragma once

#include <algorithm>
#include <cstdint>
#include <span>

#include "sim/base/time.h"

namespace haldane::sim {

/// Views of `slots + 1` times owned by the caller (many replicas share one array); the last one is
/// a sentinel.
class SortedSlots {
 public:
  /// **Domain** times.size() >= 2.
  explicit SortedSlots(std::span<std::int64_t> times) : times_(times) {}

  /// All slots free from `t` on.
  void reset(SimTime t) {
    std::fill(times_.begin(), times_.end() - 1, t.count_ns());
    times_.back() = SimTime::never().count_ns();
  }

  /// When service can start for a customer that arrives at `now`.
  [[nodiscard]] SimTime earliest_start(SimTime now) const {
    return SimTime::at_nanoseconds(std::max(now.count_ns(), times_[0]));
  }

  /// Books the earliest slot until `departure`. **Domain** departure >= earliest_start(now).
  void book(SimTime departure) {
    const std::int64_t d = departure.count_ns();
    const std::size_t slots = times_.size() - 1;
    for (std::size_t i = 0; i < slots; ++i)
      times_[i] = std::min(times_[i + 1], std::max(d, times_[i]));
  }

  /// Slots in service at `now`.
  [[nodiscard]] std::uint32_t busy(SimTime now) const {
    const std::int64_t t = now.count_ns();
    std::uint32_t count = 0;
    for (const std::int64_t free_at : times_.first(times_.size() - 1))
      count += free_at > t ? 1U : 0U;
    return count;
  }

 private:
  std::span<std::int64_t> times_;
};

}  // namespace haldane::sim
