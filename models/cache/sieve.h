// SIEVE: insertion order with lazy promotion; a hand walks from old to new and evicts what was not
// visited since its last pass.
#pragma once

#include <algorithm>
#include <cstdint>

#include "models/cache/entry.h"
#include "sim/base/large_vector.h"

namespace haldane::models {

/// The order is an array of ids. What the hand spares it moves down to the kept ones, what it
/// evicts leaves a gap before the hand:
///
///     oldest  [ kept | gap | hand ... newest | room ]
///
/// When the room is used up the part behind the hand moves down over the gap; when the hand has
/// passed the newest, the kept ones are all there is, and it starts again. Compared with a linked
/// list the hand reads memory in sequence, and an object needs no links. **Domain** capacity >= 1.
/// **Cost** 8 bytes an object, 5 a resident; hit O(1), one line; insert O(1) amortised.
/// **Source** Zhang, Yang, Yue, Vigfusson & Rashmi, NSDI'24, algorithm 1.
class SieveCache {
 public:
  SieveCache(std::uint32_t objects, std::uint64_t capacity)
      : entries_(objects),
        order_(places(std::min<std::uint64_t>(capacity, objects))),
        capacity_(capacity) {}

  [[nodiscard]] CacheEntry& entry(std::uint32_t object) { return entries_[object]; }
  [[nodiscard]] std::uint64_t size() const { return size_; }
  [[nodiscard]] std::size_t bytes() const {
    return entries_.size() * sizeof(CacheEntry) + order_.size() * sizeof(std::uint32_t);
  }
  [[gnu::always_inline]] void prefetch(std::uint32_t object) const {
    __builtin_prefetch(&entries_[object], 1);
  }
  [[gnu::always_inline]] void prefetch_links(std::uint32_t) const {}

  void hit(std::uint32_t object) { entries_[object].marked = true; }

  /// **Domain** not resident. **Returns** the evicted object or no_object.
  std::uint32_t insert(std::uint32_t object) {
    std::uint32_t victim = no_object;
    if (size_ == capacity_) {
      victim = evict();
      if (end_ + look_ahead == order_.size()) close_gap();
    } else {
      ++size_;
    }
    order_[end_++] = object;
    entries_[object].resident = true;
    entries_[object].marked = false;
    return victim;
  }

 private:
  static constexpr std::size_t look_ahead = 8;
  static std::size_t places(std::uint64_t residents) {
    return residents + residents / 4 + 1 + look_ahead;
  }

  std::uint32_t evict() {
    std::uint32_t candidate = step();
    while (entries_[candidate].marked) {
      entries_[candidate].marked = false;
      order_[kept_++] = candidate;
      if (hand_ == end_) start_again();
      candidate = step();
    }
    if (hand_ == end_) start_again();
    entries_[candidate].resident = false;
    return candidate;
  }
  std::uint32_t step() {
    prefetch(order_[hand_ + look_ahead]);
    return order_[hand_++];
  }
  void start_again() {
    end_ = kept_;
    hand_ = kept_ = 0;
  }
  void close_gap() {
    const auto begin = order_.begin();
    const auto from = static_cast<std::ptrdiff_t>(hand_);
    std::copy(begin + from, begin + static_cast<std::ptrdiff_t>(end_),
              begin + static_cast<std::ptrdiff_t>(kept_));
    end_ -= hand_ - kept_;
    hand_ = kept_;
  }

  LargeVector<CacheEntry> entries_;
  LargeVector<std::uint32_t> order_;
  std::size_t kept_ = 0;
  std::size_t hand_ = 0;
  std::size_t end_ = 0;  // one behind the newest
  std::uint64_t capacity_;
  std::uint64_t size_ = 0;
};

}  // namespace haldane::models
