#include "analysis/ingest/formats/growing_table.h"

#include "sim/base/check.h"

namespace haldane::analysis {

GrowingTable::GrowingTable(const std::string& path, InputFormat format) : format_(format) {
  HALDANE_CHECK(grows_by_lines(format));
  if (format == InputFormat::csv) {
    csv_ = std::make_unique<CsvFeed>(path);
  } else {
    records_ = std::make_unique<RecordFeed>(path, format);
  }
}

std::optional<IngestError> GrowingTable::add(std::string_view lines) {
  looked_ = {};  // two copies of the numbers at a time, not three
  if (csv_) return csv_->add(lines);
  records_->add(lines, false);
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
