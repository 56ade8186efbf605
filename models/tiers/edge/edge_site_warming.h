// What a site fetches while no client waits: refreshes of stale copies, and lists of objects at a
// limited rate. Included by edge_site.cpp.
#pragma once

#include <algorithm>

#include "models/tiers/edge/edge_site.h"

namespace haldane::models {

// Whether a fetch begins: a breaker may be against it, and then the next hit tries again; or
// another node's is on its way.
template <class Policy>
bool EdgeSite<Policy>::refresh_in_background(SimTime now, RequestTag tag, CacheEntry& entry,
                                             std::uint64_t routing_word) {
  tag.background = true;
  tag.version = version_;
  if (shares_fetches_ && refreshes_with_another(now, tag, entry)) return false;
  if (guard_ && !may_call(now, tag, routing_word)) return false;
  if (shares_fetches_) {
    waiters_.begin_fetch(lock_of(tag.object));
    tag.leader = true;
  }
  if (revalidates_) revalidate(tag, entry.resident && entry.version == version_);
  note_fetch(now, tag);
  if (!has_api_) {
    ++tally(arm(tag), Tally::fetches);
    fill(now, tag, expiry_of(now, tag));
    return true;
  }
  entry.refreshing = true;
  forward(now, tag.canary, routing_word).tag = tag;
  return true;
}

template <class Policy>
void EdgeSite<Policy>::start_warm_ups() {
  for (std::uint32_t i = 0; i < plan_->warm_ups.size(); ++i) {
    const Plan::WarmUp& warm_up = plan_->warm_ups[i];
    if (warm_up.site && *warm_up.site != site_) continue;
    RequestTag list;
    list.object = i;
    push_local(EdgeEvent::Kind::warm_next, warm_up.at, list);
  }
}

// Identities with the highest bit of a number at a site are nobody else's.
template <class Policy>
void EdgeSite<Policy>::warm_next(const EdgeEvent& event) {
  const SimTime now = event.order.time;
  const Plan::WarmUp& warm_up = plan_->warm_ups[event.tag.object];
  const std::uint32_t next = event.detail + 1;
  if (next < warm_up.objects && now < end_)
    push_local(EdgeEvent::Kind::warm_next, now + warm_up.spacing, event.tag, next);
  const auto lost = [now](const Outage& outage) { return outage.down <= now && now < outage.up; };
  if (std::ranges::any_of(plan_->site_outages[site_], lost)) return;
  RequestTag tag;
  tag.id = id_of(std::uint64_t{1} << 39 | std::uint64_t{event.tag.object} << 28 | event.detail);
  tag.asked = now;
  tag.object = plan_->warm_list[event.detail];
  if (!is_uncacheable(tag.object)) warm_one(now, tag);
}

// What is fresh, or on its way, needs no fetch.
template <class Policy>
void EdgeSite<Policy>::warm_one(SimTime now, const RequestTag& tag) {
  if (site_nodes_) site_nodes_->pick(tag, now);
  const Place at = place(tag.object);
  CacheEntry& entry = caches_[at.node].entry(at.local);
  if (entry.refreshing || freshness(entry, tag.object, now) == Freshness::fresh) return;
  if (plan_->coalesce && waiters_.in_flight(lock_of(tag.object))) return;
  const bool fetched = refresh_in_background(now, tag, entry, sim::draw(warm_key_, tag.id).first);
  if (fetched && counts(now)) ++tally(arm(tag), Tally::warm_ups);
}

}  // namespace haldane::models
