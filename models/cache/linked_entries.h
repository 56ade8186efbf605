// Entries that are also nodes of doubly linked lists: what the list policies share.
//
// An object is in one list at most, so one pair of links an object serves any number of lists. The
// lists are circular, each through a sentinel behind the last object: no end is a special case.
#pragma once

#include <cstddef>
#include <cstdint>

#include "models/cache/entry.h"
#include "sim/base/large_vector.h"

namespace haldane::models {

/// **Domain** objects < 2^32 - Lists. **Cost** 16 bytes an object; every operation O(1).
template <std::uint32_t Lists>
class LinkedEntries {
 public:
  explicit LinkedEntries(std::uint32_t objects)
      : nodes_(objects + std::size_t{Lists}), objects_(objects) {
    for (std::uint32_t list = 0; list < Lists; ++list) {
      Node& end = nodes_[sentinel(list)];
      end.previous = end.next = sentinel(list);
    }
  }

  [[nodiscard]] CacheEntry& entry(std::uint32_t object) { return nodes_[object].entry; }
  [[nodiscard]] std::size_t bytes() const { return nodes_.size() * sizeof(Node); }
  [[gnu::always_inline]] void prefetch(std::uint32_t object) const {
    __builtin_prefetch(&nodes_[object], 1);
  }
  /// Second stage, once the node itself is near: the neighbours that unlinking writes to.
  [[gnu::always_inline]] void prefetch_links(std::uint32_t object) const {
    prefetch(nodes_[object].previous);
    prefetch(nodes_[object].next);
  }

  /// **Returns** the first object of `list`. **Domain** not empty.
  [[nodiscard]] std::uint32_t front(std::uint32_t list) const {
    return nodes_[sentinel(list)].next;
  }
  /// **Returns** the last object of `list`. **Domain** not empty.
  [[nodiscard]] std::uint32_t back(std::uint32_t list) const {
    return nodes_[sentinel(list)].previous;
  }

  void unlink(std::uint32_t object) {
    const Node& node = nodes_[object];
    nodes_[node.previous].next = node.next;
    nodes_[node.next].previous = node.previous;
  }
  void push_front(std::uint32_t list, std::uint32_t object) {
    Node& node = nodes_[object];
    Node& end = nodes_[sentinel(list)];
    node.previous = sentinel(list);
    node.next = end.next;
    nodes_[end.next].previous = object;
    end.next = object;
  }
  void move_to_front(std::uint32_t list, std::uint32_t object) {
    if (front(list) == object) return;
    unlink(object);
    push_front(list, object);
  }
  /// Takes the last object off `list` and prefetches the one that will be last after the next.
  /// **Domain** not empty.
  std::uint32_t pop_back(std::uint32_t list) {
    Node& end = nodes_[sentinel(list)];
    const std::uint32_t object = end.previous;
    end.previous = nodes_[object].previous;
    Node& last = nodes_[end.previous];
    last.next = sentinel(list);
    prefetch(last.previous);
    return object;
  }

 private:
  struct Node {
    std::uint32_t previous = 0;
    std::uint32_t next = 0;
    CacheEntry entry;
  };
  static_assert(sizeof(Node) == 16);

  [[nodiscard]] std::uint32_t sentinel(std::uint32_t list) const { return objects_ + list; }

  LargeVector<Node> nodes_;
  std::uint32_t objects_;
};

}  // namespace haldane::models
