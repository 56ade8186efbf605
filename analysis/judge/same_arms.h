// Detects that one file was given twice: a canary that is its own baseline would look perfect.
#pragma once

#include "analysis/ingest/observation_table.h"

namespace haldane::analysis {

/// True for equal bytes, or for equal columns with at least one that is not constant (two quiet
/// counters may well agree).
[[nodiscard]] bool same_arms(const ObservationTable& baseline, const ObservationTable& canary);

/// True for equal rows in whatever order, where some column has at least 30 different values: as
/// many errors among as many requests may be chance. A remark, no more: values that a formula made
/// may agree. **Cost** one pass over the first column that differs.
[[nodiscard]] bool same_rows(const ObservationTable& baseline, const ObservationTable& canary);

}  // namespace haldane::analysis
