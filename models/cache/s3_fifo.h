// S3-FIFO: a small queue on probation, a main queue with second chances, and a memory of what left
// the small queue lately. One-hit wonders pass through the small queue and disturb nothing else.
#pragma once

#include <algorithm>
#include <cstdint>

#include "models/cache/entry.h"
#include "models/cache/id_ring.h"
#include "sim/base/large_vector.h"

namespace haldane::models {

/// A tenth of the capacity is meant for the small queue; it lends its room to nobody and borrows
/// what the main queue does not use. An object with two hits moves from small to main; main gives
/// an object with hits another round for each of up to three; what leaves small is a ghost (nine
/// tenths of the capacity) and enters main when it is asked for again.
/// **Domain** capacity >= 1. **Cost** 8 bytes an object, 13.4 a resident; hit O(1), one line;
/// insert O(1) amortised.
/// **Source** Yang, Zhang, Qiu, Yue & Vinayak, SOSP'23, algorithm 1, with the parameters that
/// libCacheSim defaults to: small 0.1, ghost 0.9, two hits to move.
class S3FifoCache {
 public:
  S3FifoCache(std::uint32_t objects, std::uint64_t capacity)
      : capacity_(std::min<std::uint64_t>(capacity, objects)),
        main_wanted_(capacity_ - std::max<std::uint64_t>(capacity_ / 10, 1)),
        ghosts_wanted_(capacity_ * 9 / 10),
        entries_(objects),
        small_(capacity_),
        main_(capacity_),
        ghosts_(ghosts_wanted_ + ghosts_wanted_ / 2) {}

  [[nodiscard]] CacheEntry& entry(std::uint32_t object) { return entries_[object]; }
  [[nodiscard]] std::uint64_t size() const { return small_.size() + main_.size(); }
  [[nodiscard]] std::size_t bytes() const {
    return entries_.size() * sizeof(CacheEntry) + small_.bytes() + main_.bytes() + ghosts_.bytes();
  }
  [[gnu::always_inline]] void prefetch(std::uint32_t object) const {
    __builtin_prefetch(&entries_[object], 1);
  }
  [[gnu::always_inline]] void prefetch_links(std::uint32_t) const {}

  void hit(std::uint32_t object) {
    CacheEntry& entry = entries_[object];
    if (entry.uses < 3) entry.uses = (entry.uses + 1U) & 3U;
  }

  /// **Domain** not resident. **Returns** the evicted object or no_object.
  std::uint32_t insert(std::uint32_t object) {
    CacheEntry& entry = entries_[object];
    const bool returns = entry.list == ghost;
    if (returns) forget(object);
    const std::uint32_t victim = size() == capacity_ ? evict() : no_object;
    (returns ? main_ : small_).push(object);
    entry.list = returns ? main : small;
    entry.uses = 0;
    entry.resident = true;
    return victim;
  }

 private:
  enum List : std::uint8_t { none, small, main, ghost };

  std::uint32_t evict() {
    std::uint32_t victim = no_object;
    while (victim == no_object) {
      victim = main_.size() > main_wanted_ || small_.size() == 0 ? evict_from_main()
                                                                 : evict_from_small();
    }
    entries_[victim].resident = false;
    return victim;
  }

  // Both look at one object; no_object means that it was spared.
  std::uint32_t evict_from_small() {
    const std::uint32_t object = small_.pop();
    prefetch(small_.leaving_soon());
    CacheEntry& entry = entries_[object];
    if (entry.uses >= 2) {
      entry.uses = 0;
      entry.list = main;
      main_.push(object);
      return no_object;
    }
    remember(object);
    return object;
  }
  std::uint32_t evict_from_main() {
    const std::uint32_t object = main_.pop();
    prefetch(main_.leaving_soon());
    CacheEntry& entry = entries_[object];
    if (entry.uses == 0) {
      entry.list = none;
      return object;
    }
    entry.uses = (entry.uses - 1U) & 3U;
    main_.push(object);
    return no_object;
  }

  void remember(std::uint32_t object) {
    entries_[object].list = none;
    if (ghosts_wanted_ == 0) return;
    if (ghost_count_ == ghosts_wanted_) forget_oldest();
    if (ghosts_.full()) drop_holes();
    ghosts_.push(object);
    ++ghost_count_;
    entries_[object].list = ghost;
  }

  // A ghost that returns stays in the ring as a hole. An object's places are in the order of its
  // visits, so of several in the ring the first `holes` are holes: no place needs to be known.
  void forget(std::uint32_t object) {
    if (entries_[object].holes == 3) drop_holes();
    ++entries_[object].holes;
    entries_[object].list = none;
    --ghost_count_;
  }
  void forget_oldest() {
    std::uint32_t object = ghosts_.pop();
    while (is_hole(object)) object = ghosts_.pop();
    prefetch(ghosts_.leaving_soon());
    entries_[object].list = none;
    --ghost_count_;
  }
  // Whether the place of `object` that was just popped is a hole.
  bool is_hole(std::uint32_t object) {
    if (entries_[object].holes == 0) return false;
    --entries_[object].holes;
    return true;
  }
  // One turn of the ring without the holes.
  void drop_holes() {
    for (std::uint64_t left = ghosts_.size(); left > 0; --left) {
      const std::uint32_t object = ghosts_.pop();
      if (!is_hole(object)) ghosts_.push(object);
    }
  }

  std::uint64_t capacity_;
  std::uint64_t main_wanted_;
  std::uint64_t ghosts_wanted_;
  LargeVector<CacheEntry> entries_;
  IdRing small_;
  IdRing main_;
  IdRing ghosts_;  // and holes
  std::uint64_t ghost_count_ = 0;
};

}  // namespace haldane::models
