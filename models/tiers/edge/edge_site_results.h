// Results of jobs that reach the site. Included by edge_site.cpp.
#pragma once

#include <span>

#include "models/tiers/edge/edge_site.h"

namespace haldane::models {

template <class Policy>
void EdgeSite<Policy>::deliver_results(std::span<const EdgeEvent> results) {
  events_pending_.push_all(results);
}

// As a purge of the object by its key, or as if it had just been fetched. Content whose fetch is
// under way is older than the result and will not be stored. In other formats than the one that
// was asked for, what is new has still to be made: those are purged.
template <class Policy>
void EdgeSite<Policy>::take_result(const EdgeEvent& event) {
  if (is_uncacheable(event.tag.object)) return;
  plan_->formats.visit_all(event.tag.object, [&](std::uint32_t object) {
    written_->write(object, tick(event.order.time));
    const bool may_store = object == event.tag.object;
    if (!site_nodes_) return take_result_at(place(object), event, may_store);
    // Any node may have a copy. What is new goes where a request for it would.
    const NodeSpread& spread = site_nodes_->spread();
    const bool anywhere = plan_->scenario.edge->spread.kind == SpreadSpec::Kind::random;
    for (std::uint32_t node = 0; node < spread.nodes(); ++node)
      take_result_at({node, object}, event,
                     may_store && (anywhere || spread.owner(object) == node));
  });
}

template <class Policy>
void EdgeSite<Policy>::take_result_at(Place at, const EdgeEvent& event, bool may_store) {
  const SimTime now = event.order.time;
  if (may_store && event.kind == EdgeEvent::Kind::result_updates) {
    store(at, expiry_of(now, event.tag));
    if (counts(now)) ++tally(arm(event.tag), Tally::job_updates);
    return;
  }
  CacheEntry& entry = caches_[at.node].entry(at.local);
  if (!outlives_purges(entry, event.tag.object)) return;
  entry.version = CacheEntry::written_over;
  if (counts(now)) ++tally(arm(event.tag), Tally::job_purges);
}

template <class Policy>
bool EdgeSite<Policy>::is_outdated(const RequestTag& tag) const {
  return written_->outdates(tag.object, tick(tag.asked));
}

}  // namespace haldane::models
