// The customers who wait at a first-come-first-served station, as the times at which each will
// start.
//
// Starts never decrease in such a station, so the waiting customers are a queue from which those
// whose start has passed fall out at the front: the queue length is known at any time without an
// event for any start.
#pragma once

#include <cstdint>
#include <vector>

#include "sim/base/time.h"

namespace haldane::sim {

/// Growing ring buffer. **Cost** O(1) amortised.
class StartRing {
 public:
  /// Forgets those who have started by `now`. **Domain** now never decreases.
  void expire(SimTime now) {
    while (head_ != tail_ && ring_[head_ & mask()] <= now.count_ns()) ++head_;
  }
  /// **Domain** start not before those pushed earlier.
  void push(SimTime start) {
    if (tail_ - head_ == ring_.size()) grow();
    ring_[tail_++ & mask()] = start.count_ns();
  }
  void clear() { head_ = tail_; }
  /// Customers waiting as of the last expire().
  [[nodiscard]] std::uint64_t size() const { return tail_ - head_; }

 private:
  [[nodiscard]] std::uint64_t mask() const { return ring_.size() - 1; }
  void grow() {
    std::vector<std::int64_t> larger(ring_.size() * 2);
    for (std::uint64_t i = head_; i != tail_; ++i)
      larger[i & (larger.size() - 1)] = ring_[i & mask()];
    ring_ = std::move(larger);
  }

  std::vector<std::int64_t> ring_ = std::vector<std::int64_t>(8);
  std::uint64_t head_ = 0;
  std::uint64_t tail_ = 0;
};

}  // namespace haldane::sim
