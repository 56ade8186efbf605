// The policies that keep residents in one list, with room in bytes: LRU, FIFO, CLOCK, SIEVE.
#pragma once

#include <cstddef>
#include <cstdint>

#include "models/replay/policy.h"
#include "models/trace/access_trace.h"
#include "sim/base/large_vector.h"

namespace haldane::models {

/// A circular list through a sentinel behind the last object; new objects come to the front.
/// **Domain** Policy is lru, fifo, clock or sieve. **Cost** 16 bytes an object; O(1), of an
/// eviction amortised.
template <ReplayPolicy Policy>
class ByteList {
 public:
  ByteList(const AccessTrace& trace, std::uint64_t capacity)
      : sizes_(trace.sizes.data()),
        nodes_(trace.object_count + std::size_t{1}),
        end_(trace.object_count),
        hand_(trace.object_count),
        room_(capacity),
        capacity_(capacity) {
    nodes_[end_].previous = nodes_[end_].next = end_;
  }

  [[gnu::always_inline]] void prefetch(std::uint32_t object) const {
    __builtin_prefetch(&nodes_[object], 1);
  }
  [[gnu::always_inline]] void prefetch_links(std::uint32_t object) const {
    if constexpr (Policy == ReplayPolicy::lru) {
      prefetch(nodes_[object].previous);
      prefetch(nodes_[object].next);
    }
  }

  /// Whether `object` was there; if not, it is now, when it fits in at all.
  bool ask(std::uint32_t object, std::size_t request) {
    if (nodes_[object].resident) {
      hit(object);
      return true;
    }
    const std::uint32_t bytes = sizes_[request];
    if (bytes > capacity_) return false;
    while (bytes > room_) evict();
    room_ -= bytes;
    nodes_[object].bytes = bytes;
    nodes_[object].resident = true;
    nodes_[object].marked = false;
    push_front(object);
    return false;
  }

 private:
  struct Node {
    std::uint32_t previous = 0;
    std::uint32_t next = 0;
    std::uint32_t bytes = 0;
    bool resident = false;
    bool marked = false;
  };
  static_assert(sizeof(Node) == 16);

  void hit(std::uint32_t object) {
    if constexpr (Policy == ReplayPolicy::lru) {
      if (nodes_[end_].next == object) return;
      unlink(object);
      push_front(object);
    } else if constexpr (Policy != ReplayPolicy::fifo) {
      nodes_[object].marked = true;
    }
  }

  // Something is resident whenever there is too little room.
  void evict() {
    const std::uint32_t victim = choose();
    unlink(victim);
    nodes_[victim].resident = false;
    room_ += nodes_[victim].bytes;
  }
  std::uint32_t choose() {
    if constexpr (Policy == ReplayPolicy::sieve) return sieve();
    if constexpr (Policy == ReplayPolicy::clock) spare_marked();
    return nodes_[end_].previous;
  }
  // Gives the oldest another round until it is unmarked.
  void spare_marked() {
    for (std::uint32_t last = nodes_[end_].previous; nodes_[last].marked;
         last = nodes_[end_].previous) {
      nodes_[last].marked = false;
      unlink(last);
      push_front(last);
    }
  }
  // The hand walks from the oldest to the newest; the sentinel stands for "begin at the oldest".
  std::uint32_t sieve() {
    std::uint32_t at = hand_ == end_ ? nodes_[end_].previous : hand_;
    while (nodes_[at].marked) {
      nodes_[at].marked = false;
      at = nodes_[at].previous;
      if (at == end_) at = nodes_[end_].previous;
    }
    hand_ = nodes_[at].previous;
    return at;
  }

  void unlink(std::uint32_t object) {
    const Node& node = nodes_[object];
    nodes_[node.previous].next = node.next;
    nodes_[node.next].previous = node.previous;
  }
  void push_front(std::uint32_t object) {
    Node& node = nodes_[object];
    node.previous = end_;
    node.next = nodes_[end_].next;
    nodes_[node.next].previous = object;
    nodes_[end_].next = object;
  }

  const std::uint32_t* sizes_;
  LargeVector<Node> nodes_;
  std::uint32_t end_;
  std::uint32_t hand_;
  std::uint64_t room_;
  std::uint64_t capacity_;
};

}  // namespace haldane::models
