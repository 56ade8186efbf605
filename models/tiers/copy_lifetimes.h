// How long a fetched copy stays fresh: the time to live with its jitter, drawn by request.
//
// A pure function of request and run, so whoever knows first when an answer will arrive can say
// when the copy expires: an API cell does it for a batch of answers in SIMD lanes, a site does it
// alone where it fills its cache without asking.
#pragma once

#include <algorithm>
#include <cstdint>

#include "models/cache/entry.h"
#include "models/plan.h"
#include "sim/base/hash.h"
#include "sim/random/philox.h"

namespace haldane::models {

/// **Determinism** depends on (seed, replication, request) only.
class CopyLifetimes {
 public:
  CopyLifetimes(const Plan& plan, std::uint64_t seed, std::uint64_t replication)
      : key_(mix(mix(seed) ^ mix(replication + 0x9e3779b97f4a7c15ULL))),
        tick_shift_(plan.tick_shift) {
    if (!plan.scenario.edge) return;
    const CacheSpec& cache = plan.scenario.edge->cache;
    for_ever_ = cache.ttl == Duration::max();
    ttl_ns_ = static_cast<double>(cache.ttl.count_ns());
    jitter_ = cache.ttl_jitter;
  }

  /// Whether copies never expire.
  [[nodiscard]] bool for_ever() const { return for_ever_; }

  /// When the copy fetched by request `id` and filled in at `filled` expires. **Units** ticks of
  /// the plan. **Domain** copies that do not live for ever.
  [[nodiscard]] std::uint32_t expiry(SimTime filled, std::uint64_t id) const {
    const double u = sim::to_unit(mix(id ^ key_));
    const double ns = ttl_ns_ * (1 + jitter_ * (2 * u - 1));
    const std::int64_t expires = filled.count_ns() + static_cast<std::int64_t>(ns);
    return static_cast<std::uint32_t>(
        std::min<std::int64_t>(expires >> tick_shift_, CacheEntry::never));
  }

 private:
  std::uint64_t key_;
  int tick_shift_;
  bool for_ever_ = true;
  double ttl_ns_ = 0;
  double jitter_ = 0;
};

}  // namespace haldane::models
