// Mann-Whitney test: is one sample shifted against another? Ranks only, so outliers weigh no more
// than their order.
#pragma once

#include <span>

#include "analysis/compare/alternative.h"

namespace haldane::analysis {

struct MannWhitney {
  double wins = 0;  ///< pairs with x above y, ties half (R's W)
  double p_value = 1;
  bool exact = false;
  bool degenerate = false;  ///< all values are equal: nothing to rank, p_value is 1
};

/// **Units** of the samples in `shift`: the null is "x - shift and y have one law". **Domain** both
/// sorted ascending, not empty, without NaN. Exact for n, m < 50 without ties; else normal with tie
/// and continuity correction. **Cost** O(n + m). **Source** Mann & Whitney 1947; choices as R's
/// wilcox.test, with which p-values agree to 1e-9.
[[nodiscard]] MannWhitney mann_whitney(std::span<const double> x, std::span<const double> y,
                                       Alternative alternative, double shift = 0);

}  // namespace haldane::analysis
