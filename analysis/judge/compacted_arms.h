// Compacted columns (column_sketch.h) as the methods of each kind read them. Both arms are brought
// to slices of one width; an arm that still has its rows is folded for it.
#pragma once

#include <initializer_list>
#include <utility>
#include <vector>

#include "analysis/judge/arms.h"

namespace haldane::analysis {

/// Whether any of the columns is compacted.
[[nodiscard]] bool is_compacted(const ColumnPair& columns);

/// Seconds from the first to the last time of either arm. **Domain** has_times.
[[nodiscard]] double span_s(const ColumnPair& columns);

/// One slice of time of both arms: sizes, and how many values lie clearly at or below a threshold,
/// and how many may: values in the threshold's own cell of the sketch count in `hits_most` only.
struct SampleSlices {
  struct Arm {
    std::vector<double> sizes;
    std::vector<double> hits_least;
    std::vector<double> hits_most;
  };
  Arm baseline;
  Arm canary;
};

/// Slices in which either arm has values, in the order of time. **Domain** has_times.
[[nodiscard]] SampleSlices sample_slices(const ColumnPair& columns, double threshold);

/// Sums a slice as if each slice were a row, so that rates are judged as those of any table. Each
/// row's exposure of one becomes a column where there was none. One row without times where the
/// slices are not of time in every column.
class RateSlices {
 public:
  /// `exposure` null: each row is one unit.
  RateSlices(const ColumnPair& events, const ColumnPair& exposure);

  [[nodiscard]] ColumnPair events() const { return {&columns_[0], &columns_[1]}; }
  [[nodiscard]] ColumnPair exposure() const { return {&columns_[2], &columns_[3]}; }

 private:
  ObservationColumn columns_[4];
};

/// Slices' indices and means, in order of time.
using MeanSeries = std::vector<std::pair<double, double>>;

/// Of several columns, by slices of one width, the widest that any of them has. **Domain** each
/// timed.
[[nodiscard]] std::vector<MeanSeries> mean_series(
    std::initializer_list<const ObservationColumn*> columns);

/// Means a slice: pairs where both arms are timed, else two series in order of time or rows.
/// Empty where nothing is known of the order.
[[nodiscard]] GaugeArms gauge_slices(const ColumnPair& columns);

}  // namespace haldane::analysis
