// A metric over simulated time: by bin for counters, by slice for latencies.
#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "analysis/estimate/run_result.h"
#include "sim/measure/measurements.h"

namespace haldane::analysis {

struct CurvePoint {
  double from_s = 0;
  double to_s = 0;
  std::optional<double> value;  ///< empty where nothing was measured
};

struct Curve {
  std::vector<CurvePoint> points;
  bool grows_with_traffic = false;  ///< a rate, count or level: of a part of the traffic, a part
};

/// `merged` holds sums over `replications` runs (merge_run). **Units** those of the metric.
/// **Returns** no points for totals and maxima, which are no curves, and for absent tiers.
[[nodiscard]] Curve curve_of(const sim::MetricDefinition& metric, const sim::Measurements& merged,
                             std::uint32_t replications);

/// The same of every metric but maxima: a total as the sum since `from_s`. **Returns** no points
/// for maxima and absent tiers.
[[nodiscard]] Curve watched_curve(const sim::MetricDefinition& metric,
                                  const sim::Measurements& merged, std::uint32_t replications,
                                  double from_s);

/// Every rate, ratio, time average, latency mean and p50, p90, p99 as a published series. A point's
/// time is the middle of its bin or slice; values have 6 digits, which is more than any picture
/// needs.
[[nodiscard]] std::vector<Series> make_series(const sim::MetricCatalogue& catalogue,
                                              const sim::Measurements& merged,
                                              std::uint32_t replications);

}  // namespace haldane::analysis
