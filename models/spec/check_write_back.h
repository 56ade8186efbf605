// What must hold between `workers.write_back` and the rest of a scenario.
#pragma once

#include "models/spec/blame.h"
#include "models/spec/scenario.h"

namespace haldane::models {

/// Reports every rule of results that jobs write back (SCN-456 to SCN-458) that is broken.
void check_write_back(const Scenario& scenario, const Blame& blame);

}  // namespace haldane::models
