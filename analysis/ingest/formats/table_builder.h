// Where the readers of all formats put what they find: columns by name, bins, and the rows that
// could not be read.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <utility>
#include <vector>

#include "analysis/ingest/observation_table.h"

namespace haldane::analysis {

/// A table that grows. Bounded: so many names, so many named problems; the rest is counted.
class TableBuilder {
 public:
  explicit TableBuilder(std::string path, Arm arm = Arm::baseline) : arm_(arm) {
    table_.path = std::move(path);
  }

  /// One observation. NaN and infinity are counted. Beyond `columns_max` names nothing is kept.
  void add(std::string_view column, double value, std::optional<double> time_s = std::nullopt);
  /// `count` observations between two bounds; equal bounds are added up.
  void add_bin(std::string_view column, ValueBin bin);
  /// A percentile of a summary.
  void add_summary(std::string_view column, SummaryPoint point);
  /// Such a column is judged only where a policy names it.
  void mark_detail(std::string_view column) { find_or_add(column).detail = true; }
  [[nodiscard]] bool has(std::string_view column) const;
  [[nodiscard]] Arm arm() const { return arm_; }

  void count_row() { ++table_.rows; }
  void malformed(std::int64_t line, std::string field, std::string message);
  void remark(std::string sentence) { table_.remarks.push_back(std::move(sentence)); }
  void censor(std::string why) { table_.censored = std::move(why); }

  /// What was added so far, for what need not stay as it is (column_sketch.h).
  [[nodiscard]] std::vector<ObservationColumn>& columns() { return table_.columns; }
  /// Sorts bins, drops times that not every value has. Call once.
  [[nodiscard]] ObservationTable finish();

 private:
  static constexpr std::size_t columns_max = 10'000;
  static constexpr std::size_t bins_max = 1'000'000;  // of a column
  static constexpr std::size_t problems_shown = 5;
  using BinCounts = std::map<std::pair<double, double>, double>;

  ObservationColumn& find_or_add(std::string_view name);

  Arm arm_;
  ObservationTable table_;
  std::unordered_map<std::string, std::size_t> index_;  // looked up, never walked
  std::map<std::string, BinCounts, std::less<>> bins_;
  ObservationColumn overflow_;
  std::string last_name_;
  std::size_t last_ = 0;
};

}  // namespace haldane::analysis
