#include "models/spec/check_write_back.h"

#include <algorithm>

namespace haldane::models {

void check_write_back(const Scenario& scenario, const BlameEdge& blame) {
  if (!scenario.workers || scenario.workers->write_back == WriteBack::none) return;
  if (!scenario.edge) {
    blame("SCN-456", "workers.write_back", {"edge"}, "needs an edge to write to");
    return;
  }
  const EdgeSpec& edge = *scenario.edge;
  if (scenario.links.workers_to_edge < Duration::microseconds(1)) {
    blame("SCN-456", "workers.write_back", {"links.workers_to_edge"},
          "needs links.workers_to_edge of at least 1us: sites hear of a result later");
  }
  if (edge.shield) {
    blame("SCN-457", "workers.write_back", {"edge.shield"},
          "does not go with a shield, which would keep what sites have dropped");
  }
  const bool nodes_change = std::ranges::any_of(scenario.timeline, [](const TimelineEvent& event) {
    return event.kind == TimelineEvent::Kind::nodes;
  });
  if (edge.spread.kind != SpreadSpec::Kind::hash || nodes_change) {
    blame("SCN-457", "workers.write_back", {"edge.spread", "timeline"},
          "needs spread: hash and a number of nodes that stays: else nobody knows which nodes have "
          "copies");
  }
}

}  // namespace haldane::models
