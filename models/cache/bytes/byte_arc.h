// ARC with room in bytes.
#pragma once

#include <algorithm>
#include <cstdint>
#include <vector>

#include "models/cache/bytes/byte_order.h"
#include "models/cache/bytes/weighed_lists.h"

namespace haldane::models {

/// The lengths of the paper's lists are their bytes, and the room meant for T1 moves by the bytes
/// of the object that came back times the ratio of the memories. The memories shrink until the
/// paper's bounds hold again with the new object: T1 and B1 within the capacity, all four within
/// twice as much. **Cost** 21 bytes an object; O(1) amortised. **Source** as arc.h, to whose
/// misses it comes down where every object weighs 1.
class ByteArc final : public ByteOrder {
 public:
  ByteArc(std::uint32_t objects, std::uint64_t capacity) : lists_(objects), capacity_(capacity) {}

  [[gnu::always_inline]] void prefetch(std::uint32_t object) const { lists_.prefetch(object); }
  [[gnu::always_inline]] void prefetch_links(std::uint32_t object) const {
    lists_.prefetch_links(object);
  }

  [[nodiscard]] bool has(std::uint32_t object) const override {
    return lists_.list_of(object) <= t2;
  }
  [[nodiscard]] std::uint64_t used() const override { return lists_.used(t1) + lists_.used(t2); }

  void hit(std::uint32_t object) override {
    if (lists_.list_of(object) == t2) {
      lists_.move_to_front(object);
    } else {
      lists_.leave(object);
      lists_.enter(t2, object);
    }
  }

  void insert(std::uint32_t object, ObjectWeight weight,
              std::vector<std::uint32_t>& evicted) override {
    const std::uint8_t from = lists_.list_of(object);
    const bool returns = from != WeighedLists<4>::none;
    if (returns) {
      adapt(from, lists_.room_of(object));
      lists_.leave(object);
    }
    if (weight.room > capacity_) {
      evicted.push_back(object);
      return;
    }
    if (!returns) shrink_memories(weight.room, evicted);
    while (used() + weight.room > capacity_) replace(from == b2, evicted);
    lists_.weigh(object, weight.room);
    lists_.enter(returns ? t2 : t1, object);
  }

 private:
  enum List : std::uint8_t { t1, t2, b1, b2 };

  void adapt(std::uint8_t from, std::uint32_t room) {
    if (room == 0) return;
    const double ratio = static_cast<double>(lists_.used(from == b1 ? b2 : b1)) /
                         static_cast<double>(lists_.used(from));
    const double step = std::max(ratio, 1.0) * room;
    room_ = from == b1 ? std::min(room_ + step, static_cast<double>(capacity_))
                       : std::max(room_ - step, 0.0);
  }

  // Case IV of the paper: an object that none of the lists knows.
  void shrink_memories(std::uint64_t room, std::vector<std::uint32_t>& evicted) {
    while (lists_.used(t1) + lists_.used(b1) + room > capacity_) {
      if (!lists_.empty(b1)) {
        lists_.take_last(b1);
      } else {
        evicted.push_back(lists_.take_last(t1));  // and is forgotten
      }
    }
    while (used() + lists_.used(b1) + lists_.used(b2) + room > 2 * capacity_ && !lists_.empty(b2))
      lists_.take_last(b2);
  }

  // REPLACE of the paper: the last of T1 or T2 becomes a ghost.
  void replace(bool from_b2, std::vector<std::uint32_t>& evicted) {
    const auto once = static_cast<double>(lists_.used(t1));
    const bool first =
        lists_.empty(t2) || (!lists_.empty(t1) && (once > room_ || (from_b2 && once == room_)));
    const std::uint32_t victim = lists_.take_last(first ? t1 : t2);
    lists_.enter(first ? b1 : b2, victim);
    evicted.push_back(victim);
  }

  WeighedLists<4> lists_;
  std::uint64_t capacity_;
  double room_ = 0;  // p of the paper
};

}  // namespace haldane::models
