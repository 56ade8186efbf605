// NDJSON: one object a line, as a CSV row with names: numbers are cells, `timestamp` is the time.
#include <cmath>
#include <functional>
#include <set>
#include <string>

#include <fmt/format.h>

#include "analysis/ingest/cells.h"
#include "analysis/ingest/formats/json_lines.h"

namespace haldane::analysis {
namespace {

class NdjsonReader final : public JsonLines<> {
 public:
  using JsonLines::JsonLines;

  void take_object(std::int64_t number) override {
    time_s_.reset();
    if (!take_time(number) || !cells_are_numbers(number)) return;
    table().count_row();
    for (const JsonScalar& scalar : scalars().all()) {
      if (scalar.path != "timestamp") keep(scalar);
    }
  }

 private:
  bool take_time(std::int64_t number) {
    const JsonScalar* time = scalars().find("timestamp");
    if (time == nullptr) return true;
    time_s_ = time->kind == JsonScalar::Kind::number ? unix_seconds(time->number)
                                                     : parse_timestamp(time->text);
    if (!time_s_) {
      table().malformed(number, "timestamp", fmt::format("\"{}\" is no time", excerpt(time->text)));
    }
    return time_s_.has_value();
  }

  // Text is a label, unless the field held numbers before or says NaN or infinity. Where every
  // value is quoted, as nginx does, a field of numbers cannot be told from a label: see keep().
  bool cells_are_numbers(std::int64_t number) {
    for (const JsonScalar& scalar : scalars().all()) {
      if (scalar.kind != JsonScalar::Kind::text || scalar.path == "timestamp") continue;
      if (!table().has(scalar.path) || quoted_.contains(scalar.path)) continue;
      if (parse_cell(scalar.text)) continue;
      table().malformed(number, scalar.path,
                        fmt::format("\"{}\" is no number", excerpt(scalar.text)));
      return false;
    }
    return true;
  }

  void keep(const JsonScalar& scalar) {
    if (scalar.is_number()) {
      table().add(scalar.path, scalar.number, time_s_);
    } else if (scalar.kind == JsonScalar::Kind::text) {
      keep_text(scalar);
    }
  }

  // Numbers in quotes are kept for policies that name them, and never guessed to be a metric.
  void keep_text(const JsonScalar& scalar) {
    const auto value = parse_cell(scalar.text);
    const bool known = table().has(scalar.path);
    if (!value || (!known && !std::isfinite(*value))) return;
    table().add(scalar.path, *value, time_s_);
    if (known) return;
    table().mark_detail(scalar.path);
    quoted_.insert(scalar.path);
  }

  std::set<std::string, std::less<>> quoted_;  // fields whose numbers come as text
  std::optional<double> time_s_;
};

}  // namespace

std::unique_ptr<RecordReader> make_ndjson_reader(TableBuilder& table) {
  return std::make_unique<NdjsonReader>(table);
}

}  // namespace haldane::analysis
