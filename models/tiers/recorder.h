// The counters and histograms of one logical process, cut into bins and slices as simulated time
// passes.
#pragma once

#include <algorithm>
#include <array>
#include <utility>
#include <vector>

#include "sim/base/time.h"
#include "sim/measure/latency_histogram.h"
#include "sim/measure/measurements.h"

namespace haldane::models {

/// Single writer. What is recorded after the end of the run belongs to the last bin: callers decide
/// whether it should count. **Cost** one predictable comparison an event.
template <std::size_t CounterCount, std::size_t HistogramCount>
class Recorder {
 public:
  explicit Recorder(const sim::TimeGrid& grid) : grid_(&grid), bin_end_(end_of(0)) {
    counters_.reserve(grid.bins());
  }

  /// Everything recorded from now on happened at `t` or later. **Domain** t never decreases.
  void advance(SimTime t) {
    if (t >= bin_end_) [[unlikely]]
      close_bins(t);
  }

  /// When the open bin ends: advance() has nothing to do before.
  [[nodiscard]] SimTime bin_end() const { return bin_end_; }
  /// The bin that is open.
  [[nodiscard]] std::size_t bin() const { return counters_.size(); }
  std::int64_t& operator[](std::size_t counter) { return current_[counter]; }
  sim::LatencyHistogram& histogram(std::size_t h) { return histograms_[h]; }

  /// Closes everything; afterwards the results may be read.
  void finish() {
    while (counters_.size() < grid_->bins()) close_bin();
  }
  /// Adds a counter bin by bin. **Domain** after finish().
  void add_counter(std::size_t c, std::vector<std::int64_t>& into) const {
    for (std::size_t bin = 0; bin < into.size(); ++bin) into[bin] += counters_[bin][c];
  }
  /// Adds a histogram slice by slice. **Domain** after finish().
  void add_slices(std::size_t h, std::vector<sim::LatencySlice>& into) const {
    for (std::size_t s = 0; s < into.size(); ++s) sim::merge(into[s], slices_[s][h]);
  }

 private:
  // The last bin stays open until finish().
  [[nodiscard]] SimTime end_of(std::size_t bin) const {
    return bin + 1 < grid_->bins() ? grid_->bin_bounds[bin + 1] : SimTime::never();
  }
  void close_bins(SimTime t) {
    while (t >= bin_end_) close_bin();
  }
  void close_bin() {
    counters_.push_back(std::exchange(current_, {}));
    bin_end_ = end_of(counters_.size());
    if (counters_.size() != grid_->slice_begin[slices_.size() + 1]) return;
    auto& slice = slices_.emplace_back();
    for (std::size_t h = 0; h < HistogramCount; ++h) slice[h] = histograms_[h].take_slice();
  }

  const sim::TimeGrid* grid_;
  SimTime bin_end_;
  std::array<std::int64_t, CounterCount> current_{};
  std::vector<std::array<std::int64_t, CounterCount>> counters_;  // [bin]
  std::array<sim::LatencyHistogram, HistogramCount> histograms_;
  std::vector<std::array<sim::LatencySlice, HistogramCount>> slices_;  // [slice]
};

/// The largest value of a level per bin.
class MaximumSeries {
 public:
  explicit MaximumSeries(std::size_t bins) : maxima_(bins) {}
  void note(std::size_t bin, std::int64_t value) { maxima_[bin] = std::max(maxima_[bin], value); }
  [[nodiscard]] const std::vector<std::int64_t>& maxima() const { return maxima_; }

 private:
  std::vector<std::int64_t> maxima_;
};

}  // namespace haldane::models
