// How the evidence grew: the judge asked again of the first part of the data, then of more, up to
// all of it. Sequential bounds hold at all these looks at once, so the series shows what a watch
// would have seen; it decides nothing.
#pragma once

#include <optional>
#include <vector>

#include "analysis/judge/judge.h"

namespace haldane::analysis {

/// Looks that a page shows.
inline constexpr int looks_of_a_page = 100;

/// The e-value at which any entry that decides rolls back by its own share of alpha, however the
/// others stand. **Returns** nothing where no metric decides.
[[nodiscard]] std::optional<double> condemning_e_value(const JudgePolicy& policy);

/// Looks at equal distances in time where both arms' columns have times, else in rows.
/// **Domain** `looks` at least 1. **Returns** one series an entry, in the order of judge()'s
/// metrics; none unless the mode is sequential, or where a column is compacted: its past is not
/// kept. Bins have no times and are left out. The last point
/// is judge()'s own evidence. **Cost** a judgement a look; fewer looks, at least ten, where the
/// arms hold more than a million values. **Determinism** pure.
[[nodiscard]] std::vector<EvidenceSeries> evidence_over_time(const JudgePolicy& policy,
                                                             const ObservationTable& baseline,
                                                             const ObservationTable& canary,
                                                             int looks);

}  // namespace haldane::analysis
