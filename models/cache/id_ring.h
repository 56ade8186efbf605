// A queue of object ids in an array: what the first-in-first-out policies share.
//
// Against a linked list it costs 4 bytes a place instead of 8 an object, and whoever leaves next is
// known ahead, so its entry can be fetched before it is needed.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>

#include "sim/base/large_vector.h"

namespace haldane::models {

/// **Cost** 4 bytes a place; every operation O(1).
class IdRing {
 public:
  explicit IdRing(std::uint64_t places) : slots_(std::max<std::uint64_t>(places, 1)) {}

  [[nodiscard]] std::uint64_t size() const { return size_; }
  [[nodiscard]] bool full() const { return size_ == slots_.size(); }
  [[nodiscard]] std::size_t bytes() const { return slots_.size() * sizeof(std::uint32_t); }

  /// **Domain** not full.
  void push(std::uint32_t object) {
    slots_[wrapped(oldest_ + size_)] = object;
    ++size_;
  }
  /// **Domain** not empty.
  std::uint32_t pop() {
    const std::uint32_t object = slots_[oldest_];
    oldest_ = wrapped(oldest_ + 1);
    --size_;
    return object;
  }
  /// Usually the id that leaves after eight others, always some id: worth prefetching, no more.
  [[nodiscard]] std::uint32_t leaving_soon() const {
    const std::uint64_t i = oldest_ + 8;
    return slots_[i < slots_.size() ? i : 0];
  }

 private:
  [[nodiscard]] std::uint64_t wrapped(std::uint64_t i) const {
    return i >= slots_.size() ? i - slots_.size() : i;
  }

  LargeVector<std::uint32_t> slots_;
  std::uint64_t oldest_ = 0;
  std::uint64_t size_ = 0;
};

}  // namespace haldane::models
