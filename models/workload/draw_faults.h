// Faults by chance become events of the timeline before the run, so that a run knows scripted
// events only.
#pragma once

#include <vector>

#include "models/spec/scenario.h"

namespace haldane::models {

/// The timeline of a scenario together with its faults up to its end, in order of time.
/// **Determinism** event n of fault f depends on (seed, f, n) alone: every replication meets the
/// same. **Cost** O(events); at most 20,000 are drawn.
[[nodiscard]] std::vector<TimelineEvent> timeline_with_faults(const Scenario& scenario);

}  // namespace haldane::models
