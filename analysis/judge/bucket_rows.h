// Rows of counts that are not what they seem: running totals instead of increases, and rows that
// were read twice. A sum over either is no number of events.
#pragma once

#include <cstdint>

#include "analysis/judge/arms.h"

namespace haldane::analysis {

/// Whether one arm's values keep rising over time as a counter's totals do, restarts aside: at
/// least 20 times, with at most one fall in 20 rises. Counts by bucket fall as often as they rise,
/// but a load may only rise; so where there is an `exposure`, it must rise like that and events
/// must rise, three times at least, and fall no more often than it does. **Cost** O(rows); a sort
/// where rows are out of order.
[[nodiscard]] bool are_running_totals(const ObservationColumn& events,
                                      const ObservationColumn* exposure);

/// Rows of one arm that repeat another: same time, events and exposure.
struct RepeatedRows {
  std::int64_t repeated = 0;
  std::int64_t rows = 0;
};

/// **Domain** columns of one table. **Returns** none where rows have no times or hold single
/// requests, where fewer than ten or one in a hundred are repeated, and where more than a tenth of
/// the rows that share a time differ: those are several sources' rows. **Cost** one sort.
[[nodiscard]] RepeatedRows repeated_rows(const ObservationColumn& events,
                                         const ObservationColumn& exposure);

}  // namespace haldane::analysis
