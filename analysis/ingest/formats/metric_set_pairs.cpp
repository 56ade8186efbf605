// Kayenta's MetricSetPair list, alone or as a member of a judge request: both arms of every metric
// in one document, a value a step. Which arm is read, the caller says.
#include <cmath>
#include <limits>

#include <fmt/format.h>

#include "analysis/ingest/formats/json_document.h"

namespace haldane::analysis {
namespace {

using Json = nlohmann::json;

class MetricSetPairsReader final : public JsonDocumentReader {
 public:
  using JsonDocumentReader::JsonDocumentReader;

 private:
  std::string take_document(const Json& document) override {
    if (document.is_object() && member(document, "metricSetPairList") == nullptr) {
      take_pair(document);  // one a line
      return {};
    }
    const Json& pairs = document.is_array() ? document : elements(document, "metricSetPairList");
    for (const Json& pair : pairs) take_pair(pair);
    return {};
  }

  void take_pair(const Json& pair) {
    const std::string name = name_of(pair);
    const Json* values = member(pair, "values");
    if (name.empty() || values == nullptr) {
      table().malformed(0, "metricSetPairList", "an element lacks its name or values");
      return;
    }
    table().count_row();
    const char* arm = table().arm() == Arm::canary ? "experiment" : "control";
    const Json* scopes = member(pair, "scopes");
    const Json* scope = scopes == nullptr ? nullptr : member(*scopes, arm);
    const auto start =
        scope == nullptr ? std::nullopt : number_of(member(*scope, "startTimeMillis"));
    const auto step = scope == nullptr ? std::nullopt : number_of(member(*scope, "stepMillis"));
    const bool timed = start && step && *step > 0;
    double position = 0;
    for (const Json& cell : elements(*values, arm)) {
      const auto time_s = timed ? std::optional((*start + position * *step) / 1000) : std::nullopt;
      ++position;
      take_value(name, cell, time_s);
    }
  }

  void take_value(const std::string& name, const Json& cell, std::optional<double> time_s) {
    const auto value = number_of(&cell);
    if (value) {
      table().add(name, *value, time_s);
    } else if (cell.is_null() || text_of(&cell) == "NaN") {
      table().add(name, std::numeric_limits<double>::quiet_NaN(), time_s);
    } else {
      table().malformed(0, name, "a value is neither a number nor \"NaN\"");
    }
  }

  // Tags tell series of one name apart.
  static std::string name_of(const Json& pair) {
    std::string name = text_of(member(pair, "name"));
    const Json* tags = member(pair, "tags");
    if (name.empty() || tags == nullptr || !tags->is_object() || tags->empty()) return name;
    std::string listed;
    for (const auto& [key, value] : tags->items()) {
      listed += fmt::format("{}{}={}", listed.empty() ? "" : ",", key, text_of(&value));
    }
    return fmt::format("{}{{{}}}", name, listed);
  }
};

}  // namespace

std::unique_ptr<RecordReader> make_metric_set_pairs_reader(TableBuilder& table) {
  return std::make_unique<MetricSetPairsReader>(table);
}

}  // namespace haldane::analysis
