// What the window itself says against the baseline as a yardstick, where no time before the release
// is known: docs/statistics/baselines.md.
#pragma once

#include "analysis/judge/metric_case.h"

namespace haldane::analysis {

/// Adds a doubt where, each at the metric's share of alpha over all looks, the baseline is shown
/// above `unhealthy_above`, or to have moved beside the canary by more than the margin; and where
/// the arms share rows. Informational metrics are not asked. **Domain** the metric's entries were
/// added; both arms have data.
void doubt_baseline(MetricCase& judged);

}  // namespace haldane::analysis
