// Rules about what happens inside an API cell: queues, limits, pauses, dependencies.
#pragma once

#include "models/spec/blame.h"
#include "models/spec/scenario.h"

namespace haldane::models {

/// Reports every rule of the replicas (SCN-43x) that is broken.
void check_replicas(const Scenario& scenario, const Blame& blame);

}  // namespace haldane::models
