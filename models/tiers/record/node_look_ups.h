// What each node of a site's edge was asked for, and what it had.
#pragma once

#include <cstdint>
#include <vector>

#include "models/tiers/record/node_signals.h"
#include "sim/base/time.h"
#include "sim/measure/interval_series.h"

namespace haldane::models {

/// Of one site. **Domain** nodes below the number given. **Cost** two numbers a node and time bin.
class NodeLookUps {
 public:
  NodeLookUps(const sim::BinLocator& bins, std::uint32_t site, std::uint32_t nodes)
      : bins_(&bins), nodes_(nodes) {
    for (std::uint32_t node = 0; node < nodes; ++node) {
      nodes_[node].name = {NodeName::Tier::edge, site, false, node};
      nodes_[node].served.resize(bins.bounds().size() - 1);
      nodes_[node].looked_up.resize(bins.bounds().size() - 1);
    }
  }

  /// `served`: from the cache, fresh or stale.
  void note(SimTime now, std::uint32_t node, bool served) {
    if (now >= bins_->end()) return;
    const std::size_t bin = bins_->bin_of(now);
    ++nodes_[node].looked_up[bin];
    if (served) ++nodes_[node].served[bin];
  }
  [[nodiscard]] const std::vector<NodeSeries>& series() const { return nodes_; }

 private:
  const sim::BinLocator* bins_;
  std::vector<NodeSeries> nodes_;
};

}  // namespace haldane::models
