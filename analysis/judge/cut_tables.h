// Both arms cut at moments: where a policy's steps begin, and where its pre-period ends.
#pragma once

#include <vector>

#include "analysis/ingest/observation_table.h"
#include "analysis/judge/policy.h"

namespace haldane::analysis {

/// What both arms observed in one step.
struct StepTables {
  ObservationTable baseline;
  ObservationTable canary;
};

/// Whether every observation of both arms has its time, or was compacted by stretches of it.
[[nodiscard]] bool can_be_cut(const ObservationTable& baseline, const ObservationTable& canary);

/// Unix seconds at which the policy cuts data that count from `begin_s`, ascending: the end of its
/// pre-period, and each step but the first. Compacted columns must have been cut there.
[[nodiscard]] std::vector<double> moments_of_cuts(const JudgePolicy& policy, double begin_s);

/// The first time in either table. **Returns** infinity where no value has one.
[[nodiscard]] double first_time(const ObservationTable& baseline, const ObservationTable& canary);

/// Both arms cut where the policy's steps begin, counted from ObservationTable::begins_s; what lies
/// before that is of the first step. **Domain** can_be_cut. **Returns** one pair a step, empty
/// tables included; none without steps. Each counts from where it was cut.
[[nodiscard]] std::vector<StepTables> cut_into_steps(const JudgePolicy& policy,
                                                     const ObservationTable& baseline,
                                                     const ObservationTable& canary);

}  // namespace haldane::analysis
