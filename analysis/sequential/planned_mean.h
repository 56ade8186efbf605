// A mean that is watched until a planned end: the bounds of O'Brien and Fleming, at every moment.
// They hardly spend error early, so that at the end they are nearly those of one look.
//
// Sums of what was observed are a Brownian motion W in the share t of the information, once the
// central limit theorem holds, and W exceeds c at any t <= 1 with probability 2 (1 - Phi(c)). The
// standard error is estimated, as is the autocorrelation time behind it, so the distance from the
// null counts as Student's t with half as many degrees of freedom as the effective size.
#pragma once

#include "analysis/sequential/mean_sequence.h"

namespace haldane::analysis {

/// One-sided half width at error `error`, valid at every look until the end. **Domain** `share` in
/// (0, 1]: of the information that the mean will have at the end; `error` in (0, 1); n_effective
/// above 0. **Source** O'Brien, Fleming 1979, Biometrics 35, in continuous time; Jennison, Turnbull
/// 2000, *Group Sequential Methods*, sec. 3.1 (any errors, by information); Wallace 1959, Ann.
/// Math. Stat. 30 (Student's t as a normal deviate).
[[nodiscard]] double planned_half_width(const MeanEstimate& estimate, double share, double error);

/// log e-value against "mean <= null" that reaches -log(error) where W crosses the bound, and no
/// more: the chance that W, from where it stands, will still cross it, over that chance at the
/// beginning. **Domain** as above.
[[nodiscard]] double log_evidence_planned_above(const MeanEstimate& estimate, double null,
                                                double share, double error);

}  // namespace haldane::analysis
