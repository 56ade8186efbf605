// A site whose nodes come and go, or share requests otherwise than by a fixed hash of the object.
// Included by edge_site.cpp.
#pragma once

#include "models/tiers/edge/edge_site.h"
#include "models/tiers/edge/node_cache.h"

namespace haldane::models {

// Any node may hold any object here.
template <class Policy>
Policy EdgeSite<Policy>::cold_node() const {
  Policy cache = make_node_cache<Policy>(*plan_, plan_->scenario.traffic.objects.count);
  if constexpr (WeighsSizes<Policy>) {
    for (std::uint32_t object = 0; object < plan_->object_bytes.size(); ++object)
      cache.set_size(object, plan_->object_bytes[object]);
  }
  return cache;
}

// The `rank`-th most popular object, where it will be asked for.
template <class Policy>
void EdgeSite<Policy>::warm_nodes(std::uint32_t object, std::size_t rank, std::uint32_t expiry) {
  const NodeSpread& spread = site_nodes_->spread();
  const EdgeSpec& edge = *plan_->scenario.edge;
  if (edge.spread.kind != SpreadSpec::Kind::random)
    return put_warm({spread.owner(object), object}, expiry);
  if (edge.cache.capacity_bytes == 0 && rank >= edge.cache.capacity_objects) return;
  for (std::uint32_t node = 0; node < spread.nodes(); ++node) put_warm({node, object}, expiry);
}

// The loop takes plain responses before it asks which node they are for.
template <class Policy>
void EdgeSite<Policy>::name_node_responses(Outbox<EdgeEvent>& outbox) {
  for (EdgeEvent& event : outbox.messages()) {
    if (event.kind == EdgeEvent::Kind::response) event.kind = EdgeEvent::Kind::node_response;
  }
}

template <class Policy>
void EdgeSite<Policy>::find_node_of(const EdgeEvent& event) {
  using Kind = EdgeEvent::Kind;
  switch (event.kind) {
    case Kind::response:
    case Kind::node_response:
    case Kind::failed_response:
    case Kind::held_response:
    case Kind::held_failure:
    case Kind::late_response:
      site_nodes_->recall(event.tag);
      return;
    default:
      return;
  }
}

// A node that joins is cold, also if it has been there before.
template <class Policy>
void EdgeSite<Policy>::attend_nodes(SimTime now) {
  if (now >= recorders_[0].bin_end()) site_nodes_->close_bin(recorders_[0].bin());
  if (node_scaler_) return scale_nodes(now);
  while (site_nodes_->next_change() <= now) {
    const std::uint32_t before = site_nodes_->spread().nodes();
    site_nodes_->change();
    renew_nodes(now, before);
  }
  attention_ = std::min(attention_, site_nodes_->next_change());
}

// Several things may have happened since anybody asked last: a node that left and came back
// meanwhile is cold, too.
template <class Policy>
void EdgeSite<Policy>::scale_nodes(SimTime now) {
  node_scaler_->advance(now);
  const bool changed = node_scaler_->nodes() != site_nodes_->spread().nodes();
  if (changed) site_nodes_->set_nodes(node_scaler_->nodes());
  if (changed || node_scaler_->kept() < node_scaler_->nodes())
    renew_nodes(now, node_scaler_->kept());
  attention_ = std::min(attention_, node_scaler_->next_time());
}

// The first `kept` nodes have been there before.
template <class Policy>
void EdgeSite<Policy>::renew_nodes(SimTime now, std::uint32_t kept) {
  const std::uint32_t nodes = site_nodes_->spread().nodes();
  for (std::uint32_t n = kept; n < nodes; ++n) caches_[n] = cold_node();
  if (proxies_ && proxies_->of_nodes()) proxies_->change_nodes(now, std::min(kept, nodes), nodes);
}

template <class Policy>
std::vector<std::vector<Outage>> EdgeSite<Policy>::node_outages() const {
  if (site_nodes_) return site_nodes_->outages();
  return std::vector<std::vector<Outage>>(nodes_, plan_->site_outages[site_]);
}

}  // namespace haldane::models
