// The pictures of a simulation: which series stand together, in which units, on which axes.
#pragma once

#include <vector>

#include "analysis/estimate/run_result.h"
#include "analysis/report/plot/line_chart.h"

namespace haldane::analysis {

/// Request rate, hit ratio, latency percentiles, queue depths and utilization over time, in that
/// order. A chart whose tier is absent has no points.
[[nodiscard]] std::vector<plot::LineChart> charts_over_time(const RunResult& run);

/// Latency against 1 / (1 - p) on a logarithmic axis: the whole distribution with its tail. With
/// arms, one line an arm, else one a tier.
[[nodiscard]] plot::LineChart percentile_ladder(const RunResult& run);

}  // namespace haldane::analysis
