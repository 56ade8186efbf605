// Envoy's access log as JSON, in the names of the fields that Istio writes: start_time,
// response_code, duration in whole milliseconds. Envoy writes numbers as numbers; what Lua or
// older versions wrote are texts.
#include <fmt/format.h>

#include "analysis/ingest/cells.h"
#include "analysis/ingest/formats/json_lines.h"

namespace haldane::analysis {
namespace {

class EnvoyJsonReader final : public JsonLines<> {
 public:
  using JsonLines::JsonLines;

  void take_object(std::int64_t number) override {
    const std::string_view start = scalars().text("start_time");
    const auto time = parse_timestamp(start);
    const auto status = number_at("response_code");
    const auto duration = number_at("duration");
    if (!time) {
      table().malformed(number, "start_time", fmt::format("\"{}\" is no time", excerpt(start)));
    } else if (!status) {
      table().malformed(number, "response_code", "is no status");
    } else if (!duration || !(*duration >= 0)) {
      table().malformed(number, "duration", "is no duration");
    } else {
      table().count_row();
      table().add("latency_ms", *duration, *time);
      table().add("errors", *status >= 500 || *status == 0 ? 1 : 0, *time);
    }
  }

 private:
  std::optional<double> number_at(std::string_view name) const {
    const JsonScalar* scalar = scalars().find(name);
    if (scalar == nullptr) return std::nullopt;
    if (scalar->kind == JsonScalar::Kind::number) return scalar->number;
    return scalar->kind == JsonScalar::Kind::text ? parse_cell(scalar->text) : std::nullopt;
  }
};

}  // namespace

std::unique_ptr<RecordReader> make_envoy_json_reader(TableBuilder& table) {
  return std::make_unique<EnvoyJsonReader>(table);
}

}  // namespace haldane::analysis
