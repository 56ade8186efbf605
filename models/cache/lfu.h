// Least frequently used: the resident with the fewest requests since it came is evicted, of equals
// the one that has had this many for longest.
#pragma once

#include <cstdint>
#include <vector>

#include "models/cache/entry.h"
#include "sim/base/large_vector.h"

namespace haldane::models {

/// One list of all residents in the order of eviction, and above it a bucket for each number of
/// requests that occurs, which knows the last of its objects: a request moves an object behind the
/// last of the next bucket. **Domain** capacity >= 1. **Cost** 20 bytes an object, 24 a number of
/// requests that occurs among the residents; hit and insert O(1), at most six cache lines.
/// **Source** Shah, Mitra & Matani 2010 (constant time by buckets); first in, first out among
/// equals, as libCacheSim's LFU.
class LfuCache {
 public:
  LfuCache(std::uint32_t objects, std::uint64_t capacity)
      : nodes_(objects + std::size_t{1}), sentinel_(objects), capacity_(capacity), buckets_(1) {
    nodes_[sentinel_].previous = nodes_[sentinel_].next = sentinel_;
    buckets_[ends].last = sentinel_;
  }

  [[nodiscard]] CacheEntry& entry(std::uint32_t object) { return nodes_[object].entry; }
  [[nodiscard]] std::uint64_t size() const { return size_; }
  [[nodiscard]] std::size_t bytes() const { return nodes_.size() * sizeof(Node); }
  [[gnu::always_inline]] void prefetch(std::uint32_t object) const {
    __builtin_prefetch(&nodes_[object], 1);
  }
  /// Second stage: the neighbours, and the place where a hit will put the object.
  [[gnu::always_inline]] void prefetch_links(std::uint32_t object) const {
    prefetch(nodes_[object].previous);
    prefetch(nodes_[object].next);
    prefetch(buckets_[buckets_[nodes_[object].bucket].above].last);
  }

  /// **Domain** resident.
  void hit(std::uint32_t object) {
    const std::uint32_t from = nodes_[object].bucket;
    const std::uint64_t requests = buckets_[from].requests + 1;
    const std::uint32_t above = buckets_[from].above;
    const bool exists = above != ends && buckets_[above].requests == requests;
    if (!exists && is_alone(object)) {
      buckets_[from].requests = requests;
      return;
    }
    const std::uint32_t to = exists ? above : new_bucket(from, requests);
    // Of a new bucket the objects come right behind those of the old one.
    const std::uint32_t before = buckets_[exists ? to : from].last;
    remove(object);
    if (before == object) {
      link_behind(nodes_[object].previous, object);
    } else {
      link_behind(before, object);
    }
    nodes_[object].bucket = to;
    buckets_[to].last = object;
  }

  /// **Domain** not resident. **Returns** the evicted object or no_object.
  std::uint32_t insert(std::uint32_t object) {
    std::uint32_t victim = no_object;
    if (size_ == capacity_) {
      victim = nodes_[sentinel_].next;
      remove(victim);
      nodes_[victim].entry.resident = false;
      prefetch(nodes_[nodes_[sentinel_].next].next);
    } else {
      ++size_;
    }
    const std::uint32_t lowest = buckets_[ends].above;
    const bool exists = lowest != ends && buckets_[lowest].requests == 1;
    const std::uint32_t bucket = exists ? lowest : new_bucket(ends, 1);
    link_behind(exists ? buckets_[bucket].last : sentinel_, object);
    buckets_[bucket].last = object;
    nodes_[object].bucket = bucket;
    nodes_[object].entry.resident = true;
    return victim;
  }

 private:
  struct Node {
    std::uint32_t previous = 0;
    std::uint32_t next = 0;
    std::uint32_t bucket = ends;
    CacheEntry entry;
  };
  static_assert(sizeof(Node) == 20);
  // Buckets form a circle through the one called `ends`, in the order of their requests.
  struct Bucket {
    std::uint64_t requests = 0;
    std::uint32_t last = 0;
    std::uint32_t above = ends;
    std::uint32_t below = ends;
  };
  static constexpr std::uint32_t ends = 0;

  // The only one of its bucket?
  [[nodiscard]] bool is_alone(std::uint32_t object) const {
    const Node& node = nodes_[object];
    return buckets_[node.bucket].last == object && nodes_[node.previous].bucket != node.bucket;
  }

  std::uint32_t new_bucket(std::uint32_t below, std::uint64_t requests) {
    std::uint32_t bucket = free_;
    if (bucket == ends) {
      bucket = static_cast<std::uint32_t>(buckets_.size());
      buckets_.emplace_back();
    } else {
      free_ = buckets_[bucket].above;
    }
    const std::uint32_t above = buckets_[below].above;
    buckets_[bucket] = {requests, 0, above, below};
    buckets_[below].above = buckets_[above].below = bucket;
    return bucket;
  }
  void drop_bucket(std::uint32_t bucket) {
    const Bucket& b = buckets_[bucket];
    buckets_[b.below].above = b.above;
    buckets_[b.above].below = b.below;
    buckets_[bucket].above = free_;
    free_ = bucket;
  }

  // Takes the object off the list and off its bucket.
  void remove(std::uint32_t object) {
    const Node& node = nodes_[object];
    if (is_alone(object)) {
      drop_bucket(node.bucket);
    } else if (buckets_[node.bucket].last == object) {
      buckets_[node.bucket].last = node.previous;
    }
    nodes_[node.previous].next = node.next;
    nodes_[node.next].previous = node.previous;
  }
  void link_behind(std::uint32_t before, std::uint32_t object) {
    Node& node = nodes_[object];
    node.previous = before;
    node.next = nodes_[before].next;
    nodes_[node.next].previous = object;
    nodes_[before].next = object;
  }

  LargeVector<Node> nodes_;
  std::uint32_t sentinel_;
  std::uint64_t capacity_;
  std::uint64_t size_ = 0;
  std::vector<Bucket> buckets_;
  std::uint32_t free_ = ends;  // a chain through `above`
};

}  // namespace haldane::models
