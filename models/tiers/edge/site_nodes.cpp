#include "models/tiers/edge/site_nodes.h"

namespace haldane::models {
namespace {

void add_joined(std::vector<Outage>& into, const Outage& outage) {
  if (!into.empty() && outage.down <= into.back().up) {
    into.back().up = std::max(into.back().up, outage.up);
  } else {
    into.push_back(outage);
  }
}

}  // namespace

std::vector<std::vector<Outage>> SiteNodes::outages() const {
  const auto& counts = plan_->node_counts[site_];
  std::vector<std::vector<Outage>> result(plan_->nodes_max);
  for (std::uint32_t node = 0; node < plan_->nodes_max; ++node) {
    std::vector<Outage> all = plan_->site_outages[site_];
    for (std::size_t i = 0; i < counts.size(); ++i) {
      if (counts[i].nodes > node) continue;
      all.push_back(
          {counts[i].from, i + 1 < counts.size() ? counts[i + 1].from : SimTime::never()});
    }
    std::ranges::stable_sort(all, {}, &Outage::down);
    for (const Outage& outage : all) {
      if (outage.down < outage.up) add_joined(result[node], outage);
    }
  }
  return result;
}

}  // namespace haldane::models
