// Asymptotic confidence sequence of a mean: valid at every look once the central limit theorem
// holds, whatever the law of the values. Used for gauges, where an effective size is all that a
// correlated series offers; docs/statistics/gauges.md says what that does not cover.
#pragma once

namespace haldane::analysis {

/// A mean with its standard error and the (effective) number of observations behind them.
struct MeanEstimate {
  double value = 0;
  double standard_error = 0;
  double n_effective = 0;
};

/// One-sided half width at error exp(-log_threshold). **Domain** n_effective > 0. **Source**
/// Waudby-Smith, Arbour, Sinha, Kennedy, Ramdas 2024, Prop. B.1 (one-sided), tuned for an
/// effective size of 200.
[[nodiscard]] double half_width(const MeanEstimate& estimate, double log_threshold);

/// log e-value against "mean <= null". **Returns** -inf at or below the null.
[[nodiscard]] double log_evidence_mean_above(const MeanEstimate& estimate, double null);

}  // namespace haldane::analysis
