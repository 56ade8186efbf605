#include "models/tiers/edge/node_scaler.h"

#include <algorithm>
#include <optional>
#include <span>

namespace haldane::models {
namespace {

ScaledTier tier_of(const Plan& plan, std::uint32_t site,
                   std::span<const std::vector<Outage>> outages, sim::StreamKey startup_key) {
  const EdgeSpec& edge = *plan.scenario.edge;
  const bool has_cores = plan.proxies && plan.proxies->of_nodes;
  return {&*edge.autoscaler,
          site,
          edge.nodes_per_site,
          plan.nodes_max,
          has_cores ? plan.proxies->cores : 1,
          outages,
          Counter::edge_node_time,
          has_cores ? std::optional(Counter::proxy_core_time) : std::nullopt,
          Gauge::edge_nodes,
          plan.scenario.cost.edge_node_per_hour,
          startup_key};
}

}  // namespace

NodeScaler::NodeScaler(const Plan& plan, std::uint32_t site, const sim::BinLocator& bins,
                       sim::StreamKey startup_key)
    : site_outages_(&plan.site_outages[site]),
      outages_(plan.nodes_max, *site_outages_),
      nodes_(plan.scenario.edge->nodes_per_site),
      kept_(nodes_),
      scaler_(plan, tier_of(plan, site, outages_, startup_key), bins) {}

SimTime NodeScaler::stop(std::uint32_t /*server*/, SimTime now) {
  --nodes_;
  kept_ = std::min(kept_, nodes_);
  return now;
}

std::size_t NodeScaler::serving(SimTime now) {
  lost_ = false;
  next_change_ = SimTime::never();
  for (const Outage& outage : *site_outages_) {
    if (outage.down > now) next_change_ = std::min(next_change_, outage.down);
    if (outage.up > now) next_change_ = std::min(next_change_, outage.up);
    lost_ |= outage.down <= now && now < outage.up;
  }
  return lost_ ? 0 : nodes_;
}

}  // namespace haldane::models
