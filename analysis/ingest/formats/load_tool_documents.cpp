// End-of-run documents of load tools: fortio (a histogram), oha (percentiles and status counts).
#include <string_view>

#include <fmt/format.h>

#include "analysis/ingest/formats/json_document.h"

namespace haldane::analysis {
namespace {

using Json = nlohmann::json;

// "200" and such are fine below 400; what is no number says so itself ("SERVING" in gRPC).
bool is_error_code(const std::string& code) {
  if (code == "SERVING" || code == "OK") return false;
  const Json text = code;
  const auto number = number_of(&text);
  return !number || *number < 100 || *number >= 400;
}

// How oha counts what was under way when its time (-z) was over: neither answered nor failed.
constexpr std::string_view cut_off_at_the_end = "aborted due to deadline";

// Responses by code, as two columns of one total each.
struct CodeTotals {
  double requests = 0;
  double errors = 0;

  void add(const Json* codes, bool all_are_errors = false) {
    if (codes == nullptr || !codes->is_object()) return;
    for (const auto& [code, value] : codes->items()) {
      const auto count = number_of(&value);
      if (!count || !(*count >= 0) || code == cut_off_at_the_end) continue;
      requests += *count;
      if (all_are_errors || is_error_code(code)) errors += *count;
    }
  }
  void give(TableBuilder& table) const {
    if (!(requests > 0)) return;
    table.add("requests", requests);
    table.add("errors", errors);
  }
};

class FortioReader final : public JsonDocumentReader {
 public:
  using JsonDocumentReader::JsonDocumentReader;

 private:
  std::string take_document(const Json& document) override {
    const Json* histogram = member(document, "DurationHistogram");
    if (histogram == nullptr) return "has no DurationHistogram";
    for (const Json& bin : elements(*histogram, "Data")) {
      const auto start = number_of(member(bin, "Start"));
      const auto end = number_of(member(bin, "End"));
      const auto count = number_of(member(bin, "Count"));
      if (!start || !end || !count) {
        table().malformed(0, "DurationHistogram.Data", "an element lacks Start, End or Count");
        continue;
      }
      table().count_row();
      table().add_bin("latency_ms", {*start * 1e3, *end * 1e3, *count});
    }
    CodeTotals codes;
    codes.add(member(document, "RetCodes"));
    codes.give(table());
    const Json* catch_up = member(document, "NoCatchUp");
    if (catch_up != nullptr && *catch_up == false) {
      table().remark("fortio caught up after stalls, so waiting was left out of its durations");
    }
    return {};
  }
};

class OhaReader final : public JsonDocumentReader {
 public:
  using JsonDocumentReader::JsonDocumentReader;

 private:
  std::string take_document(const Json& document) override {
    const Json* percentiles = member(document, "latencyPercentiles");
    if (percentiles == nullptr || !percentiles->is_object()) return "has no latencyPercentiles";
    for (const auto& [name, value] : percentiles->items()) {
      const Json text = name.empty() ? name : name.substr(1);
      const auto percent = number_of(&text);
      const auto seconds = number_of(&value);
      if (name.empty() || name[0] != 'p' || !percent || !(*percent > 0) || !(*percent < 100)) {
        table().malformed(0, "latencyPercentiles." + name, "is no percentile");
      } else if (seconds) {  // null where there were no answers
        table().count_row();
        table().add_summary("latency_ms", {*percent / 100, *seconds * 1e3});
      }
    }
    CodeTotals codes;
    codes.add(member(document, "statusCodeDistribution"));
    codes.add(member(document, "errorDistribution"), true);
    codes.give(table());
    table().remark("oha's document holds percentiles only; its CSV holds every request");
    return {};
  }
};

}  // namespace

std::unique_ptr<RecordReader> make_fortio_reader(TableBuilder& table) {
  return std::make_unique<FortioReader>(table);
}

std::unique_ptr<RecordReader> make_oha_reader(TableBuilder& table) {
  return std::make_unique<OhaReader>(table);
}

}  // namespace haldane::analysis
