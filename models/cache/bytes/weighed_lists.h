// Linked lists that know how much their objects weigh together: what the policies of several lists
// share where room is counted in bytes.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>

#include "models/cache/linked_entries.h"
#include "sim/base/large_vector.h"

namespace haldane::models {

/// Lists are numbered; an object is in one at most, or in `none`, and keeps the weight that it was
/// last given. **Domain** Lists <= 4. **Cost** 21 bytes an object; every operation O(1).
template <std::uint32_t Lists>
class WeighedLists {
 public:
  static constexpr std::uint8_t none = 0xff;

  explicit WeighedLists(std::uint32_t objects)
      : links_(objects), room_(objects), list_(objects, none) {}

  [[gnu::always_inline]] void prefetch(std::uint32_t object) const { links_.prefetch(object); }
  [[gnu::always_inline]] void prefetch_links(std::uint32_t object) const {
    links_.prefetch_links(object);
  }

  [[nodiscard]] std::uint8_t list_of(std::uint32_t object) const { return list_[object]; }
  [[nodiscard]] std::uint32_t room_of(std::uint32_t object) const { return room_[object]; }
  /// What the objects of a list weigh together.
  [[nodiscard]] std::uint64_t used(std::uint8_t list) const { return used_[list]; }
  [[nodiscard]] bool empty(std::uint8_t list) const { return counts_[list] == 0; }
  /// **Domain** not empty.
  [[nodiscard]] std::uint32_t last(std::uint8_t list) const { return links_.back(list); }

  /// **Domain** in no list.
  void weigh(std::uint32_t object, std::uint32_t room) { room_[object] = room; }
  /// To the front. **Domain** in no list.
  void enter(std::uint8_t list, std::uint32_t object) {
    links_.push_front(list, object);
    list_[object] = list;
    used_[list] += room_[object];
    ++counts_[list];
  }
  /// **Domain** in a list.
  void leave(std::uint32_t object) {
    const std::uint8_t list = list_[object];
    links_.unlink(object);
    list_[object] = none;
    used_[list] -= room_[object];
    --counts_[list];
  }
  /// Takes the last object off a list. **Domain** not empty.
  std::uint32_t take_last(std::uint8_t list) {
    const std::uint32_t object = last(list);
    leave(object);
    return object;
  }
  void move_to_front(std::uint32_t object) { links_.move_to_front(list_[object], object); }

 private:
  LinkedEntries<Lists> links_;
  LargeVector<std::uint32_t> room_;
  LargeVector<std::uint8_t> list_;
  std::array<std::uint64_t, Lists> used_{};
  std::array<std::uint64_t, Lists> counts_{};
};

}  // namespace haldane::models
