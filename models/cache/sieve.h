// SIEVE: insertion order with lazy promotion; a hand walks from old to new and evicts what was not
// visited since its last pass.
#pragma once

#include <cstdint>

#include "models/cache/entry.h"
#include "sim/base/large_vector.h"

namespace haldane::models {

/// **Domain** capacity >= 1. **Cost** 16 bytes an object; hit O(1) without list writes, insert O(1)
/// amortised.
/// **Source** Zhang, Yang, Yue, Vigfusson & Rashmi, NSDI'24, algorithm 1.
class SieveCache {
 public:
  SieveCache(std::uint32_t objects, std::uint64_t capacity)
      : nodes_(objects + std::size_t{1}), sentinel_(objects), hand_(objects), capacity_(capacity) {
    nodes_[sentinel_].newer = nodes_[sentinel_].older = sentinel_;
  }

  [[nodiscard]] CacheEntry& entry(std::uint32_t object) { return nodes_[object].entry; }
  [[nodiscard]] std::uint64_t size() const { return size_; }
  void prefetch(std::uint32_t object) const { __builtin_prefetch(&nodes_[object], 1); }
  void prefetch_links(std::uint32_t) const {}

  void hit(std::uint32_t object) { nodes_[object].entry.marked = true; }

  /// **Domain** not resident. **Returns** the evicted object or no_object.
  std::uint32_t insert(std::uint32_t object) {
    std::uint32_t victim = no_object;
    if (size_ == capacity_) {
      victim = evict();
    } else {
      ++size_;
    }
    Node& node = nodes_[object];
    node.entry.resident = true;
    node.entry.marked = false;
    // The sentinel's `older` is the newest object, its `newer` the oldest.
    node.newer = sentinel_;
    node.older = nodes_[sentinel_].older;
    nodes_[node.older].newer = object;
    nodes_[sentinel_].older = object;
    return victim;
  }

 private:
  struct Node {
    std::uint32_t newer = 0;
    std::uint32_t older = 0;
    CacheEntry entry;
  };

  std::uint32_t evict() {
    std::uint32_t candidate = hand_ == sentinel_ ? nodes_[sentinel_].newer : hand_;
    while (nodes_[candidate].entry.marked) {
      nodes_[candidate].entry.marked = false;
      candidate = nodes_[candidate].newer;
      if (candidate == sentinel_) candidate = nodes_[sentinel_].newer;
    }
    Node& victim = nodes_[candidate];
    hand_ = victim.newer;
    nodes_[victim.newer].older = victim.older;
    nodes_[victim.older].newer = victim.newer;
    victim.entry.resident = false;
    return candidate;
  }

  LargeVector<Node> nodes_;
  std::uint32_t sentinel_;
  std::uint32_t hand_;
  std::uint64_t capacity_;
  std::uint64_t size_ = 0;
};

}  // namespace haldane::models
