#include "models/spec/check_edge.h"

namespace haldane::models {
namespace {

void check_sizes(const Scenario& scenario, const BlameEdge& blame) {
  if (scenario.traffic.objects.size) return;
  const CacheSpec& cache = scenario.edge->cache;
  const auto* rule = "needs traffic.objects.size: without it nobody knows how large objects are";
  if (cache.capacity_bytes > 0)
    blame("SCN-422", "edge.cache.capacity.bytes", {"traffic.objects.size"}, rule);
  if (cache.admission.max_bytes)
    blame("SCN-422", "edge.cache.admission.max_size", {"traffic.objects.size"}, rule);
}

}  // namespace

void check_edge(const Scenario& scenario, const BlameEdge& blame) {
  if (!scenario.edge) return;
  check_sizes(scenario, blame);
}

}  // namespace haldane::models
