// Exact LRU at all capacities in one pass.
//
// A request hits in an LRU cache if and only if fewer different objects than fit in were asked for
// since the last request for the same object (Mattson's inclusion property). One histogram of that
// number, the stack distance, therefore holds every capacity.
#pragma once

#include <cstdint>

#include "models/replay/replay.h"
#include "models/trace/access_trace.h"
#include "sim/base/large_vector.h"

namespace haldane::models {

/// Requests and bytes by stack distance. **Source** Mattson, Gecsei, Slutz & Traiger 1970; counting
/// by last requests as Olken, LBL-12370, 1981.
class StackDistances {
 public:
  /// **Cost** O(requests log objects), about 30 ns a request for a million objects; 24 to 32 bytes
  /// an object.
  explicit StackDistances(const AccessTrace& trace);

  /// What an LRU cache of so many objects misses. **Domain** capacity >= 1. **Cost** O(1).
  [[nodiscard]] MissCounts misses(std::uint64_t capacity) const;

 private:
  // Of distance d at d, first requests at 0; then turned into sums of what is missed at d.
  LargeVector<std::uint64_t> requests_;
  LargeVector<std::uint64_t> bytes_;  // empty where the trace has no sizes
};

}  // namespace haldane::models
