// From units of evidence to published metrics: value and interval, one way for each kind of metric.
//
// Everything but a maximum is a ratio of two sums over the units (events per second, hits per
// lookup, latency per request, requests below a value per request), so one estimator serves: the
// pooled ratio, with the error of its linear residuals. A quantile's interval is found on the
// probability scale and mapped back through the pooled distribution, which needs no density and no
// batch that is long enough to hold its own p999.
#pragma once

#include <cstdint>
#include <vector>

#include "analysis/estimate/run_result.h"
#include "analysis/estimate/unit.h"
#include "sim/measure/measurements.h"

namespace haldane::analysis {

/// The units of evidence of one experiment. The point estimate pools them in any case; only the
/// error differs.
struct UnitSet {
  std::vector<Unit> units;       ///< replication by replication, each in time order
  std::size_t replications = 1;  ///< a divisor of units.size()

  [[nodiscard]] bool sliced() const { return units.size() > replications; }
};

/// One estimate per catalogue entry, in its order. The error comes from the slices of one run
/// (batch_error), from several runs by slice (sliced_replication_error), or from one value a
/// replication by Student's t. **Domain** at least one unit. **Returns** an empty value for absent
/// tiers, for ratios without a denominator and latencies without a request; empty bounds where
/// fewer than two units say something, for the maximum of one run, and for a quantile beyond what
/// was observed. ConfidenceBounds stay within what the unit allows: never below 0, a "ratio" never
/// above 1.
/// **Determinism** pure. **Source** ratio estimator: Law 2015, Simulation Modeling and Analysis,
/// sec. 9.5; quantile by inverting the interval of P(X <= q): Woodruff 1952, on the logit scale.
[[nodiscard]] std::vector<MetricEstimate> estimate_metrics(const sim::MetricCatalogue& catalogue,
                                                           const UnitSet& evidence);

/// Half the interval's width relative to the value. **Returns** 0 for an interval without width,
/// empty where value or a bound is missing or the value is 0.
[[nodiscard]] std::optional<double> relative_half_width(const MetricEstimate& estimate);

/// The pooled distributions behind the latency metrics, named without their statistic
/// ("requests.latency_ms"), as points for pictures: every percent, then a geometric ladder to the
/// largest value.
[[nodiscard]] std::vector<LatencyDistribution> latency_distributions(
    const sim::MetricCatalogue& catalogue, const UnitSet& evidence);

}  // namespace haldane::analysis
