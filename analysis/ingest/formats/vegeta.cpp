// vegeta: `encode -to json` (one result a line) and `-to csv` (twelve columns, no header). Latency
// is in nanoseconds; code 0 is a transport error.
#include <vector>

#include <fmt/format.h>

#include "analysis/ingest/cells.h"
#include "analysis/ingest/csv_records.h"
#include "analysis/ingest/formats/json_lines.h"
#include "analysis/ingest/formats/record_reader.h"

namespace haldane::analysis {
namespace {

// As vegeta counts success: 2xx and 3xx.
void take_result(TableBuilder& table, double time_s, double latency_ns, double code) {
  table.count_row();
  table.add("latency_ms", latency_ns / 1e6, time_s);
  table.add("errors", code >= 200 && code < 400 ? 0 : 1, time_s);
}

class VegetaJsonReader final : public JsonLines<> {
 public:
  using JsonLines::JsonLines;

  void take_object(std::int64_t number) override {
    const auto time = parse_timestamp(scalars().text("timestamp"));
    const JsonScalar* latency = scalars().find("latency");
    const JsonScalar* code = scalars().find("code");
    if (!time) {
      table().malformed(number, "timestamp",
                        fmt::format("\"{}\" is no time", excerpt(scalars().text("timestamp"))));
    } else if (latency == nullptr || !latency->is_number()) {
      table().malformed(number, "latency", "is no number");
    } else if (code == nullptr || !code->is_number()) {
      table().malformed(number, "code", "is no number");
    } else {
      take_result(table(), *time, latency->number, code->number);
    }
  }
};

class VegetaCsvReader final : public RecordReader {
 public:
  using RecordReader::RecordReader;

  void take_line(std::string_view line, std::int64_t number) override {
    const CsvRecord record{line, number, line.find('"') != std::string_view::npos, false};
    if (!split_fields(record, fields_, scratch_) || fields_.size() < 3) {
      table().malformed(number, {}, "has fewer than three fields, or an open quote");
      return;
    }
    constexpr const char* names[] = {"timestamp", "code", "latency"};
    double values[3] = {};
    for (std::size_t i = 0; i < 3; ++i) {
      const auto value = parse_cell(fields_[i]);
      if (!value) {
        table().malformed(number, names[i],
                          fmt::format("\"{}\" is no number", excerpt(fields_[i])));
        return;
      }
      values[i] = *value;
    }
    take_result(table(), values[0] / 1e9, values[2], values[1]);
  }

 private:
  std::vector<std::string_view> fields_;
  std::string scratch_;
};

}  // namespace

std::unique_ptr<RecordReader> make_vegeta_json_reader(TableBuilder& table) {
  return std::make_unique<VegetaJsonReader>(table);
}

std::unique_ptr<RecordReader> make_vegeta_csv_reader(TableBuilder& table) {
  return std::make_unique<VegetaCsvReader>(table);
}

}  // namespace haldane::analysis
