// W-TinyLFU with room in bytes.
#pragma once

#include <algorithm>
#include <cstdint>
#include <vector>

#include "models/cache/bytes/byte_order.h"
#include "models/cache/bytes/weighed_lists.h"
#include "models/cache/request_sketch.h"

namespace haldane::models {

/// The shares of w_tinylfu.h are shares of the bytes. Who leaves the window competes with as many
/// of the rest as it takes to make room, one after the other, until one is asked for as often as it
/// is: those who lost before that have left all the same, as in Caffeine. What is larger than the
/// rest leaves without a contest.
/// **Domain** places >= 1: about how many objects fit in, by which the sketch is measured. What is
/// larger than the rest and the window is not let in.
/// **Cost** 25 bytes an object; O(1) amortised. **Source** as w_tinylfu.h, to whose misses
/// it comes down where every object weighs 1.
class ByteWTinyLfu final : public ByteOrder {
 public:
  ByteWTinyLfu(std::uint32_t objects, std::uint64_t capacity, std::uint64_t places)
      : lists_(objects),
        window_wanted_(std::max<std::uint64_t>(capacity / 100, 1)),
        rest_wanted_(capacity - window_wanted_),
        protected_wanted_(rest_wanted_ / 5 * 4 + rest_wanted_ % 5 * 4 / 5),
        requests_(objects, places - std::min(places, std::max<std::uint64_t>(places / 100, 1))) {}

  [[gnu::always_inline]] void prefetch(std::uint32_t object) const { lists_.prefetch(object); }
  [[gnu::always_inline]] void prefetch_links(std::uint32_t object) const {
    lists_.prefetch_links(object);
  }

  [[nodiscard]] bool has(std::uint32_t object) const override {
    return lists_.list_of(object) != WeighedLists<3>::none;
  }
  [[nodiscard]] std::uint64_t used() const override { return lists_.used(window) + rest(); }

  void hit(std::uint32_t object) override {
    if (lists_.list_of(object) != window) requests_.add_and_age(object);
    if (lists_.list_of(object) != probation) {
      lists_.move_to_front(object);
      return;
    }
    lists_.leave(object);
    lists_.enter(guarded, object);
    while (lists_.used(guarded) > protected_wanted_)
      lists_.enter(probation, lists_.take_last(guarded));
  }

  void insert(std::uint32_t object, ObjectWeight weight,
              std::vector<std::uint32_t>& evicted) override {
    if (weight.room > std::max(window_wanted_, rest_wanted_)) {
      evicted.push_back(object);
      return;
    }
    lists_.weigh(object, weight.room);
    lists_.enter(window, object);
    while (lists_.used(window) > window_wanted_) contest(lists_.take_last(window), evicted);
    requests_.add(object);
  }

 private:
  enum List : std::uint8_t { window, probation, guarded };  // guarded: "protected" of the paper

  [[nodiscard]] std::uint64_t rest() const { return lists_.used(probation) + lists_.used(guarded); }

  void contest(std::uint32_t candidate, std::vector<std::uint32_t>& evicted) {
    if (wins(candidate, evicted)) {
      admit(candidate);
    } else {
      evicted.push_back(candidate);
    }
    requests_.add(candidate);
  }
  [[nodiscard]] bool wins(std::uint32_t candidate, std::vector<std::uint32_t>& evicted) {
    const std::uint64_t room = lists_.room_of(candidate);
    while (rest() + room > rest_wanted_) {
      const List lowest = lists_.empty(probation) ? guarded : probation;
      if (room > rest_wanted_ || requests_[candidate] <= requests_[lists_.last(lowest)])
        return false;
      evicted.push_back(lists_.take_last(lowest));
    }
    return true;
  }
  void admit(std::uint32_t candidate) {
    const std::uint64_t room = lists_.room_of(candidate);
    const bool crowded = lists_.used(probation) >= rest_wanted_ - protected_wanted_;
    const bool fits = lists_.used(guarded) + room <= protected_wanted_;
    lists_.enter(crowded && fits ? guarded : probation, candidate);
  }

  WeighedLists<3> lists_;
  std::uint64_t window_wanted_;
  std::uint64_t rest_wanted_;
  std::uint64_t protected_wanted_;
  RequestSketch requests_;
};

}  // namespace haldane::models
