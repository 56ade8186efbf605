// Time-weighted gauges as sums of intervals: the integral of "how many are waiting" over each time
// bin.
//
// A station that resolves a customer at admission knows the interval in which it waits and the one
// in which it is served. Adding intervals (rather than sampling a level) needs no event at either
// end, is exact in integers and commutes, and an interval over a thousand bins costs as much as one
// inside a bin: partial bins are added at its ends, and whole bins between them through a
// difference array.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "sim/base/time.h"

namespace haldane::sim {

/// Maps points of time to bins of a TimeGrid. **Cost** 2 ns: the grid is regular but for its first
/// and last bin.
class BinLocator {
 public:
  explicit BinLocator(const std::vector<SimTime>& bounds);
  /// The bin that holds `t`. **Domain** 0 <= t < end.
  [[nodiscard]] std::size_t bin_of(SimTime t) const {
    const std::int64_t offset = (t - second_bound_).count_ns();
    if (offset < 0) return 0;
    return 1 + static_cast<std::size_t>(offset / width_ns_);
  }
  [[nodiscard]] const std::vector<SimTime>& bounds() const { return bounds_; }
  [[nodiscard]] SimTime end() const { return bounds_.back(); }

 private:
  std::vector<SimTime> bounds_;
  SimTime second_bound_;
  std::int64_t width_ns_;
};

/// The integral over each bin of the number of added intervals that cover a moment. **Units** ns x
/// count.
class IntervalSeries {
 public:
  explicit IntervalSeries(const BinLocator& locator);

  /// Adds [from, to), cut at the end of the run. **Domain** 0 <= from <= to. `weight` multiplies
  /// (slots of one customer).
  void add(SimTime from, SimTime to) {
    if (from >= recent_begin_ && to <= recent_end_) [[likely]] {
      partial_[recent_bin_] += (to - from).count_ns();
      return;
    }
    add_slow(from, to);
  }

  /// Adds all of [from[i], to[i]). **Cost** little where one bin holds them all.
  void add(std::span<const SimTime> from, std::span<const SimTime> to);

  /// Sum per bin.
  [[nodiscard]] std::vector<std::int64_t> integrals() const;

 private:
  void add_slow(SimTime from, SimTime to);

  const BinLocator* locator_;
  std::vector<std::int64_t> partial_;  // ns in a bin from interval ends
  std::vector<std::int64_t> level_;  // change of the number of whole-bin intervals at a bin's start
  std::size_t recent_bin_ = 0;       // intervals come mostly from one bin at a time
  SimTime recent_begin_;
  SimTime recent_end_;
};

/// The integral over each bin of the age of a queue's head: adds (t - since) over [from, to).
/// **Units** us x us, so that a bin's sum stays in 64 bits (ages to 1e9 s).
class AgeSeries {
 public:
  explicit AgeSeries(const BinLocator& locator)
      : locator_(&locator), sums_(locator.bounds().size() - 1) {}
  /// **Domain** since <= from <= to. **Cost** O(bins touched).
  void add(SimTime since, SimTime from, SimTime to);
  [[nodiscard]] const std::vector<std::int64_t>& integrals() const { return sums_; }

 private:
  const BinLocator* locator_;
  std::vector<std::int64_t> sums_;
};

}  // namespace haldane::sim
