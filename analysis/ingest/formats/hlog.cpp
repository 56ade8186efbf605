// The interval log of HdrHistogram (`.hlog`): [Tag=x,]start,length,max,payload a line. All
// intervals are added up. The payload counts whole units of nobody-says-what; the third field is
// its maximum in milliseconds, which tells the unit.
#include <algorithm>
#include <cmath>
#include <vector>

#include <fmt/format.h>

#include "analysis/ingest/cells.h"
#include "analysis/ingest/formats/hdr_decode.h"
#include "analysis/ingest/formats/record_reader.h"

namespace haldane::analysis {
namespace {

class HlogReader final : public RecordReader {
 public:
  using RecordReader::RecordReader;

  [[nodiscard]] std::size_t line_max() const override { return std::size_t{16} << 20U; }

  void take_line(std::string_view line, std::int64_t number) override {
    if (line.front() == '#' || line.front() == '"') return;
    const std::size_t comma = line.rfind(',');
    if (comma == std::string_view::npos || line.substr(comma + 1, 4) != "HIST") {
      table().malformed(number, {}, "has no histogram in its last field");
      return;
    }
    const std::string_view before = line.substr(0, comma);
    const auto interval_max = parse_cell(before.substr(before.rfind(',') + 1));
    if (!interval_max) {
      table().malformed(number, "Interval_Max", "is no number");
      return;
    }
    slots_.clear();
    const std::string why = decode_hdr(
        line.substr(comma + 1),
        [this](double low, double high, double count) { slots_.push_back({low, high, count}); });
    if (why.empty()) {
      keep_slots(*interval_max);
    } else {
      table().malformed(number, "Interval_Compressed_Histogram", why);
    }
  }

  std::string finish() override {
    table().remark(fmt::format("the unit of the histograms is taken as {:g} ms", unit_ms_));
    return {};
  }

 private:
  void keep_slots(double interval_max) {
    table().count_row();
    if (slots_.empty()) return;
    // One unit for the whole log, by its first interval: logs are written in ns, us or ms.
    if (!unit_known_ && interval_max > 0) {
      const double ratio = interval_max / slots_.back().high;
      unit_ms_ = std::pow(10, std::clamp(3 * std::round(std::log10(ratio) / 3), -6.0, 3.0));
      unit_known_ = true;
    }
    for (const ValueBin& slot : slots_) {
      table().add_bin("latency_ms", {slot.low * unit_ms_, slot.high * unit_ms_, slot.count});
    }
  }

  std::vector<ValueBin> slots_;
  double unit_ms_ = 1;
  bool unit_known_ = false;
};

}  // namespace

std::unique_ptr<RecordReader> make_hlog_reader(TableBuilder& table) {
  return std::make_unique<HlogReader>(table);
}

}  // namespace haldane::analysis
