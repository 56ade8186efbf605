// A compacted column that can still be cut: at moments that were known before its rows were folded,
// a sketch of what lies between each two.
#pragma once

#include <cstddef>
#include <memory>
#include <span>
#include <vector>

#include "analysis/ingest/column_sketch.h"

namespace haldane::analysis {

/// **Domain** cuts ascending; one part more than cuts: before the first, ..., from the last on.
struct SketchStrata {
  std::vector<double> cuts_s;
  std::vector<std::shared_ptr<ColumnSketch>> parts;
};

/// As compact_rows, with a sketch of each stretch between `cuts_s` (Unix seconds, ascending). The
/// column's own sketch is brought up to date by join_strata(). A column in which a value has no
/// time is folded as a whole. **Cost** memory is bounded for each stretch.
void compact_between(ObservationColumn& column, std::span<const double> cuts_s,
                     std::size_t kept_max = rows_kept_max, const SketchLimits& limits = {});

/// Makes the column's sketch that of all its strata; nothing where it has none.
void join_strata(ObservationColumn& column);

/// The column's observations from `begin_s` on and before `end_s`, compacted, with the strata
/// between. **Domain** a column with strata; each bound is one of their cuts or infinite.
[[nodiscard]] ObservationColumn compacted_between(const ObservationColumn& column, double begin_s,
                                                  double end_s);

}  // namespace haldane::analysis
