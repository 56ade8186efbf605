// The percentile table of HdrHistogram (`.hgrm`) and of wrk2 --latency: rows of value, percentile,
// total count; values in milliseconds by convention. Counts between two rows lie between their
// values, so the input is binned. What wrk2 says below its table are the totals.
#include <array>
#include <charconv>
#include <cstdint>

#include <fmt/format.h>

#include "analysis/ingest/cells.h"
#include "analysis/ingest/formats/record_reader.h"

namespace haldane::analysis {
namespace {

class HgrmReader final : public RecordReader {
 public:
  using RecordReader::RecordReader;

  void take_line(std::string_view line, std::int64_t number) override {
    line = trimmed(line);
    if (line.find("Percentile") != std::string_view::npos &&
        line.find("TotalCount") != std::string_view::npos) {
      ++tables_;
      return;
    }
    // wrk2 prints text before and after, and with -U a second, uncorrected table.
    if (tables_ == 1 && done_) take_totals(line);
    if (tables_ != 1 || done_ || line.empty()) return;
    if (line.front() == '#') {
      done_ = true;
      return;
    }
    take_row(line, number);
  }

  std::string finish() override {
    if (tables_ == 0) return "has no line \"Value Percentile TotalCount\"";
    if (tables_ > 1) table().remark("only the first of several tables was read (wrk2 -U)");
    table().remark("values are taken as milliseconds");
    if (answered_ > 0) {
      table().add("requests", answered_ + unanswered_);
      table().add("errors", refused_ + unanswered_);
    }
    return {};
  }

 private:
  // The whole number behind a word, or 0.
  static double number_behind(std::string_view line, std::string_view word) {
    const std::size_t begin = line.find(word);
    if (begin == std::string_view::npos) return 0;
    line = trimmed(line.substr(begin + word.size()));
    std::uint64_t value = 0;
    std::from_chars(line.data(), line.data() + line.size(), value);
    return static_cast<double>(value);
  }

  // "50 requests in 1.00s, 1MB read", and two lines that are there only where something failed.
  void take_totals(std::string_view line) {
    if (line.find(" requests in ") != std::string_view::npos) {
      answered_ = number_behind(line, {});
    } else if (line.starts_with("Socket errors:")) {
      for (const char* kind : {"connect ", "read ", "write ", "timeout "}) {
        unanswered_ += number_behind(line, kind);
      }
    } else if (line.starts_with("Non-2xx or 3xx responses:")) {
      refused_ = number_behind(line, "responses:");
    }
  }

  void take_row(std::string_view line, std::int64_t number) {
    std::array<std::string_view, 3> cells;
    for (std::string_view& cell : cells) {
      cell = line.substr(0, line.find_first_of(" \t,"));
      line.remove_prefix(cell.size());
      if (line.starts_with(',')) line.remove_prefix(1);  // the table as CSV
      line = trimmed(line);
    }
    const auto value = parse_cell(cells[0]);
    const auto total = parse_cell(cells[2]);
    if (!value || !total || !(*total >= 0) || !(*value <= 1e300)) {
      table().malformed(number, {},
                        fmt::format("\"{}\" is no value with a total count", excerpt(cells[0])));
    } else if (*value < last_value_ || *total < last_total_) {
      table().malformed(number, {}, "falls below the row before it");
    } else {
      table().count_row();
      table().add_bin("latency_ms", {last_value_, *value, *total - last_total_});
      last_value_ = *value;
      last_total_ = *total;
    }
  }

  int tables_ = 0;
  bool done_ = false;
  double last_value_ = 0;
  double last_total_ = 0;
  double answered_ = 0;
  double unanswered_ = 0;
  double refused_ = 0;
};

}  // namespace

std::unique_ptr<RecordReader> make_hgrm_reader(TableBuilder& table) {
  return std::make_unique<HgrmReader>(table);
}

}  // namespace haldane::analysis
