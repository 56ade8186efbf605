// The policies that keep residents in one list, with room in bytes: LRU, FIFO, CLOCK, SIEVE.
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "models/cache/bytes/byte_order.h"
#include "sim/base/large_vector.h"

namespace haldane::models {

enum class ListPolicy : std::uint8_t { lru, fifo, clock, sieve };

/// A circular list through a sentinel behind the last object; new objects come to the front.
/// **Cost** 16 bytes an object; O(1), of an eviction amortised. **Source** as lru.h, fifo.h,
/// clock.h and sieve.h; what does not fit in evicts until it does.
template <ListPolicy Policy>
class ByteList final : public ByteOrder {
 public:
  ByteList(std::uint32_t objects, std::uint64_t capacity)
      : nodes_(objects + std::size_t{1}),
        end_(objects),
        hand_(objects),
        room_(capacity),
        capacity_(capacity) {
    nodes_[end_].previous = nodes_[end_].next = end_;
  }

  [[gnu::always_inline]] void prefetch(std::uint32_t object) const {
    __builtin_prefetch(&nodes_[object], 1);
  }
  [[gnu::always_inline]] void prefetch_links(std::uint32_t object) const {
    if constexpr (Policy == ListPolicy::lru) {
      prefetch(nodes_[object].previous);
      prefetch(nodes_[object].next);
    }
  }

  [[nodiscard]] bool has(std::uint32_t object) const override { return nodes_[object].resident; }
  [[nodiscard]] std::uint64_t used() const override { return capacity_ - room_; }

  void hit(std::uint32_t object) override {
    if constexpr (Policy == ListPolicy::lru) {
      if (nodes_[end_].next == object) return;
      unlink(object);
      push_front(object);
    } else if constexpr (Policy != ListPolicy::fifo) {
      nodes_[object].marked = true;
    }
  }

  void insert(std::uint32_t object, ObjectWeight weight,
              std::vector<std::uint32_t>& evicted) override {
    if (weight.room > capacity_) {
      evicted.push_back(object);
      return;
    }
    while (weight.room > room_) evicted.push_back(evict());
    room_ -= weight.room;
    nodes_[object].room = weight.room;
    nodes_[object].resident = true;
    nodes_[object].marked = false;
    push_front(object);
  }

 private:
  struct Node {
    std::uint32_t previous = 0;
    std::uint32_t next = 0;
    std::uint32_t room = 0;
    bool resident = false;
    bool marked = false;
  };
  static_assert(sizeof(Node) == 16);

  // Something is resident whenever there is too little room.
  std::uint32_t evict() {
    const std::uint32_t victim = choose();
    unlink(victim);
    nodes_[victim].resident = false;
    room_ += nodes_[victim].room;
    return victim;
  }
  std::uint32_t choose() {
    if constexpr (Policy == ListPolicy::sieve) return sieve();
    if constexpr (Policy == ListPolicy::clock) spare_marked();
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

  LargeVector<Node> nodes_;
  std::uint32_t end_;
  std::uint32_t hand_;
  std::uint64_t room_;
  std::uint64_t capacity_;
};

}  // namespace haldane::models
