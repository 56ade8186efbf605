// Whether one arm moved during the watch and the other did not: a baseline that fell sick halfway,
// or recovered, makes a canary look better or worse than it is. What both arms share, such as the
// load of the day, is no drift.
#pragma once

#include <optional>

#include "analysis/judge/arms.h"
#include "analysis/judge/verdict.h"

namespace haldane::analysis {

/// What both arms showed slice by slice of the time that both cover, in slices of 2^k seconds that
/// both have data in: at least 64, at most 480.
struct SlicedArms {
  GaugeArms values;  ///< empty where there are fewer slices
  double width_s = 0;
};

/// Means of a gauge, medians of samples (of up to 65,536 rows an arm; means where they were
/// compacted), events per exposure (compacted ones as RateSlices). Columns
/// without times give none; without exposures, which are null then, each row counts as one. A slice
/// has on average 20 rows or 2 events of the smaller arm.
[[nodiscard]] SlicedArms sliced_means(const ColumnPair& columns);
[[nodiscard]] SlicedArms sliced_medians(const ColumnPair& columns);
[[nodiscard]] SlicedArms sliced_rates(const ColumnPair& events, const ColumnPair& exposure);

struct ArmDrift {
  double log_e = 0;    ///< against "the arms stayed as far apart as they were", all splits together
  double after_s = 0;  ///< the split that says most
  double baseline = 0;  ///< how either arm moved there: relative, or by difference
  double canary = 0;
};

/// Looks for a move of one arm beside the other by more than `margin`, after 32, 48, 64, ...
/// slices: the time before sets the level, as in GaugeAdjustment, and what follows is an e-process.
/// **Returns** nothing where no split has an effective size of 30 on both sides. **Source** a
/// weighted mean of e-processes is one (Vovk, Wang 2021); each split that is ever asked weighs
/// 1/128, which does for a watch that grows a hundredfold.
[[nodiscard]] std::optional<ArmDrift> arm_drift(const SlicedArms& arms, Evidence::Scale scale,
                                                double margin);

}  // namespace haldane::analysis
