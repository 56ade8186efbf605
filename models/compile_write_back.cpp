#include "models/compile_write_back.h"

#include <algorithm>

#include "models/canary_law.h"
#include "models/workload/law.h"
#include "sim/random/distribution.h"

namespace haldane::models {

void compile_write_back(Plan& plan) {
  const Scenario& s = plan.scenario;
  const WriteBackSpec& spec = s.workers->write_back;
  plan.writes_back = spec.edge != WriteBack::none;
  if (!spec.api) return;
  plan.api_writes.emplace();
  plan.api_writes->threshold = sim::to_threshold(spec.api->share);
  plan.api_writes->link = s.links.workers_to_api.value_or(s.links.api_to_workers);
  plan.api_writes->max_attempts = spec.api->max_attempts;
  plan.api_writes->backoff = Backoff(spec.api->backoff);
  if (!spec.api->service) return;
  const sim::Distribution law = duration_law(*spec.api->service);
  plan.api[0].write_service = law;
  if (s.canary) plan.api[1].write_service = canary_law(plan, law);
}

// Workers have simulated as far as sites and cells one window before. What they say reaches cells
// in the same window and sites in the next one; what cells say of it, sites and the cells
// themselves in the next one. A shield is where its cell is, ahead of the sites by a link.
Duration longest_window_of_results(const Plan& plan) {
  const LinksSpec& links = plan.scenario.links;
  const bool shields = plan.writes_back && plan.scenario.edge->shield;
  if (plan.api_writes) {
    const Duration link = plan.api_writes->link;
    Duration longest = links.api_to_workers + link;
    if (plan.api_writes->max_attempts > 1) longest = std::min(longest, link + link);
    if (plan.writes_back) longest = std::min(longest, links.edge_to_api * (shields ? 1 : 2));
    return longest;
  }
  if (!plan.writes_back) return Duration::max();
  const Duration way = links.edge_to_api + links.api_to_workers + links.workers_to_edge;
  const Duration half = Duration::nanoseconds(way.count_ns() / 2);
  return shields ? std::min(half, links.api_to_workers + links.workers_to_edge) : half;
}

}  // namespace haldane::models
