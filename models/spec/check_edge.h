// What must hold between the keys of the edge, and between them and the rest of a scenario.
#pragma once

#include "models/spec/blame.h"
#include "models/spec/scenario.h"

namespace haldane::models {

/// Reports every rule of the edge (SCN-42x) that is broken.
void check_edge(const Scenario& scenario, const Blame& blame);

}  // namespace haldane::models
