// Two rates of so few events that no normal law holds (one look).
#pragma once

#include "analysis/judge/arms.h"
#include "analysis/judge/effect.h"
#include "analysis/judge/verdict.h"
#include "analysis/sequential/rate_bounds.h"

namespace haldane::analysis {

/// Rates of both arms by the exact laws of their counts. At each baseline rate that the hypothesis
/// allows, the two arms' one-sided p-values are independent; their product x gives the p-value
/// x (1 - log x), and the largest over all baseline rates counts. **Domain** positive exposures;
/// `dispersion` >= 1 divides counts and exposures. **Cost** some thousand incomplete beta (gamma)
/// functions a bound. **Source** Fisher 1932, *Statistical Methods for Research Workers*, 4th ed.,
/// sec. 21.1, for the product.
[[nodiscard]] Effect few_events_effect(const RateArms& arms, EventLaw law, double dispersion,
                                       Evidence::Scale scale);

}  // namespace haldane::analysis
