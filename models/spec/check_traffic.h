// What must hold between the keys of the traffic, and between them and the rest of a scenario.
#pragma once

#include <cstdint>

#include "models/spec/blame.h"
#include "models/spec/scenario.h"

namespace haldane::models {

/// Sites that are asked: one where there is no edge.
[[nodiscard]] inline std::uint32_t site_count(const Scenario& scenario) {
  return scenario.edge ? scenario.edge->sites : 1;
}

/// **Units** requests a second, of the site that has most, without what the timeline does.
/// **Returns** an upper bound where a curve has both days and weeks.
[[nodiscard]] double highest_rate_per_s(const Scenario& scenario);

/// Whether any catalogue has one-hit wonders.
[[nodiscard]] bool has_one_hit_wonders(const TrafficSpec& traffic);

/// Reports every rule of arrivals and objects that is broken.
void check_traffic(const Scenario& scenario, const Blame& blame);

}  // namespace haldane::models
