// What every format but CSV is behind: lines in, a table out.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

#include "analysis/ingest/formats/table_builder.h"
#include "analysis/ingest/input_format.h"

namespace haldane::analysis {

/// Takes the lines of one input in order. What cannot be read goes to `malformed` of the builder.
class RecordReader {
 public:
  explicit RecordReader(TableBuilder& table) : table_(table) {}
  virtual ~RecordReader() = default;
  RecordReader(const RecordReader&) = delete;
  RecordReader& operator=(const RecordReader&) = delete;

  /// One line without its end, never empty; numbered from 1.
  virtual void take_line(std::string_view line, std::int64_t number) = 0;
  /// After the last line. **Returns** why the whole input is of no use, or nothing.
  virtual std::string finish() { return {}; }
  /// Longer lines are malformed and passed over.
  [[nodiscard]] virtual std::size_t line_max() const { return std::size_t{1} << 20U; }

 protected:
  [[nodiscard]] TableBuilder& table() { return table_; }

 private:
  TableBuilder& table_;
};

/// The reader of a format. **Domain** any but CSV.
[[nodiscard]] std::unique_ptr<RecordReader> make_reader(InputFormat format, TableBuilder& table);

// One function a format, in the file of its name.
[[nodiscard]] std::unique_ptr<RecordReader> make_ndjson_reader(TableBuilder& table);
[[nodiscard]] std::unique_ptr<RecordReader> make_k6_json_reader(TableBuilder& table);
[[nodiscard]] std::unique_ptr<RecordReader> make_k6_csv_reader(TableBuilder& table);
[[nodiscard]] std::unique_ptr<RecordReader> make_vegeta_json_reader(TableBuilder& table);
[[nodiscard]] std::unique_ptr<RecordReader> make_vegeta_csv_reader(TableBuilder& table);
[[nodiscard]] std::unique_ptr<RecordReader> make_access_log_reader(TableBuilder& table);
[[nodiscard]] std::unique_ptr<RecordReader> make_envoy_reader(TableBuilder& table);
[[nodiscard]] std::unique_ptr<RecordReader> make_envoy_json_reader(TableBuilder& table);
[[nodiscard]] std::unique_ptr<RecordReader> make_hgrm_reader(TableBuilder& table);
[[nodiscard]] std::unique_ptr<RecordReader> make_hlog_reader(TableBuilder& table);
[[nodiscard]] std::unique_ptr<RecordReader> make_prometheus_reader(TableBuilder& table);
[[nodiscard]] std::unique_ptr<RecordReader> make_otlp_reader(TableBuilder& table);
[[nodiscard]] std::unique_ptr<RecordReader> make_oha_reader(TableBuilder& table);
[[nodiscard]] std::unique_ptr<RecordReader> make_oha_csv_reader(TableBuilder& table);
[[nodiscard]] std::unique_ptr<RecordReader> make_metric_set_pairs_reader(TableBuilder& table);
[[nodiscard]] std::unique_ptr<RecordReader> make_fortio_reader(TableBuilder& table);
[[nodiscard]] std::unique_ptr<RecordReader> make_locust_reader(TableBuilder& table);

}  // namespace haldane::analysis
