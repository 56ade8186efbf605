// ARC: one list for what was asked for once, one for what was asked for again, and memories of what
// left either lately, by which the two share the room.
#pragma once

#include <algorithm>
#include <array>
#include <cstdint>

#include "models/cache/entry.h"
#include "models/cache/linked_entries.h"

namespace haldane::models {

/// T1 and T2 hold residents, B1 and B2 the objects that left them. An object that comes back from
/// B1 raises the room meant for T1, one from B2 lowers it. **Domain** capacity >= 1. **Cost** 16
/// bytes an object; hit and insert O(1), at most seven cache lines.
/// **Source** Megiddo & Modha, FAST'03, figure 4, whose p is a real number here.
class ArcCache {
 public:
  ArcCache(std::uint32_t objects, std::uint64_t capacity)
      : entries_(objects), capacity_(std::min<std::uint64_t>(capacity, objects)) {}

  [[nodiscard]] CacheEntry& entry(std::uint32_t object) { return entries_.entry(object); }
  [[nodiscard]] std::uint64_t size() const { return counts_[t1] + counts_[t2]; }
  [[nodiscard]] std::size_t bytes() const { return entries_.bytes(); }
  [[gnu::always_inline]] void prefetch(std::uint32_t object) const { entries_.prefetch(object); }
  [[gnu::always_inline]] void prefetch_links(std::uint32_t object) const {
    entries_.prefetch_links(object);
  }

  /// Case I of the paper. **Domain** resident.
  void hit(std::uint32_t object) {
    if (list_of(object) == t2) {
      entries_.move_to_front(t2, object);
    } else {
      leave(t1, object);
      enter(t2, object);
    }
  }

  /// Cases II to IV. **Domain** not resident. **Returns** the evicted object or no_object.
  std::uint32_t insert(std::uint32_t object) {
    const List from = list_of(object);
    const bool returns = from != none;
    std::uint32_t victim = no_object;
    if (returns) {
      adapt(from);
      leave(from, object);
      victim = replace(from == b2);
    } else if (size() == capacity_) {
      victim = make_room();
    }
    entries_.entry(object).resident = true;
    enter(returns ? t2 : t1, object);
    return victim;
  }

 private:
  // An entry remembers t1 or b1 as 1, t2 or b2 as 2, no list as 0; `resident` tells t from b.
  enum List : std::uint8_t { t1, t2, b1, b2, none };

  [[nodiscard]] List list_of(std::uint32_t object) {
    const CacheEntry& entry = entries_.entry(object);
    if (entry.list == 0) return none;
    return static_cast<List>(entry.list - 1 + (entry.resident ? 0 : 2));
  }
  void enter(List list, std::uint32_t object) {
    entries_.push_front(list, object);
    entries_.entry(object).list = (list % 2 + 1U) & 3U;
    ++counts_[list];
  }
  void leave(List list, std::uint32_t object) {
    entries_.unlink(object);
    --counts_[list];
  }
  std::uint32_t take_last(List list) {
    --counts_[list];
    return entries_.pop_back(list);
  }
  void forget_last(List list) { entries_.entry(take_last(list)).list = 0; }

  // The room for T1 grows or shrinks by the ratio of the other memory's size to this one's, at
  // least by one.
  void adapt(List from) {
    const double ratio =
        static_cast<double>(counts_[from == b1 ? b2 : b1]) / static_cast<double>(counts_[from]);
    const double step = std::max(ratio, 1.0);
    room_ = from == b1 ? std::min(room_ + step, static_cast<double>(capacity_))
                       : std::max(room_ - step, 0.0);
  }

  // REPLACE of the paper: the last of T1 or T2 becomes a ghost.
  std::uint32_t replace(bool from_b2) {
    const auto once = static_cast<double>(counts_[t1]);
    const bool first =
        counts_[t2] == 0 || (counts_[t1] > 0 && (once > room_ || (from_b2 && once == room_)));
    const std::uint32_t victim = take_last(first ? t1 : t2);
    entries_.entry(victim).resident = false;
    enter(first ? b1 : b2, victim);
    return victim;
  }

  // Case IV: an object that none of the lists knows, and the cache is full.
  std::uint32_t make_room() {
    if (counts_[t1] + counts_[b1] < capacity_) {
      if (counts_[b2] > 0 && size() + counts_[b1] + counts_[b2] == 2 * capacity_) forget_last(b2);
      return replace(false);
    }
    if (counts_[b1] > 0) {
      forget_last(b1);
      return replace(false);
    }
    const std::uint32_t victim = take_last(t1);
    entries_.entry(victim).resident = false;
    entries_.entry(victim).list = 0;
    return victim;
  }

  LinkedEntries<4> entries_;
  std::uint64_t capacity_;
  std::array<std::uint64_t, 4> counts_{};
  double room_ = 0;  // p of the paper
};

}  // namespace haldane::models
