// What must hold between events, scripted or by chance, and the rest of a scenario.
#pragma once

#include "models/spec/blame.h"
#include "models/spec/scenario.h"

namespace haldane::models {

/// Each reports every rule that is broken. check_faults: **domain** `faults` was read whole.
void check_timeline(const Scenario& scenario, const Blame& blame);
void check_faults(const Scenario& scenario, const Blame& blame);

/// The links that lose packets all the time must be there.
void check_losses(const Scenario& scenario, const Blame& blame);

}  // namespace haldane::models
