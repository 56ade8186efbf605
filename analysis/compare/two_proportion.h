// Two proportions compared by Pearson's chi-squared statistic.
#pragma once

#include <optional>

#include "analysis/compare/alternative.h"

namespace haldane::analysis {

struct ProportionArm {
  double events = 0;
  double trials = 0;
};

struct TwoProportion {
  double chi_squared = 0;
  double p_value = 1;
  IntervalEstimate difference;  ///< share of x - share of y, clamped to [-1, 1]
};

/// Null: equal shares (pooled variance). `yates` applies the continuity correction, R's default of
/// prop.test; haldane's judge does not use it, because it is conservative. **Domain** 0 <= events
/// <= trials, trials > 0. **Returns** empty when all or none of the trials are events. **Source**
/// Newcombe 1998 (methods 1 and 2 for the interval); as R's prop.test.
[[nodiscard]] std::optional<TwoProportion> two_proportion(const ProportionArm& x,
                                                          const ProportionArm& y,
                                                          Alternative alternative, bool yates,
                                                          double confidence);

}  // namespace haldane::analysis
