#include "analysis/estimate/unit.h"

#include <algorithm>
#include <cmath>

#include "sim/base/check.h"
#include "sim/measure/latency_histogram.h"

namespace haldane::analysis {
namespace {

std::int64_t sum_bins(const std::vector<std::int64_t>& bins, std::size_t first, std::size_t last) {
  std::int64_t sum = 0;
  for (std::size_t bin = first; bin < last; ++bin) sum += bins[bin];
  return sum;
}

std::int64_t max_bins(const std::vector<std::int64_t>& bins, std::size_t first, std::size_t last) {
  std::int64_t largest = 0;
  for (std::size_t bin = first; bin < last; ++bin) largest = std::max(largest, bins[bin]);
  return largest;
}

std::size_t slice_starting_at(const sim::TimeGrid& grid, std::uint32_t bin) {
  const auto& begin = grid.slice_begin;
  const auto found = std::lower_bound(begin.begin(), begin.end(), bin);
  HALDANE_CHECK(found != begin.end() && *found == bin);
  return static_cast<std::size_t>(found - begin.begin());
}

Unit totals(const sim::Measurements& run, std::size_t first_slice, std::size_t last_slice) {
  const sim::TimeGrid& grid = run.grid;
  const std::size_t first = grid.slice_begin[first_slice];
  const std::size_t last = grid.slice_begin[last_slice];
  Unit unit;
  unit.measured_ns = (grid.bin_bounds[last] - grid.bin_bounds[first]).count_ns();
  for (const auto& bins : run.counters) unit.counters.push_back(sum_bins(bins, first, last));
  for (const auto& bins : run.maxima) unit.maxima.push_back(max_bins(bins, first, last));
  for (const auto& slices : run.latencies) {
    sim::LatencySlice merged;
    for (std::size_t slice = first_slice; slice < last_slice; ++slice) {
      sim::merge(merged, slices[slice]);
    }
    unit.latencies.push_back(std::move(merged));
  }
  return unit;
}

}  // namespace

double quantile_ns(const sim::LatencySlice& slice, double q) {
  HALDANE_CHECK(slice.count > 0);
  // The share times the count may land a rounding error above a whole rank that it equals.
  const double rank = std::ceil(q * static_cast<double>(slice.count) * (1 - 1e-12));
  std::int64_t seen = 0;
  for (const sim::HistogramBucket& bucket : slice.buckets) {
    seen += bucket.count;
    if (static_cast<double>(seen) >= rank) return static_cast<double>(bucket.value_ns);
  }
  return static_cast<double>(slice.max_ns);
}

std::int64_t count_up_to(const sim::LatencySlice& slice, double value_ns) {
  std::int64_t count = 0;
  for (const sim::HistogramBucket& bucket : slice.buckets) {
    if (static_cast<double>(bucket.value_ns) > value_ns) break;
    count += bucket.count;
  }
  return count;
}

Unit whole_run(const sim::Measurements& run, std::uint32_t warmup_bins) {
  return totals(run, slice_starting_at(run.grid, warmup_bins), run.grid.slices());
}

std::vector<Unit> batches(const sim::Measurements& run, std::uint32_t warmup_bins) {
  std::vector<Unit> units;
  for (std::size_t slice = slice_starting_at(run.grid, warmup_bins); slice < run.grid.slices();
       ++slice) {
    units.push_back(totals(run, slice, slice + 1));
  }
  return units;
}

void merge_run(sim::Measurements& into, const sim::Measurements& from) {
  if (into.grid.bin_bounds.empty()) {
    into = from;
    return;
  }
  HALDANE_CHECK(into.grid.bin_bounds == from.grid.bin_bounds);
  for (std::size_t i = 0; i < into.counters.size(); ++i) {
    for (std::size_t bin = 0; bin < into.counters[i].size(); ++bin) {
      into.counters[i][bin] += from.counters[i][bin];
    }
  }
  for (std::size_t i = 0; i < into.maxima.size(); ++i) {
    for (std::size_t bin = 0; bin < into.maxima[i].size(); ++bin) {
      into.maxima[i][bin] = std::max(into.maxima[i][bin], from.maxima[i][bin]);
    }
  }
  for (std::size_t i = 0; i < into.latencies.size(); ++i) {
    for (std::size_t slice = 0; slice < into.latencies[i].size(); ++slice) {
      sim::merge(into.latencies[i][slice], from.latencies[i][slice]);
    }
  }
  into.events += from.events;
}

}  // namespace haldane::analysis
