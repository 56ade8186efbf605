// Fisher's exact test: the odds of an event in two arms, given all four margins.
#pragma once

#include <cstdint>

#include "analysis/compare/alternative.h"

namespace haldane::analysis {

/// Events and non-events of both arms.
struct TwoByTwo {
  std::int64_t x_events = 0;
  std::int64_t x_others = 0;
  std::int64_t y_events = 0;
  std::int64_t y_others = 0;
};

struct FisherExact {
  double p_value = 1;
  IntervalEstimate odds_ratio;  ///< conditional maximum likelihood; 0 or infinity at the edges
};

/// Null: odds ratio of x over y = `null_odds`. Two-sided sums all tables no more likely than the
/// one seen. **Domain** counts >= 0, null_odds > 0, 0 < confidence < 1. **Cost** O(smallest margin)
/// for each of some 100 steps. **Source** Fisher 1935; the interval inverts the one-sided tests, as
/// R's fisher.test, which stops its root finder at about 1e-4.
[[nodiscard]] FisherExact fisher_exact(const TwoByTwo& table, Alternative alternative,
                                       double null_odds, double confidence);

}  // namespace haldane::analysis
