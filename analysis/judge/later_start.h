// Where a canary may have become worse: a judge that weighs all its time alike would take a step
// halfway for a slow cause that requests share, and wait.
#pragma once

#include <optional>

#include "analysis/judge/arms.h"
#include "analysis/judge/effect.h"

namespace haldane::analysis {

struct PartOfArms {
  ObservationColumn baseline;
  ObservationColumn canary;

  [[nodiscard]] ColumnPair columns() const { return {&baseline, &canary}; }
};

/// Both arms until a whole minute after the first observation, and from it on.
struct LaterArms {
  PartOfArms before;
  PartOfArms after;
  double after_s = 0;
  double error_part = 0;  ///< as in LaterStart
};

/// The minute after the split of the time whose sides differ most in how far the arms' shares at or
/// below `threshold` lie apart. Minute j has later_error_part / (j (j + 1)) of the error, whichever
/// is asked: a weighted mean of the e-processes that begin at each minute is one. **Domain** single
/// rows with times. **Returns** nothing where a side would span less than 100 s or lack rows of an
/// arm. **Cost** O(rows). **Source** Shin, Ramdas, Rinaldo 2024, *E-detectors*, sec. 3.
[[nodiscard]] std::optional<LaterArms> later_arms(const ColumnPair& columns, double threshold);

}  // namespace haldane::analysis
