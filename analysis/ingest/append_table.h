// Tables that continue one another: a range that was asked for in pieces.
#pragma once

#include "analysis/ingest/observation_table.h"

namespace haldane::analysis {

/// Adds what `piece` holds after `after_s` (Unix seconds; -inf = all of it) to the end of `table`:
/// single values with later times, and all bins and counts, which must therefore be of later times
/// alone (increases of counters from a point of time that both pieces have). A column that is
/// binned in either is so afterwards, and what came as single values is left out, as in one
/// reading.
/// **Domain** raw and binned columns with times, of one reader.
void append_after(ObservationTable& table, const ObservationTable& piece, double after_s);

}  // namespace haldane::analysis
