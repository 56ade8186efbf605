// The pieces of evidence that a standard error is computed from: one unit is a whole replication,
// or one batch (time slice) of a single run. Both carry the same totals, so that every estimator is
// written once.
#pragma once

#include <cmath>
#include <cstdint>
#include <vector>

#include "sim/measure/measurements.h"

namespace haldane::analysis {

/// Totals over the measured bins of one unit. Indices are those of the MetricCatalogue.
struct Unit {
  std::int64_t measured_ns = 0;              ///< measured time; whole, so that sums are exact
  std::vector<std::int64_t> counters;        ///< sums over bins
  std::vector<std::int64_t> maxima;          ///< largest bin value
  std::vector<sim::LatencySlice> latencies;  ///< slices merged
};

/// A point of time as the double nearest to its decimal: 480 s, not 480.00000000000006.
[[nodiscard]] inline double published_seconds(SimTime point) {
  return static_cast<double>(point.count_ns()) / 1e9;
}

/// value x scale; for a scale such as 1e-6, whose inverse is whole, as the division it stands for,
/// so that 535,039 ns become 0.535039 ms and not 0.5350389999999999.
[[nodiscard]] inline double scaled(double value, double scale) {
  const double inverse = 1 / scale;
  const bool is_division = scale < 1 && inverse == std::round(inverse);
  return is_division ? value / inverse : value * scale;
}

/// The smallest value that at least a share `q` of the recorded values do not exceed.
/// **Domain** slice.count > 0; q in (0, 1]. **Returns** ns.
[[nodiscard]] double quantile_ns(const sim::LatencySlice& slice, double q);

/// How many recorded values are at most `value_ns`.
[[nodiscard]] std::int64_t count_up_to(const sim::LatencySlice& slice, double value_ns);

/// Everything after the warm-up as one unit. **Domain** warmup_bins < bins and a slice boundary.
[[nodiscard]] Unit whole_run(const sim::Measurements& run, std::uint32_t warmup_bins);

/// One unit per slice after the warm-up, in time order. **Domain** as above.
[[nodiscard]] std::vector<Unit> batches(const sim::Measurements& run, std::uint32_t warmup_bins);

/// Adds a replication bin by bin and slice by slice, for series. **Domain** equal grids, or an
/// empty `into`, which becomes `from`.
void merge_run(sim::Measurements& into, const sim::Measurements& from);

}  // namespace haldane::analysis
