#include "models/tiers/api/quota_gate.h"

#include <algorithm>

namespace haldane::models {

QuotaGate::QuotaGate(std::span<const QuotaTier> tiers, std::uint64_t seed,
                     std::uint64_t replication)
    : key_(seed, replication, 0, sim::Purpose::quota_tier) {
  double share = 0;
  for (const QuotaTier& tier : tiers) {
    share += tier.share;
    const TokenBucket::Rules rules{Duration::from_seconds(1 / tier.rate_per_s), tier.burst};
    tiers_.push_back({sim::to_threshold(std::min(share, 1.0)), rules, {}});
  }
}

bool QuotaGate::admit(SimTime now, std::uint64_t id) {
  const std::uint64_t place = sim::draw(key_, id).first >> 32;
  for (Tier& tier : tiers_) {
    if (place < tier.below) return tier.bucket.take(tier.rules, now);
  }
  return true;
}

}  // namespace haldane::models
