// Tables that continue one another: a range that was asked for in pieces.
#pragma once

#include <cstddef>

#include "analysis/ingest/observation_table.h"

namespace haldane::analysis {

/// Adds what `piece` holds after `after_s` (Unix seconds; -inf = all of it) to the end of `table`:
/// single values with later times, and all bins and counts, which must therefore be of later times
/// alone (increases of counters from a point of time that both pieces have). A column that is
/// binned in either is so afterwards, and what came as single values is left out, as in one
/// reading. Columns of more than `kept_max` single values are compacted (column_sketch.h); their
/// sketches are new ones, so that copies of the table stay as they are.
/// **Domain** raw and binned columns with times, of one reader; compacted ones in `table`.
void append_after(ObservationTable& table, const ObservationTable& piece, double after_s,
                  std::size_t kept_max);

}  // namespace haldane::analysis
