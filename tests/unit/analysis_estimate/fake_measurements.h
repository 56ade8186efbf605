// Measurements written by hand: a grid of equal bins, two counters, one gauge, one histogram.
#pragma once

#include <cstdint>
#include <vector>

#include "sim/measure/latency_histogram.h"
#include "sim/measure/measurements.h"

namespace haldane::analysis {

/// `slices` slices of `bins_per_slice` one-second bins, everything zero.
inline sim::Measurements empty_run(std::size_t slices, std::size_t bins_per_slice = 1,
                                   std::uint32_t warmup_bins = 0) {
  sim::Measurements run;
  const std::size_t bins = slices * bins_per_slice;
  for (std::size_t bin = 0; bin <= bins; ++bin) {
    run.grid.bin_bounds.push_back(SimTime::zero() +
                                  Duration::seconds(static_cast<std::int64_t>(bin)));
  }
  for (std::size_t slice = 0; slice <= slices; ++slice) {
    run.grid.slice_begin.push_back(static_cast<std::uint32_t>(slice * bins_per_slice));
  }
  run.grid.warmup_bins = warmup_bins;
  run.counters.assign(2, std::vector<std::int64_t>(bins, 0));
  run.maxima.assign(1, std::vector<std::int64_t>(bins, 0));
  run.latencies.assign(1, std::vector<sim::LatencySlice>(slices));
  return run;
}

/// The slice that recording these latencies would leave.
inline sim::LatencySlice slice_of(const std::vector<std::int64_t>& latencies_ns) {
  sim::LatencyHistogram histogram;
  for (const std::int64_t ns : latencies_ns) histogram.record_ns(ns);
  return histogram.take_slice();
}

inline sim::MetricDefinition definition(const char* name, const char* unit, sim::MetricKind kind,
                                        double scale = 1, double quantile = 0) {
  sim::MetricDefinition metric;
  metric.name = name;
  metric.unit = unit;
  metric.kind = kind;
  metric.a = 0;
  metric.b = 1;
  metric.scale = scale;
  metric.quantile = quantile;
  if (kind != sim::MetricKind::ratio) metric.b = 0;
  return metric;
}

}  // namespace haldane::analysis
