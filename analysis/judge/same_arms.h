// Detects that one file was given twice: a canary that is its own baseline would look perfect.
#pragma once

#include "analysis/ingest/observation_table.h"

namespace haldane::analysis {

/// True for equal bytes, or for equal columns with at least one that is not constant (two quiet
/// counters may well agree).
[[nodiscard]] bool same_arms(const ObservationTable& baseline, const ObservationTable& canary);

}  // namespace haldane::analysis
