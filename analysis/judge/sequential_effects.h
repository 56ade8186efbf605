// The `sequential` mode: for each metric kind the effect with bounds and evidence that hold at
// every look.
#pragma once

#include "analysis/judge/arms.h"
#include "analysis/judge/effect.h"
#include "analysis/judge/gauge_contrast.h"
#include "analysis/judge/verdict.h"

namespace haldane::analysis {

/// One quantile of samples. **Domain** both arms not empty; relative only for a positive baseline
/// quantile. `dispersion` >= 1.
[[nodiscard]] Effect sequential_quantile(const RankedArms& arms, double probability,
                                         double dispersion, Evidence::Scale scale);

/// Observations that may depend on each other decide nothing below an effective size of 30:
/// fewer cannot show how they do.
void wait_for_effective_size(Effect& effect);

/// Events per exposure. **Domain** positive exposures; relative also with no baseline events (its
/// lower bound exists, its estimate does not).
[[nodiscard]] Effect sequential_rate(const RateArms& arms, EventLaw law, double dispersion,
                                     Evidence::Scale scale);

/// The same of columns, their dispersion seen over time.
[[nodiscard]] Effect sequential_rate(const ColumnPair& events, const ColumnPair& exposure,
                                     EventLaw law, Evidence::Scale scale);

/// Means of gauges. **Returns** an obstacle below an effective size of 30.
[[nodiscard]] Effect sequential_gauge(GaugeContrast gauges, Evidence::Scale scale);
[[nodiscard]] inline Effect sequential_gauge(const GaugeArms& arms, Evidence::Scale scale) {
  return sequential_gauge(GaugeContrast(arms), scale);
}

}  // namespace haldane::analysis
