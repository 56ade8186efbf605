// Bytes of a format of one record a line, in blocks, to the table of what they hold.
#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "analysis/ingest/formats/line_splitter.h"
#include "analysis/ingest/formats/record_reader.h"
#include "analysis/ingest/formats/table_builder.h"
#include "analysis/ingest/input_format.h"
#include "analysis/ingest/observation_table.h"

namespace haldane::analysis {

/// A table, and why the whole input is of no use as this format (empty if it is).
struct RecordTable {
  ObservationTable table;
  std::string useless;
};

class RecordFeed {
 public:
  /// **Domain** any format but CSV.
  RecordFeed(const std::string& path, InputFormat format, Arm arm = Arm::baseline);
  RecordFeed(const RecordFeed&) = delete;
  RecordFeed& operator=(const RecordFeed&) = delete;

  /// Takes the next bytes; with `last`, also a line without an end.
  void add(std::string_view block, bool last);
  /// What was added so far, for what need not stay as it is (column_sketch.h).
  [[nodiscard]] std::vector<ObservationColumn>& columns() { return builder_.columns(); }
  /// Of everything added, without a digest. Call once, then no more.
  [[nodiscard]] RecordTable finish();
  /// The same, and more may follow. **Domain** formats that are `grows_by_lines`. **Cost** a copy.
  [[nodiscard]] RecordTable look();

 private:
  InputFormat format_;
  TableBuilder builder_;
  std::unique_ptr<RecordReader> reader_;
  LineSplitter lines_;
};

}  // namespace haldane::analysis
