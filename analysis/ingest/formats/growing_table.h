// The table of a file that is still being written: whole lines in as they come, a look at any time.
#pragma once

#include <cstddef>
#include <limits>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "analysis/ingest/formats/record_feed.h"
#include "analysis/ingest/input_format.h"
#include "analysis/ingest/read_csv.h"

namespace haldane::analysis {

class GrowingTable {
 public:
  /// Columns of more than `kept_max` observations are compacted (column_sketch.h). **Domain** a
  /// format that is `grows_by_lines`.
  GrowingTable(const std::string& path, InputFormat format, std::size_t kept_max = unlimited);
  static constexpr std::size_t unlimited = std::numeric_limits<std::size_t>::max();
  GrowingTable(const GrowingTable&) = delete;
  GrowingTable& operator=(const GrowingTable&) = delete;

  /// Compacts from now on, as a constructor with `kept_max` would have, and so that the columns can
  /// be cut at `cuts_s` (sketch_strata.h); the table then says that it begins at `begins_s`.
  /// **Domain** nothing was compacted yet; Unix seconds, cuts ascending.
  void cut_at(double begins_s, std::vector<double> cuts_s, std::size_t kept_max);
  /// **Domain** whole lines. **Returns** why the input is of no use, or nothing. A record that
  /// cannot be read is counted in the table, as always.
  [[nodiscard]] std::optional<IngestError> add(std::string_view lines);
  /// Everything so far; valid until the next call of any member. `sha256` is what the table says
  /// about its bytes. **Cost** none for CSV, a copy for the others. **Returns** what
  /// `read_observations` gives for the same bytes, but for what is compacted.
  [[nodiscard]] const ObservationTable& look(const std::string& sha256);
  [[nodiscard]] InputFormat format() const { return format_; }
  /// Observations that the longest column keeps as they are. **Cost** one step a column.
  [[nodiscard]] std::size_t rows_kept();

 private:
  [[nodiscard]] std::vector<ObservationColumn>& columns();
  void compact();

  InputFormat format_;
  std::size_t kept_max_;
  std::optional<double> begins_s_;
  std::vector<double> cuts_s_;
  std::unique_ptr<CsvFeed> csv_;  // either of the two
  std::unique_ptr<RecordFeed> records_;
  ObservationTable looked_;  // of records_
};

}  // namespace haldane::analysis
