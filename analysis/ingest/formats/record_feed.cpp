#include "analysis/ingest/formats/record_feed.h"

#include <utility>

#include <fmt/format.h>

namespace haldane::analysis {

RecordFeed::RecordFeed(const std::string& path, InputFormat format, Arm arm)
    : format_(format),
      builder_(path, arm),
      reader_(make_reader(format, builder_)),
      lines_(reader_->line_max()) {}

void RecordFeed::add(std::string_view block, bool last) {
  lines_.feed(block, last, [this](std::string_view line, std::int64_t number, bool oversized) {
    if (number == 1 && line.substr(0, 3) == "\xEF\xBB\xBF") line.remove_prefix(3);
    if (oversized) {
      builder_.malformed(number, {}, fmt::format("is longer than {} bytes", reader_->line_max()));
    } else if (!line.empty()) {
      reader_->take_line(line, number);
    }
  });
}

RecordTable RecordFeed::finish() {
  std::string useless = reader_->finish();
  RecordTable result{builder_.finish(), std::move(useless)};
  result.table.remarks.insert(result.table.remarks.begin(),
                              fmt::format("read as {}", name_of(format_)));
  if (format_ == InputFormat::metric_set_pairs)
    result.table.part = builder_.arm() == Arm::canary ? "experiment" : "control";
  return result;
}

// Finishing tidies the builder up for good, so it works on what is put back afterwards. Readers of
// lines change nothing of their own when they finish.
RecordTable RecordFeed::look() {
  TableBuilder before = builder_;
  RecordTable result = finish();
  builder_ = std::move(before);
  return result;
}

}  // namespace haldane::analysis
