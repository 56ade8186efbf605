// Least recently used: a hit moves the object to the front, the back is evicted.
#pragma once

#include <cstdint>

#include "models/cache/entry.h"
#include "models/cache/linked_entries.h"

namespace haldane::models {

/// One linked list of residents. **Domain** capacity >= 1. **Cost** 16 bytes an object; hit and
/// insert O(1), four cache lines at worst.
class LruCache {
 public:
  LruCache(std::uint32_t objects, std::uint64_t capacity)
      : entries_(objects), capacity_(capacity) {}

  [[nodiscard]] CacheEntry& entry(std::uint32_t object) { return entries_.entry(object); }
  [[nodiscard]] std::uint64_t size() const { return size_; }
  [[nodiscard]] std::size_t bytes() const { return entries_.bytes(); }
  [[gnu::always_inline]] void prefetch(std::uint32_t object) const { entries_.prefetch(object); }
  [[gnu::always_inline]] void prefetch_links(std::uint32_t object) const {
    entries_.prefetch_links(object);
  }

  /// The object was asked for and found. **Domain** resident.
  void hit(std::uint32_t object) { entries_.move_to_front(recent, object); }

  /// Makes `object` resident at the front. **Domain** not resident. **Returns** the evicted object
  /// or no_object.
  std::uint32_t insert(std::uint32_t object) {
    entries_.entry(object).resident = true;
    entries_.push_front(recent, object);
    if (size_ < capacity_) {
      ++size_;
      return no_object;
    }
    // After the new one came: where few fit in, the links that are read here would otherwise be
    // those just written, each time anew.
    const std::uint32_t victim = entries_.pop_back(recent);
    entries_.entry(victim).resident = false;
    return victim;
  }

 private:
  static constexpr std::uint32_t recent = 0;

  LinkedEntries<1> entries_;
  std::uint64_t capacity_;
  std::uint64_t size_ = 0;
};

}  // namespace haldane::models
