// Whether a copy may be served: age, purges, and the windows of RFC 5861. Included by
// edge_site.cpp.
#pragma once

#include <algorithm>
#include <span>

#include "models/tiers/edge/edge_site.h"

namespace haldane::models {

// RFC 5861, section 4: the window counts from the end of freshness.
template <class Policy>
bool EdgeSite<Policy>::usable_on_error(std::uint32_t object, SimTime now) {
  if (error_ticks_ == 0) return false;
  const Place at = place(object);
  CacheEntry& entry = caches_[at.node].entry(at.local);
  if (!outlives_purges(entry, object)) return false;
  const std::uint32_t t = tick(now);
  return t < entry.expiry || t - entry.expiry < window(object, &FreshnessSpec::stale_if_error);
}

// Purges are remembered, not carried out: an entry fetched before a purge is checked when it is
// next asked for.
template <class Policy>
typename EdgeSite<Policy>::Freshness EdgeSite<Policy>::freshness(CacheEntry& entry,
                                                                 std::uint32_t object,
                                                                 SimTime now) {
  if (!outlives_purges(entry, object)) return Freshness::absent;
  const std::uint32_t t = tick(now);
  if (t < entry.expiry) return Freshness::fresh;
  if (t - entry.expiry >= stale_ticks_) return Freshness::expired;
  return t - entry.expiry < window(object, &FreshnessSpec::stale_while_revalidate)
             ? Freshness::stale
             : Freshness::expired;
}

// Whether there is a copy that no purge has made invalid; a soft one makes it stale.
template <class Policy>
inline bool EdgeSite<Policy>::outlives_purges(CacheEntry& entry, std::uint32_t object) {
  if (!entry.resident) return false;
  if (entry.version != version_) [[unlikely]] {
    if (entry.version == CacheEntry::written_over) return false;
    const Purged purged = purged_since(object, entry.version);
    if (!purged.soft) return false;
    if (purged.any()) entry.expiry = std::min(entry.expiry, tick(purged.since));
    entry.version = version_;
  }
  return true;
}

template <class Policy>
Purged EdgeSite<Policy>::purged_since(std::uint32_t object, std::uint16_t version) const {
  return purged_by(std::span(plan_->purges).first(version_).subspan(version), site_,
                   plan_->formats.first_of(object));
}

}  // namespace haldane::models
