#include "analysis/ingest/formats/growing_table.h"

#include <algorithm>
#include <utility>

#include "analysis/ingest/sketch_strata.h"
#include "analysis/ingest/time_columns.h"
#include "sim/base/check.h"

namespace haldane::analysis {

GrowingTable::GrowingTable(const std::string& path, InputFormat format, std::size_t kept_max)
    : format_(format), kept_max_(kept_max) {
  HALDANE_CHECK(grows_by_lines(format));
  if (format == InputFormat::csv) {
    csv_ = std::make_unique<CsvFeed>(path);
  } else {
    records_ = std::make_unique<RecordFeed>(path, format);
  }
}

std::optional<IngestError> GrowingTable::add(std::string_view lines) {
  looked_ = {};  // two copies of the numbers at a time, not three
  if (csv_) {
    if (auto error = csv_->add(lines)) return error;
  } else {
    records_->add(lines, false);
  }
  compact();
  return std::nullopt;
}

std::vector<ObservationColumn>& GrowingTable::columns() {
  return csv_ ? csv_->table().columns : records_->columns();
}

void GrowingTable::compact() {
  for (ObservationColumn& column : columns()) {
    if (begins_s_) {
      compact_between(column, cuts_s_, kept_max_);
    } else {
      compact_rows(column, kept_max_);
    }
  }
}

void GrowingTable::cut_at(double begins_s, std::vector<double> cuts_s, std::size_t kept_max) {
  begins_s_ = begins_s;
  cuts_s_ = std::move(cuts_s);
  kept_max_ = kept_max;
  compact();
}

std::size_t GrowingTable::rows_kept() {
  std::size_t rows = 0;
  for (const ObservationColumn& column : columns()) rows = std::max(rows, column.values.size());
  return rows;
}

const ObservationTable& GrowingTable::look(const std::string& sha256) {
  for (ObservationColumn& column : columns()) join_strata(column);
  if (!csv_) {
    looked_ = {};
    looked_ = records_->look().table;
  }
  if (csv_) mark_time_columns(csv_->table());
  ObservationTable& table = csv_ ? csv_->table() : looked_;
  table.sha256 = sha256;
  table.begins_s = begins_s_;
  return table;
}

}  // namespace haldane::analysis
