// W-TinyLFU: a small LRU window before a segmented LRU, and a count of requests that decides
// whether who leaves the window may replace who would leave the rest.
#pragma once

#include <algorithm>
#include <array>
#include <cstdint>

#include "models/cache/entry.h"
#include "models/cache/linked_entries.h"
#include "sim/base/large_vector.h"

namespace haldane::models {

/// How often each object was asked for, recent requests counting more: every so many requests all
/// counts are halved. Counts are exact where the literature uses a sketch, because objects have
/// dense ids. Halving is put off: each count remembers the era in which it was last touched.
/// **Cost** 2 bytes an object; O(1), once in 128 eras O(objects). Counts saturate at 255.
class AgingCounts {
 public:
  AgingCounts(std::uint32_t objects, std::uint64_t requests_an_era)
      : counts_(objects), requests_an_era_(requests_an_era) {}

  [[nodiscard]] std::uint32_t operator[](std::uint32_t object) const {
    const Count& c = counts_[object];
    const std::uint32_t eras = static_cast<std::uint8_t>(era_ - c.era);
    return eras < 8 ? std::uint32_t{c.value} >> eras : 0;
  }
  [[gnu::always_inline]] void prefetch(std::uint32_t object) const {
    __builtin_prefetch(&counts_[object], 1);
  }
  [[nodiscard]] std::size_t bytes() const { return counts_.size() * sizeof(Count); }

  void add(std::uint32_t object) {
    const std::uint32_t value = std::min((*this)[object] + 1, 255U);
    counts_[object] = {static_cast<std::uint8_t>(value), era_};
    if (++requests_ == requests_an_era_) [[unlikely]]
      begin_era();
  }

 private:
  struct Count {
    std::uint8_t value = 0;
    std::uint8_t era = 0;
  };

  void begin_era() {
    requests_ = 0;
    ++era_;
    if (era_ % 128 != 0) return;
    // Before an era's number comes round again.
    for (std::uint32_t object = 0; object < counts_.size(); ++object) {
      counts_[object] = {static_cast<std::uint8_t>((*this)[object]), era_};
    }
  }

  LargeVector<Count> counts_;
  std::uint64_t requests_an_era_;
  std::uint64_t requests_ = 0;
  std::uint8_t era_ = 0;
};

/// A hundredth of the capacity is the window; of the rest a fifth is on probation and four fifths
/// are protected. Counts are halved every 32 requests a place of the rest. **Domain** capacity
/// >= 1.
/// **Cost** 18 bytes an object; hit and insert O(1), at most eight cache lines.
/// **Source** Einziger, Friedman & Manes, ACM ToS 13(4), 2017, with the shares and the period that
/// Caffeine starts from.
class WTinyLfuCache {
 public:
  WTinyLfuCache(std::uint32_t objects, std::uint64_t capacity)
      : entries_(objects),
        window_wanted_(
            std::max<std::uint64_t>(std::min<std::uint64_t>(capacity, objects) / 100, 1)),
        rest_wanted_(std::min<std::uint64_t>(capacity, objects) - window_wanted_),
        protected_wanted_(rest_wanted_ * 4 / 5),
        requests_(objects, 10 * (window_wanted_ + rest_wanted_)) {}

  [[nodiscard]] CacheEntry& entry(std::uint32_t object) { return entries_.entry(object); }
  [[nodiscard]] std::uint64_t size() const { return counts_[window] + rest(); }
  [[nodiscard]] std::size_t bytes() const { return entries_.bytes() + requests_.bytes(); }
  [[gnu::always_inline]] void prefetch(std::uint32_t object) const {
    entries_.prefetch(object);
    requests_.prefetch(object);
  }
  [[gnu::always_inline]] void prefetch_links(std::uint32_t object) const {
    entries_.prefetch_links(object);
  }

  /// **Domain** resident.
  void hit(std::uint32_t object) {
    requests_.add(object);
    const std::uint32_t list = entries_.entry(object).list;
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
    if (loser != candidate) enter(probation, candidate);
    return loser;
  }

  LinkedEntries<3> entries_;
  std::uint64_t window_wanted_;
  std::uint64_t rest_wanted_;
  std::uint64_t protected_wanted_;
  AgingCounts requests_;
  std::array<std::uint64_t, 3> counts_{};
};

}  // namespace haldane::models
