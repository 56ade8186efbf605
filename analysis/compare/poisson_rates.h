// Two Poisson rates compared exactly: given the total of events, those of one arm are binomial.
#pragma once

#include <cstdint>

#include "analysis/compare/alternative.h"

namespace haldane::analysis {

struct CountArm {
  std::int64_t events = 0;
  double exposure = 0;
};

struct PoissonRates {
  double p_value = 1;
  IntervalEstimate ratio;  ///< rate of x / rate of y; infinite without events in y
};

/// Null: rate ratio of x over y = `null_ratio`. Two-sided sums all splits no more likely than the
/// one seen; the interval is Clopper and Pearson's. **Domain** exposures > 0, null_ratio > 0, at
/// least one event for an informative answer. **Source** Przyborowski & Wilenski 1940; as R's
/// poisson.test and binom.test.
[[nodiscard]] PoissonRates poisson_rates(const CountArm& x, const CountArm& y,
                                         Alternative alternative, double null_ratio,
                                         double confidence);

/// Exact binomial p-value of `events` in `trials` against `probability`.
[[nodiscard]] double binomial_p_value(std::int64_t events, std::int64_t trials, double probability,
                                      Alternative alternative);

}  // namespace haldane::analysis
