// What a column with too many observations to keep is folded into: a histogram of all values, and
// for each slice of time the count, the sum and a coarser histogram.
//
// Both scales are logarithmic grids that do not depend on the data, and are made coarser by joining
// neighbours when they get too long. So a sketch holds a bounded number of numbers, is a function
// of the observations and not of their order (but for the rounding of sums), and two arms' slices
// lie upon each other. The alternative, a sample of the rows, would lose the tail.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <utility>
#include <vector>

#include "analysis/ingest/observation_table.h"

namespace haldane::analysis {

/// Observations of a column that are kept as they are; a column with more is folded.
inline constexpr std::size_t rows_kept_max = 100'000;

/// How long a sketch may get. **Domain** slices at least 2.
struct SketchLimits {
  std::size_t slices = 1024;
  std::size_t cells = std::size_t{1} << 18U;  ///< of all slices together
  std::size_t bins = std::size_t{1} << 14U;   ///< of the histogram of all values; at least 2^13
  bool operator==(const SketchLimits&) const = default;
};

/// How many values of a slice share a stretch of the value scale.
struct SketchCell {
  std::int64_t key = 0;  ///< ColumnSketch::cell_key of each
  double count = 0;
  bool operator==(const SketchCell&) const = default;
};

/// One slice of time, or of rows where the column has no times.
struct SketchSlice {
  double index = 0;  ///< begins at index * 2^exponent, in seconds (Unix time) or rows
  double count = 0;
  double sum = 0;
  std::vector<SketchCell> cells = {};  ///< ascending
  bool operator==(const SketchSlice&) const = default;
};

class ColumnSketch {
 public:
  explicit ColumnSketch(const SketchLimits& limits = {}) : limits_(limits) {}

  /// Takes observations in the order of their rows. `times_s` as in ObservationColumn: one a value
  /// or empty; of any other length, or sometimes empty and sometimes not, nothing is known of the
  /// order any more, and slices() is empty. **Domain** finite. **Cost** about 100 ns a value.
  /// **Determinism** the same rows in one call or many give equal sketches.
  void add(std::span<const double> values, std::span<const double> times_s);

  /// Takes what another sketch of the column took. **Domain** the same limits; of each, all values
  /// with their times. **Determinism** equal to one sketch of all the rows, but for the rounding of
  /// sums. **Cost** a sort of both sketches' bins.
  void join(const ColumnSketch& other);

  [[nodiscard]] double count() const { return count_; }
  [[nodiscard]] double sum() const { return sum_; }
  /// Whether slices are of time.
  [[nodiscard]] bool is_timed() const { return order_ == Order::by_time; }
  /// First and last time. **Domain** is_timed().
  [[nodiscard]] std::pair<double, double> time_range() const { return {first_s_, last_s_}; }
  /// Ascending; each is 2^exponent() long, and those without observations are left out.
  [[nodiscard]] const std::vector<SketchSlice>& slices() const { return slices_; }
  [[nodiscard]] int exponent() const { return exponent_; }
  /// All values, ascending: bounds are the least and the greatest value in each bin, at most 0.05 %
  /// apart (0.1 % where the values span more than about eight octaves, and so on).
  [[nodiscard]] const std::vector<ValueBin>& bins() const { return bins_; }
  /// The cell of a value: those with the same first 6 bits behind the leading one, 1.6 % wide.
  [[nodiscard]] static std::int64_t cell_key(double value);
  /// Numbers that it holds: what is bounded.
  [[nodiscard]] std::size_t stored_numbers() const;

  bool operator==(const ColumnSketch&) const = default;

 private:
  enum class Order : std::uint8_t { none, by_time, by_row, unknown };

  void learn_order(std::size_t values, std::size_t times);
  void count_in_bin(double value);
  void count_in_slice(double value, double position);
  void take_bins(const ColumnSketch& other);
  void take_slices(const ColumnSketch& other);
  void keep_limits();
  SketchSlice& slice_at(double index);
  void join_bins();
  void join_slices();

  SketchLimits limits_;
  Order order_ = Order::none;
  double count_ = 0;
  double sum_ = 0;
  double first_s_ = 0;
  double last_s_ = 0;
  int exponent_ = -20;  // microseconds, to begin with
  std::vector<SketchSlice> slices_;
  std::size_t cells_ = 0;
  int bin_bits_ = 11;
  std::vector<std::int64_t> bin_keys_;  // beside bins_
  std::vector<ValueBin> bins_;
};

/// The bins of a column that is binned or compacted.
[[nodiscard]] const std::vector<ValueBin>& bins_of(const ObservationColumn& column);

/// Folds a column of single values that has more than `kept_max` of them, or that was folded
/// before. Whatever the moments of the calls, what comes out depends on the rows alone.
void compact_rows(ObservationColumn& column, std::size_t kept_max = rows_kept_max,
                  const SketchLimits& limits = {});

}  // namespace haldane::analysis
