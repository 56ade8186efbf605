#include "analysis/ingest/read_csv.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <string_view>
#include <utility>
#include <vector>

#include <fmt/format.h>

#include "analysis/ingest/cells.h"
#include "analysis/ingest/csv_records.h"
#include "analysis/ingest/input_format.h"
#include "analysis/ingest/input_stream.h"
#include "analysis/ingest/plain_rows.h"
#include "analysis/ingest/time_columns.h"

namespace haldane::analysis {
namespace {

constexpr std::size_t columns_max = 10'000;
constexpr std::size_t reserve_max = std::size_t{1} << 27U;  // values asked for in advance: 1 GiB

bool is_binary(std::string_view text) {
  return std::any_of(text.begin(), text.end(), [](char c) {
    return (c >= 0 && c < ' ' && c != '\t' && c != '\r' && c != '\n') || c == 0x7f;
  });
}

class CsvReader {
 public:
  CsvReader(const std::string& path, const CsvOptions& options) : options_(options) {
    table_.path = path;
  }

  Expected<ObservationTable, IngestError> run(InputStream& stream) {
    std::vector<char> block(std::max<std::size_t>(options_.block_bytes, 1));
    for (bool last = false; !last;) {
      const auto size = stream.read(block.data(), block.size());
      if (!size) return Unexpected{size.error()};
      last = *size == 0;
      if (!feed({block.data(), *size}, last)) return Unexpected{std::move(error_)};
      reserve_once(stream);
    }
    return finish(stream);
  }

  // Returns false when reading cannot go on: error() says why.
  bool feed(std::string_view bytes, bool last) {
    splitter_.feed(bytes, last);
    take_plain_rows();
    CsvRecord record;
    while (splitter_.next(record)) {
      if (!take_record(record)) return false;
      take_plain_rows();
    }
    return true;
  }

  [[nodiscard]] const IngestError& error() const { return error_; }
  [[nodiscard]] ObservationTable& table() { return table_; }

 private:
  Expected<ObservationTable, IngestError> finish(InputStream& stream) {
    if (!have_header_) {
      reject("CSV-003", 0, {}, "is empty", "a header with the names of the columns is needed");
    } else if (table_.rows == 0 && table_.malformed_rows > 0) {
      error_.diagnostics = table_.problems;
      reject("CSV-008", 0, {},
             fmt::format("has no readable row ({} malformed)", table_.malformed_rows), {});
    }
    if (!error_.diagnostics.empty()) return Unexpected{std::move(error_)};
    mark_time_columns(table_);
    table_.sha256 = stream.finish_sha256();
    return std::move(table_);
  }

  void reject(const char* id, std::int64_t line, std::string column, std::string message,
              std::string hint) {
    error_.failure = IngestFailure::bad_content;
    error_.diagnostics.push_back(diagnostic(id, line, std::move(column), std::move(message)));
    error_.diagnostics.back().hint = std::move(hint);
  }

  [[nodiscard]] Diagnostic diagnostic(const char* id, std::int64_t line, std::string column,
                                      std::string message) const {
    Diagnostic d;
    d.id = id;
    d.file = table_.path;
    d.line = static_cast<int>(std::min<std::int64_t>(line, std::numeric_limits<int>::max()));
    d.path = std::move(column);
    d.message = std::move(message);
    return d;
  }

  // As many rows as the fast way takes; the record after them is the general reader's.
  void take_plain_rows() {
    if (!plain_rows_) return;
    std::string_view lines = splitter_.whole_lines();
    std::size_t bytes = 0;
    std::int64_t rows = 0;
    while (bytes < lines.size()) {
      const std::size_t length = plain_rows_->take(lines.substr(bytes));
      if (length == 0 || length > CsvSplitter::record_max) break;
      keep_plain_row();
      bytes += length;
      ++rows;
    }
    table_.rows += rows;
    splitter_.skip_lines(bytes, rows);
  }

  void keep_plain_row() {
    ObservationColumn* column = table_.columns.data();
    for (const double value : plain_rows_->cells()) {
      if (!std::isnan(value)) {
        column->values.push_back(value);
        if (table_.has_timestamps) column->times_s.push_back(plain_rows_->time_s());
      }
      ++column;
    }
  }

  // A vector that grows by doubling copies everything twice; the first block tells how much comes.
  void reserve_once(const InputStream& stream) {
    if (reserved_ || table_.rows == 0) return;
    reserved_ = true;
    const double blocks =
        static_cast<double>(stream.size_hint()) / static_cast<double>(options_.block_bytes);
    for (ObservationColumn& column : table_.columns) {
      const double values = static_cast<double>(column.values.size()) * blocks * 1.05;
      if (values < static_cast<double>(column.values.size())) continue;
      const double most =
          static_cast<double>(reserve_max) / static_cast<double>(table_.columns.size());
      column.values.reserve(static_cast<std::size_t>(std::min(values, most)));
      if (table_.has_timestamps) column.times_s.reserve(column.values.capacity());
    }
  }

  // Returns false when reading cannot go on.
  bool take_record(const CsvRecord& record) {
    if (!have_header_) return take_header(record);
    if (trimmed(record.text).empty() && fields_of_header_ > 1) return true;
    if (record.text.empty()) return true;
    take_row(record);
    return true;
  }

  bool take_header(CsvRecord record) {
    if (record.line == 1 && record.text.substr(0, 3) == "\xEF\xBB\xBF")
      record.text.remove_prefix(3);
    const std::string_view advice = advice_for_binary(record.text);
    if (record.oversized || is_binary(record.text) || !advice.empty()) {
      reject("CSV-004", record.line, {}, "is not CSV text", std::string(advice));
      return false;
    }
    if (trimmed(record.text).empty()) return true;  // blank lines before the header
    have_header_ = true;
    if (!split_fields(record, fields_, scratch_)) {
      reject("CSV-005", record.line, {}, "a quote in the header is not closed", {});
      return false;
    }
    fields_of_header_ = fields_.size();
    if (all_numbers()) {
      reject("CSV-005", record.line, {}, "the first line is no header, it holds numbers only",
             "put the names of the columns there, such as \"timestamp,latency_ms\"");
    } else if (fields_.size() > columns_max) {
      reject("CSV-005", record.line, {}, fmt::format("has {} columns", fields_.size()),
             fmt::format("at most {} are read", columns_max));
    } else {
      name_columns(record.line);
    }
    return error_.diagnostics.empty();
  }

  [[nodiscard]] bool all_numbers() const {
    return std::all_of(fields_.begin(), fields_.end(),
                       [](std::string_view f) { return parse_cell(f).has_value(); });
  }

  void name_columns(std::int64_t line) {
    for (std::size_t i = 0; i < fields_.size(); ++i) {
      const std::string name(trimmed(fields_[i]));
      if (name.empty()) {
        reject("CSV-006", line, fmt::format("column {}", i + 1), "has no name", {});
      } else if (table_.find(name) != nullptr || (name == "timestamp" && table_.has_timestamps)) {
        reject("CSV-007", line, name, "is there twice", {});
      } else if (name == "timestamp") {
        table_.has_timestamps = true;
        timestamp_field_ = i;
      } else {
        table_.columns.emplace_back().name = name;
      }
    }
    if (error_.diagnostics.empty() && table_.columns.empty()) {
      reject("CSV-005", line, {}, "has no column besides the timestamp", {});
    }
    if (!error_.diagnostics.empty()) return;
    plain_rows_.emplace(fields_.size(),
                        table_.has_timestamps ? std::optional(timestamp_field_) : std::nullopt);
  }

  void malformed(const CsvRecord& record, std::string column, std::string message,
                 const char* hint = "") {
    ++table_.malformed_rows;
    if (table_.problems.size() < options_.problems_shown) {
      table_.problems.push_back(
          diagnostic("CSV-101", record.line, std::move(column), std::move(message)));
      table_.problems.back().hint = hint;
    }
  }

  void take_row(const CsvRecord& record) {
    if (record.oversized) {
      malformed(record, {}, fmt::format("is longer than {} bytes", CsvSplitter::record_max));
    } else if (!split_fields(record, fields_, scratch_)) {
      malformed(record, {}, "has a quote that is not closed");
    } else if (fields_.size() != fields_of_header_) {
      malformed(
          record, {},
          fmt::format("has {} fields, but the header has {}", fields_.size(), fields_of_header_));
    } else if (parse_row(record)) {
      keep_row();
    }
  }

  [[nodiscard]] const char* hint_for(std::string_view cell) const {
    const bool is_time = !table_.has_timestamps && parse_timestamp(cell).has_value();
    return is_time ? "it looks like a time: name its column timestamp" : "";
  }

  // Parses all cells before any is kept, so that a bad row leaves no trace.
  bool parse_row(const CsvRecord& record) {
    cells_.clear();
    time_s_ = 0;
    for (std::size_t i = 0; i < fields_.size(); ++i) {
      const std::string_view field = trimmed(fields_[i]);
      if (table_.has_timestamps && i == timestamp_field_) {
        const auto time = parse_timestamp(field);
        if (!time) {
          malformed(record, "timestamp", fmt::format("\"{}\" is no time", excerpt(field)));
          return false;
        }
        time_s_ = *time;
        continue;
      }
      const auto cell = field.empty() ? std::nullopt : parse_cell(field);
      if (!field.empty() && !cell) {
        malformed(record, table_.columns[cells_.size()].name,
                  fmt::format("\"{}\" is no number", excerpt(field)), hint_for(field));
        return false;
      }
      cells_.push_back(cell);
    }
    return true;
  }

  void keep_row() {
    ++table_.rows;
    for (std::size_t i = 0; i < cells_.size(); ++i) {
      if (!cells_[i]) continue;
      ObservationColumn& column = table_.columns[i];
      const double value = *cells_[i];
      if (!std::isfinite(value)) {
        ++(std::isnan(value) ? column.nan_cells : column.infinite_cells);
        continue;
      }
      column.values.push_back(value);
      if (table_.has_timestamps) column.times_s.push_back(time_s_);
    }
  }

  CsvOptions options_;
  ObservationTable table_;
  IngestError error_;
  CsvSplitter splitter_;
  bool have_header_ = false;
  std::size_t fields_of_header_ = 0;
  std::size_t timestamp_field_ = 0;
  std::optional<PlainRows> plain_rows_;  // once the header is known
  bool reserved_ = false;
  std::vector<std::string_view> fields_;
  std::string scratch_;
  std::vector<std::optional<double>> cells_;
  double time_s_ = 0;
};

}  // namespace

class CsvFeed::Reader : public CsvReader {
 public:
  using CsvReader::CsvReader;
};

CsvFeed::CsvFeed(const std::string& path, const CsvOptions& options)
    : reader_(std::make_unique<Reader>(path, options)) {}

CsvFeed::~CsvFeed() = default;

std::optional<IngestError> CsvFeed::add(std::string_view lines) {
  if (reader_->feed(lines, false)) return std::nullopt;
  return reader_->error();
}

ObservationTable& CsvFeed::table() {
  return reader_->table();
}

Expected<ObservationTable, IngestError> read_csv(InputStream& stream, const std::string& path,
                                                 const CsvOptions& options) {
  return CsvReader(path, options).run(stream);
}

Expected<ObservationTable, IngestError> read_csv(const std::string& path,
                                                 const CsvOptions& options) {
  auto opened = InputStream::open(path);
  if (!opened) return Unexpected{opened.error()};
  return read_csv(**opened, path, options);
}

}  // namespace haldane::analysis
