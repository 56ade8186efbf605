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
  /// A counter of a bin that may have been closed. **Domain** not later than the open one.
  std::int64_t& in_bin(std::size_t bin, std::size_t counter) {
    if (bin == swapped_) return current_[counter];
    if (bin < counters_.size()) return counters_[bin][counter];
    return swapped_ == nothing ? current_[counter] : counters_[swapped_][counter];
  }

  /// What is recorded until the next swap belongs to a bin that may be closed; called twice, before
  /// and after. **Domain** bin not after the open one.
  void swap_counters(std::size_t bin) {
    if (bin >= counters_.size()) return;
    std::swap(current_, counters_[bin]);
    swapped_ = swapped_ == nothing ? bin : nothing;
  }
  /// Records the batch in the slice of that bin, and empties it. **Domain** as swap_counters().
  void record(std::size_t h, std::size_t bin, sim::LatencyBatch& batch) {
    const auto after = std::upper_bound(grid_->slice_begin.begin(), grid_->slice_begin.end(), bin);
    const auto slice = static_cast<std::size_t>(after - grid_->slice_begin.begin()) - 1;
    if (slice >= slices_.size()) return histograms_[h].record(batch);
    for (std::size_t i = 0; i < batch.size; ++i) late_.push_back({slice, h, batch.ns[i]});
    batch.size = 0;
    if (late_.size() >= late_capacity) merge_late();
  }

  /// Closes everything; afterwards the results may be read.
  void finish() {
    while (counters_.size() < grid_->bins()) close_bin();
    merge_late();
  }
  /// Adds a counter bin by bin. **Domain** after finish().
  void add_counter(std::size_t c, std::vector<std::int64_t>& into) const {
    for (std::size_t bin = 0; bin < into.size(); ++bin) into[bin] += counters_[bin][c];
  }
  /// Adds a histogram slice by slice. **Domain** after finish().
  void add_slices(std::size_t h, std::vector<sim::LatencySlice>& into) const {
    for (std::size_t s = 0; s < into.size(); ++s) sim::merge(into[s], slices_[s][h]);
  }
  /// The last time that anybody asks for it: nothing of it is kept, or copied into nothing.
  void hand_over_slices(std::size_t h, std::vector<sim::LatencySlice>& into) {
    for (std::size_t s = 0; s < into.size(); ++s) sim::merge(into[s], std::move(slices_[s][h]));
  }

 private:
  // A latency of a slice that is closed.
  struct Late {
    std::size_t slice;
    std::size_t histogram;
    std::int64_t ns;
  };
  static constexpr std::size_t late_capacity = 4'096;
  static constexpr std::size_t nothing = ~std::size_t{0};

  void merge_late() {
    std::sort(late_.begin(), late_.end(), [](const Late& a, const Late& b) {
      if (a.slice != b.slice) return a.slice < b.slice;
      return a.histogram != b.histogram ? a.histogram < b.histogram : a.ns < b.ns;
    });
    for (auto first = late_.begin(); first != late_.end();) {
      const auto last = std::find_if(first, late_.end(), [&](const Late& late) {
        return late.slice != first->slice || late.histogram != first->histogram;
      });
      sim::LatencySlice slice;
      for (auto late = first; late != last; ++late) sim::append_ascending(slice, late->ns);
      sim::merge(slices_[first->slice][first->histogram], slice);
      first = last;
    }
    late_.clear();
  }

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
  std::size_t swapped_ = nothing;  // the bin whose counters are the current ones
  std::vector<std::array<std::int64_t, CounterCount>> counters_;  // [bin]
  std::array<sim::LatencyHistogram, HistogramCount> histograms_;
  std::vector<std::array<sim::LatencySlice, HistogramCount>> slices_;  // [slice]
  std::vector<Late> late_;  // what its slice does not hold yet
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
