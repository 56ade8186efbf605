// The fast way through a CSV body: rows that hold plain numbers only are read straight from the
// buffer in one pass, without looking for line ends, quotes or fields first.
//
// A row that is anything else (quotes, blanks, signs, words, a wrong number of fields) is refused
// untouched, and the general reader takes it; so what is accepted, its values and every message are
// those of the general reader. Most rows of most files never get there.
#pragma once

#include <array>
#include <cstddef>
#include <optional>
#include <span>
#include <string_view>
#include <vector>

namespace haldane::analysis {

/// Cells of one row in the order of the columns, the timestamp apart.
class PlainRows {
 public:
  /// `fields` of the header, of which `timestamp_field` is no column.
  PlainRows(std::size_t fields, std::optional<std::size_t> timestamp_field);

  /// Reads the row at the start of `text`. **Domain** `text` ends in a line feed. **Returns** its
  /// length with the line feed, or 0 when it is no plain row. **Cost** about 1 ns a byte.
  [[nodiscard]] std::size_t take(std::string_view text);

  /// Of the row taken last; NaN where a cell is empty.
  [[nodiscard]] std::span<const double> cells() const { return cells_; }
  /// Of the row taken last; 0 without a timestamp field.
  [[nodiscard]] double time_s() const { return time_s_; }

 private:
  const char* take_time(const char* p, const char* end);
  const char* take_same_minute(const char* p, const char* end);
  void remember_minute(std::string_view text);

  std::size_t fields_;
  std::size_t timestamp_field_;
  std::vector<double> cells_;
  double time_s_ = 0;
  std::array<char, 17> minute_{};  // "2014-03-07T03:41:" of the time read last
  double minute_s_ = 0;            // where it starts
  bool minute_known_ = false;
};

}  // namespace haldane::analysis
