// Samples and rates measured from how the arms stood before the release: what was shown of both
// times, joined so that it holds for every offset that the arms may have had.
#pragma once

#include "analysis/judge/effect.h"
#include "analysis/judge/metric_case.h"

namespace haldane::analysis {

/// The effect `after` beyond the effect `before`: (1 + after) / (1 + before) - 1, or their
/// difference. **Domain** both sequential, of one scale, with bounds; relative ones above -1.
/// **Returns** an obstacle where one of them has one. The e-value against "at most m" is the least,
/// over every offset x, of that of the time before against "the offset is at least x" times that
/// of the time after against "at most m beyond x": at the true offset both are e-values, and what
/// comes later is one given what came before. **Cost** some hundred evaluations of either.
/// **Source** docs/statistics/covariates.md.
[[nodiscard]] Effect effect_from_before(Effect before, Effect after, Evidence::Scale scale);

/// `after` as it is, or measured from before the release where the metric asks for it: `effect_of`
/// gives the effect of a case, here of the time before. The evidence and the remarks say from what.
[[nodiscard]] Effect adjusted(MetricCase& judged, Effect after, Evidence& evidence,
                              Evidence::Scale scale,
                              const std::function<Effect(const MetricCase& before)>& effect_of);

}  // namespace haldane::analysis
