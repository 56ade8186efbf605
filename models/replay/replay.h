// One policy with one capacity over a whole trace.
#pragma once

#include <cstdint>

#include "models/replay/policy.h"
#include "models/trace/access_trace.h"

namespace haldane::models {

/// What went past the cache. **Units** requests and bytes.
struct MissCounts {
  std::uint64_t misses = 0;
  std::uint64_t missed_bytes = 0;  ///< 0 where the trace has no sizes
  friend bool operator==(const MissCounts&, const MissCounts&) = default;
};

/// Starts empty, inserts on every miss, counts from the first request on. **Units** capacity in
/// objects; each counts one, also to GDSF. **Domain** capacity >= 1. **Cost** 5 to 30 ns a request
/// (GDSF 100) for a million objects; 8 to 20 bytes an object.
[[nodiscard]] MissCounts replay(const AccessTrace& trace, ReplayPolicy policy,
                                std::uint64_t capacity);

}  // namespace haldane::models
