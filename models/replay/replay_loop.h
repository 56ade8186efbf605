// The loop of every replay: requests are known ahead, so what they will touch is fetched ahead.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>

#include "models/replay/replay.h"
#include "models/trace/access_trace.h"

namespace haldane::models {

/// Asks `cache` for each request of `trace`. `Cache` is a policy of models/cache or has its
/// interface, with `bool ask(object, request)` in place of entry, hit and insert: whether the
/// request was a hit. **Determinism** prefetching changes no result.
template <class Cache>
MissCounts replay_loop(const AccessTrace& trace, Cache& cache) {
  // Distances all from 16/8 to 64/32 are within noise of each other (bench/README.md, Caches).
  constexpr std::size_t entry_ahead = 32;
  constexpr std::size_t links_ahead = 16;
  const std::uint32_t* objects = trace.objects.data();
  const std::size_t requests = trace.objects.size();
  const std::size_t last = requests == 0 ? 0 : requests - 1;
  MissCounts counts;
  const auto run = [&]<bool Sizes>() {
    for (std::size_t i = 0; i < requests; ++i) {
      cache.prefetch(objects[std::min(i + entry_ahead, last)]);
      cache.prefetch_links(objects[std::min(i + links_ahead, last)]);
      if (cache.ask(objects[i], i)) continue;
      ++counts.misses;
      if constexpr (Sizes) counts.missed_bytes += trace.sizes[i];
    }
  };
  if (trace.has_sizes()) {
    run.template operator()<true>();
  } else {
    run.template operator()<false>();
  }
  return counts;
}

}  // namespace haldane::models
