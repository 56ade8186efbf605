#include "models/tiers/record/node_signals.h"

#include <algorithm>

namespace haldane::models {

void NodeSignals::add(const RequestVisit& visit) {
  const SimTime end = bins_->end();
  if (visit.server == RequestVisit::nobody || visit.arrived >= end) return;
  const bool worker = visit.place == RequestVisit::Place::worker;
  const NodeName name =
      worker ? NodeName{NodeName::Tier::workers, 0, visit.number == 1, visit.server}
             : NodeName{NodeName::Tier::api, visit.number, visit.canary, visit.server};
  Node& node = nodes_.try_emplace(name, *bins_).first->second;
  const SimTime started = std::min(visit.started, end);
  const SimTime ended = std::min(visit.ended, end);
  node.busy.add(started, ended);
  node.inside.add(waits_at_node_ ? visit.arrived : started, ended);
  if (visit.ended < end && visit.end == RequestVisit::End::done)
    ++node.served[bins_->bin_of(visit.ended)];
}

std::vector<NodeSeries> NodeSignals::series() const {
  std::vector<NodeSeries> all;
  for (const auto& [name, node] : nodes_)
    all.push_back({name, node.busy.integrals(), node.inside.integrals(), node.served, {}});
  return all;
}

}  // namespace haldane::models
