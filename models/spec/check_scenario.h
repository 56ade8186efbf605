// Rules between the parts of a scenario: what no section can check alone.
#pragma once

#include "config/node.h"
#include "config/problems.h"
#include "models/spec/scenario.h"

namespace haldane::models {

/// Adds a problem for every broken rule. A rule is silent where something it looks at is already
/// known to be wrong. **Domain** `timeline` still in document order. `root` gives the places.
void check_scenario(const Scenario& scenario, const config::Node& root, config::Problems& problems);

}  // namespace haldane::models
