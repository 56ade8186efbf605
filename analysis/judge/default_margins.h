// Margins for metrics that name none, used both for inferred policies and for written ones.
#pragma once

#include <string>
#include <vector>

#include "analysis/judge/policy.h"

namespace haldane::analysis {

/// 5 % for samples, 0.1 percentage points for ratios, 0.01 % per exposure (50 % per row) for
/// counts, 50 % for gauges.
[[nodiscard]] Margin default_margin(MetricKind kind, bool has_exposure);

/// Fills missing margins and says so in `remarks`.
[[nodiscard]] JudgePolicy with_margins(JudgePolicy policy, std::vector<std::string>& remarks);

}  // namespace haldane::analysis
