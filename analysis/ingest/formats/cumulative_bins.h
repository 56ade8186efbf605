// Histograms that are given as totals since a process started: what came between two of them.
#pragma once

#include <map>
#include <optional>
#include <utility>

namespace haldane::analysis {

/// Observations between two bounds, by these bounds.
using BoundedCounts = std::map<std::pair<double, double>, double>;

/// One series. Its buckets may become coarser on the way, as exponential histograms do when their
/// range grows; a total that falls is a restart, and what is there then came since.
class CumulativeBins {
 public:
  /// **Domain** `now` without overlaps. **Returns** what came since the histogram before; nothing
  /// for the first, and nothing where the new bounds cut the old buckets.
  std::optional<BoundedCounts> increase(BoundedCounts now, bool restarted = false);

  [[nodiscard]] int histograms() const { return histograms_; }
  [[nodiscard]] const BoundedCounts& last() const { return last_; }

 private:
  int histograms_ = 0;
  BoundedCounts last_;
};

}  // namespace haldane::analysis
