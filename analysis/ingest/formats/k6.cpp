// k6: `--out json` (one point a line) and `--out csv`. Both carry metric, time and value; a request
// is eight or nine points.
#include <vector>

#include <fmt/format.h>

#include "analysis/ingest/cells.h"
#include "analysis/ingest/csv_records.h"
#include "analysis/ingest/formats/json_lines.h"
#include "analysis/ingest/formats/record_reader.h"

namespace haldane::analysis {
namespace {

// An arrival-rate executor drops iterations that it cannot start: the slow moments are missing.
constexpr double dropped_share_max = 0.001;

class K6Reader : public RecordReader {
 public:
  using RecordReader::RecordReader;

  std::string finish() override {
    if (dropped_ > dropped_share_max * (iterations_ + dropped_)) {
      table().censor(
          fmt::format("k6 dropped {:g} of {:g} iterations, so the moments of highest "
                      "load are missing",
                      dropped_, iterations_ + dropped_));
    }
    return {};
  }

 protected:
  void take_point(std::string_view metric, double time_s, double value) {
    table().count_row();
    if (metric == "dropped_iterations") dropped_ += value;
    if (metric == "iterations") iterations_ += value;
    if (metric == "http_req_duration") {
      table().add("latency_ms", value, time_s);
    } else if (metric == "http_req_failed") {
      table().add("errors", value, time_s);
    } else {
      table().add(metric, value, time_s);
      table().mark_detail(metric);
    }
  }

 private:
  double dropped_ = 0;
  double iterations_ = 0;
};

class K6JsonReader final : public JsonLines<K6Reader> {
 public:
  using JsonLines::JsonLines;

  void take_object(std::int64_t number) override {
    if (scalars().text("type") == "Metric") return;  // a declaration
    const std::string_view metric = scalars().text("metric");
    const auto time = parse_timestamp(scalars().text("data.time"));
    const JsonScalar* value = scalars().find("data.value");
    if (scalars().text("type") != "Point" || metric.empty()) {
      table().malformed(number, "type", "is neither a Point nor a Metric");
    } else if (!time) {
      table().malformed(number, "data.time",
                        fmt::format("\"{}\" is no time", excerpt(scalars().text("data.time"))));
    } else if (value == nullptr || !value->is_number()) {
      table().malformed(number, "data.value", "is no number");
    } else {
      take_point(metric, *time, value->number);
    }
  }
};

class K6CsvReader final : public K6Reader {
 public:
  using K6Reader::K6Reader;

  void take_line(std::string_view line, std::int64_t number) override {
    const CsvRecord record{line, number, line.find('"') != std::string_view::npos, false};
    if (line.starts_with("metric_name,timestamp,metric_value")) return;
    if (!split_fields(record, fields_, scratch_) || fields_.size() < 3) {
      table().malformed(number, {}, "has fewer than three fields, or an open quote");
      return;
    }
    const auto time = parse_timestamp(fields_[1]);
    const auto value = parse_cell(fields_[2]);
    if (!time) {
      table().malformed(number, "timestamp", fmt::format("\"{}\" is no time", excerpt(fields_[1])));
    } else if (!value) {
      table().malformed(number, "metric_value",
                        fmt::format("\"{}\" is no number", excerpt(fields_[2])));
    } else {
      take_point(fields_[0], *time, *value);
    }
  }

 private:
  std::vector<std::string_view> fields_;
  std::string scratch_;
};

}  // namespace

std::unique_ptr<RecordReader> make_k6_json_reader(TableBuilder& table) {
  return std::make_unique<K6JsonReader>(table);
}

std::unique_ptr<RecordReader> make_k6_csv_reader(TableBuilder& table) {
  return std::make_unique<K6CsvReader>(table);
}

}  // namespace haldane::analysis
