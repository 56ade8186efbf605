// Results of jobs that workers write back to the site. Included by edge_site.cpp.
#pragma once

#include <span>

#include "models/tiers/edge_site.h"

namespace haldane::models {

template <class Policy>
void EdgeSite<Policy>::deliver_results(std::span<const EdgeEvent> results) {
  events_pending_.push_all(results);
}

// As a purge of the object by its key, or as if it had just been fetched. Content whose fetch is
// under way is older than the result and will not be stored.
template <class Policy>
void EdgeSite<Policy>::take_result(const EdgeEvent& event) {
  const SimTime now = event.order.time;
  const std::uint32_t object = event.tag.object;
  if (is_uncacheable(object)) return;
  written_->write(object, tick(now));
  const Place at = place(object);
  CacheEntry& entry = caches_[at.node].entry(at.local);
  if (event.kind == EdgeEvent::Kind::result_purges) {
    if (!outlives_purges(entry, object)) return;
    entry.version = CacheEntry::written_over;
    if (counts(now)) ++tally(arm(event.tag), Tally::job_purges);
    return;
  }
  store(at, expiry_of(now, event.tag));
  if (counts(now)) ++tally(arm(event.tag), Tally::job_updates);
}

template <class Policy>
bool EdgeSite<Policy>::is_outdated(const RequestTag& tag) const {
  return written_->outdates(tag.object, tick(tag.asked));
}

}  // namespace haldane::models
