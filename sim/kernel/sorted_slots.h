// The slots of one replica: when each will next be free, kept sorted (the Kiefer-Wolfowitz workload
// vector).
//
// A first-come-first-served station needs no departure events: with the service time drawn at
// admission, the earliest slot gives start and departure at once. A booking shifts the vector by
// one and drops the new time into its place, without branches, in whole SIMD blocks padded with
// slots that are never free; up to about 64 slots that beats a heap. The shift is a shuffle of
// registers: loading times[i + 1] from memory would straddle two stores of the booking before,
// which a processor cannot forward. Source: Kiefer & Wolfowitz 1955.
#pragma once

#include <algorithm>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <span>
#include <utility>
#include <vector>

#include "sim/base/check.h"
#include "sim/base/time.h"

namespace haldane::sim {

/// A view of the times of one replica, owned by the caller (many replicas share one array). Where
/// the stride is known before the run, as a template argument, its loops are unrolled.
/// **Cost** O(slots): with AVX-512 a booking takes 8 ns for 4 to 32 slots, 10 to 12 ns for 64.
template <std::size_t Stride = std::dynamic_extent>
class SortedSlots {
 public:
  /// Times that a replica takes in its array: whole blocks, where there is more than a few.
  [[nodiscard]] static constexpr std::size_t stride_for(std::size_t slots) {
    return slots <= few ? slots : (slots + block - 1) / block * block;
  }

  /// **Domain** slots > 0, times.size() == stride_for(slots).
  SortedSlots(std::span<std::int64_t, Stride> times, std::size_t slots)
      : times_(times), slots_(slots) {
    HALDANE_DCHECK(slots > 0 && times.size() == stride_for(slots));
  }

  /// All slots free from `t` on.
  void reset(SimTime t) {
    std::fill(times_.begin(), times_.end(), SimTime::never().count_ns());
    std::fill_n(times_.begin(), slots_, t.count_ns());
  }

  /// When service can start for a customer that arrives at `now`.
  [[nodiscard]] SimTime earliest_start(SimTime now) const {
    return SimTime::at_nanoseconds(std::max(now.count_ns(), times_[0]));
  }

  /// Books the earliest slot until `departure`. **Domain** departure >= earliest_start(now).
  void book(SimTime departure) {
    if (lanes == 1 || is_short()) {
      book_few(departure.count_ns());
    } else {
      book_blocks(departure.count_ns());
    }
  }

  /// Slots in service at `now`. **Domain** now before never.
  [[nodiscard]] std::uint32_t busy(SimTime now) const {
    const std::int64_t t = now.count_ns();
    const std::int64_t idle = lanes == 1 || is_short() ? idle_few(t) : idle_blocks(t);
    return static_cast<std::uint32_t>(static_cast<std::int64_t>(slots_) - idle);
  }

 private:
  static constexpr std::size_t few = 3;
  static constexpr std::size_t block = 8;
#if defined(__AVX512F__)
  static constexpr std::size_t lanes = 8;
#elif defined(__AVX2__)
  static constexpr std::size_t lanes = 4;
#else
  static constexpr std::size_t lanes = 1;  // 64-bit comparisons in SSE2 cost more than scalar ones
#endif
  using Lanes [[gnu::vector_size(8 * lanes)]] = std::int64_t;
  using Wide [[gnu::vector_size(8 * lanes)]] = long long;  // as intrinsics spell it

  [[nodiscard]] bool is_short() const { return times_.size() < block; }
  [[nodiscard]] std::int64_t idle_few(std::int64_t t) const {
    std::int64_t idle = 0;
    for (const std::int64_t free_at : times_) idle += free_at <= t ? 1 : 0;
    return idle;
  }
  [[nodiscard]] std::int64_t idle_blocks(std::int64_t t) const {
    const Lanes now = Lanes{} + t;
#if defined(__AVX512F__)
    constexpr int less_or_equal = 2;
    int idle_slots = 0;
    for (std::size_t i = 0; i < times_.size(); i += lanes) {
      idle_slots += __builtin_popcount(static_cast<unsigned char>(
          __builtin_ia32_cmpq512_mask(std::bit_cast<Wide>(load(times_.data() + i)),
                                      std::bit_cast<Wide>(now), less_or_equal, 0xff)));
    }
    return idle_slots;
#else
    Lanes idle = load(times_.data()) <= now;  // -1 where true
    for (std::size_t i = lanes; i < times_.size(); i += lanes)
      idle += load(times_.data() + i) <= now;
    std::int64_t sum = 0;
    for (std::size_t i = 0; i < lanes; ++i) sum -= idle[i];
    return sum;
#endif
  }

  void book_few(std::int64_t departure) {
    std::size_t i = 0;
    for (; i + 1 < slots_; ++i) times_[i] = std::min(times_[i + 1], std::max(departure, times_[i]));
    times_[i] = std::max(departure, times_[i]);
  }

  void book_blocks(std::int64_t departure) {
    const Lanes never = Lanes{} + SimTime::never().count_ns();
    const Lanes booked = Lanes{} + departure;
    std::int64_t* at = times_.data();
    const std::int64_t* const last = at + times_.size() - lanes;
    Lanes here = load(at);
    for (; at != last; at += lanes) {
      const Lanes next = load(at + lanes);
      store(at, inserted(here, next, booked));
      here = next;
    }
    store(at, inserted(here, never, booked));
  }

  // times[i] becomes min(times[i + 1], max(booked, times[i])).
  static Lanes inserted(Lanes here, Lanes next, Lanes booked) {
    const Lanes shifted = shift(here, next, std::make_integer_sequence<int, lanes>());
    const Lanes later = here > booked ? here : booked;
    return shifted < later ? shifted : later;
  }
  template <int... I>
  static Lanes shift(Lanes here, Lanes next, std::integer_sequence<int, I...>) {
    return __builtin_shufflevector(here, next, (I + 1)...);
  }
  static Lanes load(const std::int64_t* from) {
    Lanes result;
    std::memcpy(&result, from, sizeof result);
    return result;
  }
  static void store(std::int64_t* to, Lanes value) { std::memcpy(to, &value, sizeof value); }

  std::span<std::int64_t, Stride> times_;
  std::size_t slots_;
};

SortedSlots(std::vector<std::int64_t>&, std::size_t) -> SortedSlots<>;

}  // namespace haldane::sim
