// Times under another name than `timestamp`: a reader takes them for a metric, and then nothing is
// known of dependence, steps or pairs.
#pragma once

#include "analysis/ingest/observation_table.h"

namespace haldane::analysis {

/// Of a table without times, marks columns that look like times as detail, so that no policy is
/// guessed for them, and adds a remark that says how to name them. Such are columns with a name
/// that says so, and those whose values all lie within a year and between 2001 and 2099 as Unix
/// seconds, milliseconds, microseconds or nanoseconds. May be called again. **Cost** one step for
/// most columns, one pass over those that begin like a time.
void mark_time_columns(ObservationTable& table);

}  // namespace haldane::analysis
