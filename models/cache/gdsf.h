// GDSF: greedy dual, frequency and size. What is asked for often and takes little room stays; a
// clock that rises with every eviction lets what was popular once fall behind.
#pragma once

#include <algorithm>
#include <cstdint>
#include <limits>

#include "models/cache/entry.h"
#include "sim/base/large_vector.h"

namespace haldane::models {

/// A request sets an object's priority to clock + requests since it came / size; the lowest
/// priority is evicted, of equals the one not asked for longest, and the clock rises to it. The
/// priorities are a heap with four children a node, whose children share a cache line.
/// **Domain** capacity >= 1. **Cost** 16 bytes an object (20 with sizes), 16 a resident; hit and
/// insert O(log capacity), a hit mostly O(1) because popular objects are leaves.
/// **Source** Cherkasova, HPL-98-69R1, 1998, with cost 1; ties as in libCacheSim.
class GdsfCache {
 public:
  /// A first number other than 0 brings the end of the 32 bits, and renumbering, nearer.
  GdsfCache(std::uint32_t objects, std::uint64_t capacity, std::uint32_t first_number = 0)
      : nodes_(objects),
        heap_(root + std::min<std::uint64_t>(capacity, objects)),
        now_(first_number) {}

  /// Objects without a size count as one byte. **Domain** not resident, bytes >= 1.
  void set_size(std::uint32_t object, std::uint32_t bytes) {
    if (sizes_.empty()) sizes_.assign(nodes_.size(), 1);
    sizes_[object] = bytes;
  }

  [[nodiscard]] CacheEntry& entry(std::uint32_t object) { return nodes_[object].entry; }
  [[nodiscard]] std::uint64_t size() const { return end_ - root; }
  [[nodiscard]] std::size_t bytes() const {
    return nodes_.size() * sizeof(Node) + heap_.size() * sizeof(Item) +
           sizes_.size() * sizeof(std::uint32_t);
  }
  [[gnu::always_inline]] void prefetch(std::uint32_t object) const {
    __builtin_prefetch(&nodes_[object], 1);
  }
  /// Second stage: the place in the heap and what lies below it.
  [[gnu::always_inline]] void prefetch_links(std::uint32_t object) const {
    const std::size_t place = nodes_[object].place;
    __builtin_prefetch(&heap_[place], 1);
    if (first_child(place) < heap_.size()) __builtin_prefetch(&heap_[first_child(place)], 1);
  }

  /// **Domain** resident.
  void hit(std::uint32_t object) {
    Node& node = nodes_[object];
    ++node.requests;
    sink(node.place, {priority(object, node.requests), tick(), object});
  }

  /// **Domain** not resident. **Returns** the evicted object or no_object.
  std::uint32_t insert(std::uint32_t object) {
    nodes_[object].requests = 1;
    nodes_[object].entry.resident = true;
    if (end_ < heap_.size()) {
      const Item item{priority(object, 1), tick(), object};
      rise(end_++, item);
      return no_object;
    }
    const std::uint32_t victim = heap_[root].object;
    clock_ = heap_[root].priority;
    nodes_[victim].entry.resident = false;
    sink(root, {priority(object, 1), tick(), object});
    return victim;
  }

 private:
  struct Node {
    CacheEntry entry;
    std::uint32_t place = 0;  // in the heap
    std::uint32_t requests = 0;
  };
  static_assert(sizeof(Node) == 16);
  struct Item {
    double priority = 0;
    std::uint32_t asked = 0;
    std::uint32_t object = 0;
    // Without a branch, because nobody can predict it.
    friend bool operator<(const Item& a, const Item& b) {
      const bool older = a.asked < b.asked;
      return (a.priority < b.priority) | ((a.priority <= b.priority) & older);
    }
  };
  static_assert(sizeof(Item) == 16);

  // The heap begins at 3, so that the four children of a node, at 4 (i - 2), share a line.
  static constexpr std::size_t root = 3;
  static constexpr std::size_t first_child(std::size_t place) { return 4 * (place - 2); }
  static constexpr std::size_t parent(std::size_t place) { return place / 4 + 2; }

  [[nodiscard]] double priority(std::uint32_t object, std::uint32_t requests) const {
    const auto count = static_cast<double>(requests);
    return clock_ + (sizes_.empty() ? count : count / static_cast<double>(sizes_[object]));
  }

  std::uint32_t tick() {
    if (now_ == std::numeric_limits<std::uint32_t>::max()) [[unlikely]]
      renumber();
    return now_++;
  }
  // Before the numbers of requests run out: those of the residents become 0, 1, 2 and so on.
  void renumber() {
    LargeVector<Item> by_age(heap_.begin() + root,
                             heap_.begin() + static_cast<std::ptrdiff_t>(end_));
    std::sort(by_age.begin(), by_age.end(),
              [](const Item& a, const Item& b) { return a.asked < b.asked; });
    now_ = 0;
    for (const Item& item : by_age) heap_[nodes_[item.object].place].asked = now_++;
  }

  void put(std::size_t place, const Item& item) {
    heap_[place] = item;
    nodes_[item.object].place = static_cast<std::uint32_t>(place);
  }
  // Puts the item at `place` or, while children are smaller, below it.
  void sink(std::size_t place, const Item& item) {
    std::size_t child = first_child(place);
    for (; child + 4 <= end_; child = first_child(place)) {
      const std::size_t left = child + (heap_[child + 1] < heap_[child] ? 1 : 0);
      const std::size_t right = child + 2 + (heap_[child + 3] < heap_[child + 2] ? 1 : 0);
      const std::size_t least = heap_[right] < heap_[left] ? right : left;
      if (item < heap_[least]) {
        put(place, item);
        return;
      }
      put(place, heap_[least]);
      place = least;
    }
    // At most three children, which are leaves.
    std::size_t least = place;
    for (; child < end_; ++child) {
      if (heap_[child] < (least == place ? item : heap_[least])) least = child;
    }
    if (least != place) put(place, heap_[least]);
    put(least, item);
  }
  void rise(std::size_t place, const Item& item) {
    while (place > root && item < heap_[parent(place)]) {
      put(place, heap_[parent(place)]);
      place = parent(place);
    }
    put(place, item);
  }

  LargeVector<Node> nodes_;
  LargeVector<Item> heap_;
  LargeVector<std::uint32_t> sizes_;
  std::size_t end_ = root;  // one behind the last item
  std::uint32_t now_;       // the number of the next request
  double clock_ = 0;
};

}  // namespace haldane::models
