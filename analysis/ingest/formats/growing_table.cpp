#include "analysis/ingest/formats/growing_table.h"

#include "analysis/ingest/column_sketch.h"
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
  for (ObservationColumn& column : csv_ ? csv_->table().columns : records_->columns()) {
    compact_rows(column, kept_max_);
  }
  return std::nullopt;
}

const ObservationTable& GrowingTable::look(const std::string& sha256) {
  if (csv_) {
    csv_->table().sha256 = sha256;
    return csv_->table();
  }
  looked_ = {};
  looked_ = records_->look().table;
  looked_.sha256 = sha256;
  return looked_;
}

}  // namespace haldane::analysis
