#include "models/spec/check_write_back.h"

namespace haldane::models {
namespace {

constexpr Duration shortest = Duration::microseconds(1);

void check_api_writes(const Scenario& scenario, const Blame& blame) {
  const LinksSpec& links = scenario.links;
  if (links.workers_to_api.value_or(links.api_to_workers) < shortest) {
    blame("SCN-458", "workers.write_back.api", {"links.workers_to_api", "links.api_to_workers"},
          "needs links.workers_to_api of at least 1us (api_to_workers, unless said): cells hear of "
          "a result later");
  }
  if (scenario.edge && scenario.workers->write_back.edge != WriteBack::none &&
      links.edge_to_api < shortest) {
    blame("SCN-458", "workers.write_back.edge", {"links.edge_to_api"},
          "needs links.edge_to_api of at least 1us: sites hear of a result later");
  }
}

}  // namespace

void check_write_back(const Scenario& scenario, const Blame& blame) {
  if (!scenario.workers) return;
  const WriteBackSpec& write_back = scenario.workers->write_back;
  if (write_back.api) check_api_writes(scenario, blame);
  if (write_back.edge == WriteBack::none) return;
  if (!scenario.edge) {
    blame("SCN-456", "workers.write_back", {"edge"}, "needs an edge to write to");
    return;
  }
  if (!write_back.api && scenario.links.workers_to_edge < shortest) {
    blame("SCN-456", "workers.write_back", {"links.workers_to_edge"},
          "needs links.workers_to_edge of at least 1us: sites hear of a result later");
  }
}

}  // namespace haldane::models
