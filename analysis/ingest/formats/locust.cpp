// Locust's `_stats.csv`: a row an endpoint and one "Aggregated". Its percentiles are rounded to two
// digits, so they are shown and never judged. `_stats_history.csv` repeats them over time.
#include <vector>

#include <fmt/format.h>

#include "analysis/ingest/cells.h"
#include "analysis/ingest/csv_records.h"
#include "analysis/ingest/formats/record_reader.h"

namespace haldane::analysis {
namespace {

class LocustReader final : public RecordReader {
 public:
  using RecordReader::RecordReader;

  void take_line(std::string_view line, std::int64_t number) override {
    const CsvRecord record{line, number, line.find('"') != std::string_view::npos, false};
    if (!split_fields(record, fields_, scratch_)) {
      table().malformed(number, {}, "has a quote that is not closed");
    } else if (names_.empty()) {
      names_.assign(fields_.begin(), fields_.end());
      history_ = names_.front() == "Timestamp";
    } else if (fields_.size() != names_.size()) {
      table().malformed(
          number, {},
          fmt::format("has {} fields, but the header has {}", fields_.size(), names_.size()));
    } else if (!history_ && fields_.size() > 1 && fields_[1] == "Aggregated") {
      take_total(number);
    }
  }

  std::string finish() override {
    if (history_) return "percentiles over time cannot be joined; give the _stats.csv instead";
    table().remark("Locust rounds percentiles to two digits, so they are reported, not judged");
    return {};
  }

 private:
  void take_total(std::int64_t number) {
    table().count_row();
    for (std::size_t i = 2; i < fields_.size(); ++i) {
      const std::string& name = names_[i];
      const auto value = parse_cell(fields_[i]);
      const bool percent = name.size() > 1 && name.back() == '%';
      if (!percent && name != "Request Count" && name != "Failure Count") continue;
      if (!value) {
        table().malformed(number, name, fmt::format("\"{}\" is no number", excerpt(fields_[i])));
      } else if (!percent) {
        table().add(name == "Request Count" ? "requests" : "errors", *value);
      } else if (const auto share = parse_cell(name.substr(0, name.size() - 1));
                 share && *share > 0 && *share < 100) {
        table().add_summary("latency_ms", {*share / 100, *value});
      }
    }
  }

  std::vector<std::string> names_;
  bool history_ = false;
  std::vector<std::string_view> fields_;
  std::string scratch_;
};

}  // namespace

std::unique_ptr<RecordReader> make_locust_reader(TableBuilder& table) {
  return std::make_unique<LocustReader>(table);
}

}  // namespace haldane::analysis
