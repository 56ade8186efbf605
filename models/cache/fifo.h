// First in, first out: hits change nothing, the oldest object is evicted.
#pragma once

#include <algorithm>
#include <cstdint>

#include "models/cache/entry.h"
#include "sim/base/large_vector.h"

namespace haldane::models {

/// Ring of residents in insertion order. **Domain** capacity >= 1. **Cost** 8 bytes an object, 4 a
/// resident; O(1).
class FifoCache {
 public:
  FifoCache(std::uint32_t objects, std::uint64_t capacity)
      : entries_(objects), ring_(std::min<std::uint64_t>(capacity, objects)) {}

  [[nodiscard]] CacheEntry& entry(std::uint32_t object) { return entries_[object]; }
  [[nodiscard]] std::uint64_t size() const { return size_; }
  [[nodiscard]] std::size_t bytes() const {
    return entries_.size() * sizeof(CacheEntry) + ring_.size() * sizeof(std::uint32_t);
  }
  [[gnu::always_inline]] void prefetch(std::uint32_t object) const {
    __builtin_prefetch(&entries_[object], 1);
  }
  [[gnu::always_inline]] void prefetch_links(std::uint32_t) const {}

  void hit(std::uint32_t) {}

  /// **Domain** not resident. **Returns** the evicted object or no_object.
  std::uint32_t insert(std::uint32_t object) {
    std::uint32_t victim = no_object;
    if (size_ == ring_.size()) {
      victim = ring_[hand_];
      entries_[victim].resident = false;
      prefetch(ring_[hand_ + 8 < ring_.size() ? hand_ + 8 : 0]);
    } else {
      ++size_;
    }
    ring_[hand_] = object;
    if (++hand_ == ring_.size()) hand_ = 0;
    entries_[object].resident = true;
    return victim;
  }

 private:
  LargeVector<CacheEntry> entries_;
  LargeVector<std::uint32_t> ring_;
  std::uint64_t hand_ = 0;
  std::uint64_t size_ = 0;
};

}  // namespace haldane::models
