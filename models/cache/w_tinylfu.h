// W-TinyLFU: a small LRU window before a segmented LRU, and a count of requests that decides
// whether who leaves the window may replace who would leave the rest.
#pragma once

#include <algorithm>
#include <array>
#include <cstdint>

#include "models/cache/entry.h"
#include "models/cache/linked_entries.h"
#include "models/cache/request_sketch.h"

namespace haldane::models {

/// A hundredth of the capacity is the window; of the rest a fifth is on probation and four fifths
/// are protected. Counted is who comes, who is hit in the rest, and who leaves the window. Who is
/// admitted goes to the protected part where that has room and probation has none.
/// **Domain** capacity >= 1.
/// **Cost** 16 bytes an object and 29 a place, at most 20 an object; hit and insert O(1).
/// **Source** Einziger, Friedman & Manes, ACM ToS 13(4), 2017; what is counted, and when it ages,
/// as in libCacheSim (request_sketch.h).
class WTinyLfuCache {
 public:
  WTinyLfuCache(std::uint32_t objects, std::uint64_t capacity)
      : entries_(objects),
        window_wanted_(
            std::max<std::uint64_t>(std::min<std::uint64_t>(capacity, objects) / 100, 1)),
        rest_wanted_(std::min<std::uint64_t>(capacity, objects) - window_wanted_),
        protected_wanted_(rest_wanted_ * 4 / 5),
        requests_(objects, rest_wanted_) {}

  [[nodiscard]] CacheEntry& entry(std::uint32_t object) { return entries_.entry(object); }
  [[nodiscard]] std::uint64_t size() const { return counts_[window] + rest(); }
  [[nodiscard]] std::size_t bytes() const { return entries_.bytes() + requests_.bytes(); }
  [[gnu::always_inline]] void prefetch(std::uint32_t object) const { entries_.prefetch(object); }
  [[gnu::always_inline]] void prefetch_links(std::uint32_t object) const {
    entries_.prefetch_links(object);
  }

  /// **Domain** resident.
  void hit(std::uint32_t object) {
    const std::uint32_t list = entries_.entry(object).list;
    if (list != window) requests_.add_and_age(object);
    if (list != probation) {
      entries_.move_to_front(list, object);
      return;
    }
    leave(probation, object);
    enter(guarded, object);
    if (counts_[guarded] > protected_wanted_) enter(probation, take_last(guarded));
  }

  /// **Domain** not resident. **Returns** the evicted object or no_object.
  std::uint32_t insert(std::uint32_t object) {
    entries_.entry(object).resident = true;
    enter(window, object);
    const std::uint32_t victim =
        counts_[window] > window_wanted_ ? admit_or_evict(take_last(window)) : no_object;
    requests_.add(object);
    return victim;
  }

 private:
  enum List : std::uint8_t { window, probation, guarded };  // guarded: "protected" of the paper

  [[nodiscard]] std::uint64_t rest() const { return counts_[probation] + counts_[guarded]; }
  void enter(List list, std::uint32_t object) {
    entries_.push_front(list, object);
    entries_.entry(object).list = list & 3U;
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

  // The candidate has left the window; who is asked for more often than the other stays.
  std::uint32_t admit_or_evict(std::uint32_t candidate) {
    std::uint32_t loser = no_object;
    if (rest() == rest_wanted_) {
      loser = candidate;
      const List lowest = counts_[probation] > 0 ? probation : guarded;
      if (rest_wanted_ > 0 && requests_[candidate] > requests_[entries_.back(lowest)]) {
        loser = take_last(lowest);
      }
      entries_.entry(loser).resident = false;
    }
    if (loser != candidate) admit(candidate);
    requests_.add(candidate);
    return loser;
  }
  void admit(std::uint32_t candidate) {
    const bool crowded = counts_[probation] >= rest_wanted_ - protected_wanted_;
    enter(crowded && counts_[guarded] < protected_wanted_ ? guarded : probation, candidate);
  }

  LinkedEntries<3> entries_;
  std::uint64_t window_wanted_;
  std::uint64_t rest_wanted_;
  std::uint64_t protected_wanted_;
  RequestSketch requests_;
  std::array<std::uint64_t, 3> counts_{};
};

}  // namespace haldane::models
