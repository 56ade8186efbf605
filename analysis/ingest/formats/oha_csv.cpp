// oha's --output-format csv: a header and a row a request that got an answer, in seconds since the
// start of the run. Versions differ in their columns, so these are found by name.
#include <array>
#include <vector>

#include <fmt/format.h>

#include "analysis/ingest/cells.h"
#include "analysis/ingest/csv_records.h"
#include "analysis/ingest/formats/record_reader.h"

namespace haldane::analysis {
namespace {

class OhaCsvReader final : public RecordReader {
 public:
  using RecordReader::RecordReader;

  void take_line(std::string_view line, std::int64_t number) override {
    const CsvRecord record{line, number, line.find('"') != std::string_view::npos, false};
    const bool whole = split_fields(record, fields_, scratch_);
    if (line.starts_with("request-start,")) {
      find_columns();
      return;
    }
    if (!whole || fields_.size() <= last_) {
      table().malformed(number, {}, "has too few fields, or an open quote");
      return;
    }
    std::array<double, 3> values{};
    for (std::size_t i = 0; i < names.size(); ++i) {
      const auto value = parse_cell(fields_[place_[i]]);
      if (!value) {
        table().malformed(number, std::string(names[i]),
                          fmt::format("\"{}\" is no number", excerpt(fields_[place_[i]])));
        return;
      }
      values[i] = *value;
    }
    table().count_row();
    table().add("latency_ms", values[1] * 1e3, values[0]);
    table().add("errors", values[2] >= 400 || values[2] < 100 ? 1 : 0, values[0]);
  }

  std::string finish() override {
    table().remark("oha's CSV leaves out requests that got no answer, such as time-outs");
    return {};
  }

 private:
  static constexpr std::array<std::string_view, 3> names = {"request-start", "request-duration",
                                                            "status"};

  void find_columns() {
    last_ = 0;
    for (std::size_t i = 0; i < names.size(); ++i) {
      for (std::size_t field = 0; field < fields_.size(); ++field) {
        if (fields_[field] == names[i]) place_[i] = field;
      }
      last_ = std::max(last_, place_[i]);
    }
  }

  std::vector<std::string_view> fields_;
  std::string scratch_;
  // Of the present version, for input without a header.
  std::array<std::size_t, 3> place_ = {0, 4, 6};
  std::size_t last_ = 6;
};

}  // namespace

std::unique_ptr<RecordReader> make_oha_csv_reader(TableBuilder& table) {
  return std::make_unique<OhaCsvReader>(table);
}

}  // namespace haldane::analysis
