// What one replication measured, in a form that knows nothing of the system: named-by-index
// counters, maxima and latency histograms per time bin or slice. Models fill it; analysis turns it
// into estimates with intervals.
//
// Everything is an integer, so merging is associative and the result cannot depend on threads.
// Keeping time bins rather than totals lets the warm-up be cut and batches be formed after the run,
// at bounded memory (<= 2,000 bins, about 64 slices) however long the run is.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "sim/base/time.h"

namespace haldane::sim {

/// Non-empty buckets of a latency histogram, ascending. **Units** representative value in ns,
/// count.
struct HistogramBucket {
  std::int64_t value_ns = 0;  ///< bucket midpoint, within 0.1 % of every value counted in it
  std::int64_t count = 0;
};

/// Latencies of one time slice. `sum_ns` is exact, so means carry no bucket error.
struct LatencySlice {
  std::int64_t count = 0;
  std::int64_t sum_ns = 0;
  std::int64_t max_ns = 0;
  std::vector<HistogramBucket> buckets;
};

/// The time axis: bins of equal width aligned on the end of the stated warm-up, and slices of whole
/// bins.
struct TimeGrid {
  std::vector<SimTime> bin_bounds;         ///< n_bins + 1 points; first 0, last the end of the run
  std::vector<std::uint32_t> slice_begin;  ///< n_slices + 1 bin indices; first 0, last n_bins
  std::uint32_t warmup_bins = 0;  ///< bins before the stated warm-up ends; always a slice boundary

  [[nodiscard]] std::size_t bins() const { return bin_bounds.size() - 1; }
  [[nodiscard]] std::size_t slices() const { return slice_begin.size() - 1; }
};

/// One replication's result. Indices are those of the MetricCatalogue the producer publishes beside
/// it.
struct Measurements {
  TimeGrid grid;
  std::vector<std::vector<std::int64_t>>
      counters;  ///< [counter][bin] sums: events, or ns for time integrals
  std::vector<std::vector<std::int64_t>> maxima;     ///< [gauge][bin]
  std::vector<std::vector<LatencySlice>> latencies;  ///< [histogram][slice]
  std::uint64_t events = 0;  ///< simulated events of the whole run, warm-up included
  std::uint64_t digest = 0;  ///< hash of every event in order and of every result
};

/// How one published metric is computed from Measurements.
enum class MetricKind : std::uint8_t {
  rate,   ///< counter `a` per second of measured time, times `scale`
  ratio,  ///< counter `a` / counter `b`, times `scale`; null where `b` is zero over the whole run
  total,  ///< counter `a` summed over measured time, times `scale`
  time_average,      ///< counter `a` holds value x ns; divided by measured ns, times `scale`
  maximum,           ///< gauge `a`, times `scale`
  latency_mean,      ///< histogram `a`, ns times `scale`
  latency_quantile,  ///< histogram `a` at `quantile`, ns times `scale`
};

/// One published metric: name, unit, definition.
struct MetricDefinition {
  std::string name;  ///< contract name such as "api.wait_ms.p99"
  std::string unit;  ///< "1/s", "ratio", "ms", "s", "1", "cost/h"
  MetricKind kind = MetricKind::rate;
  std::uint32_t a = 0;
  std::uint32_t b = 0;
  double quantile = 0;  ///< in (0, 1) for latency_quantile
  double scale = 1;
  bool absent = false;  ///< the tier does not exist in this scenario: the metric is null
};

/// Every metric of a scenario, in publication order.
using MetricCatalogue = std::vector<MetricDefinition>;

}  // namespace haldane::sim
