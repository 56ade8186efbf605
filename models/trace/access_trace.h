// A trace in memory: which object each request asked for, by dense ids, as cache replay wants it.
#pragma once

#include <cstdint>

#include "sim/base/large_vector.h"

namespace haldane::models {

/// Requests in the order of the trace. Of a sampled trace the sample is here, and the totals are
/// those of the whole trace.
struct AccessTrace {
  LargeVector<std::uint32_t> objects;  ///< of each request; ids count up by first appearance
  LargeVector<std::uint32_t> sizes;    ///< bytes of each request; empty where the trace has none
  std::uint32_t object_count = 0;      ///< different ids in `objects`
  std::uint64_t requests_seen = 0;     ///< also those that sampling left out
  std::uint64_t bytes_seen = 0;        ///< of all requests seen; 0 where sizes are unknown

  [[nodiscard]] bool has_sizes() const { return !sizes.empty(); }
};

/// Which objects are kept: those whose hash, seeded, is below `rate` of its range, with all of
/// their requests. **Domain** 0 < rate <= 1; 1 keeps everything.
/// **Source** Waldspurger, Park, Garthwaite & Ahmad, FAST'15 (SHARDS, fixed rate).
struct SampleOptions {
  double rate = 1;
  std::uint64_t seed = 0;
};

}  // namespace haldane::models
