// Least recently used: a hit moves the object to the front, the back is evicted.
#pragma once

#include <cstdint>

#include "models/cache/entry.h"
#include "sim/base/large_vector.h"

namespace haldane::models {

/// Intrusive doubly linked list over the object array. **Domain** capacity >= 1. **Cost** 16 bytes
/// an object; hit and insert O(1), four cache lines at worst.
class LruCache {
 public:
  LruCache(std::uint32_t objects, std::uint64_t capacity)
      : nodes_(objects + std::size_t{1}), sentinel_(objects), capacity_(capacity) {
    nodes_[sentinel_].previous = nodes_[sentinel_].next = sentinel_;
  }

  [[nodiscard]] CacheEntry& entry(std::uint32_t object) { return nodes_[object].entry; }
  [[nodiscard]] std::uint64_t size() const { return size_; }
  void prefetch(std::uint32_t object) const { __builtin_prefetch(&nodes_[object], 1); }
  /// Second stage, once the node itself is near: the neighbours that unlinking writes to.
  void prefetch_links(std::uint32_t object) const {
    __builtin_prefetch(&nodes_[nodes_[object].previous], 1);
    __builtin_prefetch(&nodes_[nodes_[object].next], 1);
  }

  /// The object was asked for and found. **Domain** resident.
  void hit(std::uint32_t object) {
    if (nodes_[sentinel_].next == object) return;
    unlink(object);
    push_front(object);
  }

  /// Makes `object` resident at the front. **Domain** not resident. **Returns** the evicted object
  /// or no_object.
  std::uint32_t insert(std::uint32_t object) {
    std::uint32_t victim = no_object;
    if (size_ == capacity_) {
      victim = nodes_[sentinel_].previous;
      unlink(victim);
      nodes_[victim].entry.resident = false;
    } else {
      ++size_;
    }
    nodes_[object].entry.resident = true;
    push_front(object);
    return victim;
  }

 private:
  struct Node {
    std::uint32_t previous = 0;
    std::uint32_t next = 0;
    CacheEntry entry;
  };

  void unlink(std::uint32_t object) {
    const Node& node = nodes_[object];
    nodes_[node.previous].next = node.next;
    nodes_[node.next].previous = node.previous;
  }
  void push_front(std::uint32_t object) {
    Node& node = nodes_[object];
    Node& front = nodes_[sentinel_];
    node.previous = sentinel_;
    node.next = front.next;
    nodes_[front.next].previous = object;
    front.next = object;
  }

  LargeVector<Node> nodes_;
  std::uint32_t sentinel_;
  std::uint64_t capacity_;
  std::uint64_t size_ = 0;
};

}  // namespace haldane::models
