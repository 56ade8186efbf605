// The quotas of an API cell: each tier of its callers has a token bucket; who finds it empty is
// refused (429).
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "models/plan.h"
#include "models/tiers/edge/request_limiter.h"
#include "sim/random/philox.h"

namespace haldane::models {

/// A request's tier is drawn by its id: all its attempts are of one tier, wherever they go. Callers
/// beyond the tiers' shares have no quota. **Determinism** depends on seed, replication and calls.
class QuotaGate {
 public:
  QuotaGate(std::span<const QuotaTier> tiers, std::uint64_t seed, std::uint64_t replication);

  /// Whether a request is let in. **Domain** times never decrease. **Cost** O(tiers).
  bool admit(SimTime now, std::uint64_t id);

 private:
  struct Tier {
    std::uint64_t below;  // of 2^32
    TokenBucket::Rules rules;
    TokenBucket bucket;
  };
  sim::StreamKey key_;
  std::vector<Tier> tiers_;
};

}  // namespace haldane::models
