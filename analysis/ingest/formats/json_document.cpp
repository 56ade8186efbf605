#include "analysis/ingest/formats/json_document.h"

#include <fmt/format.h>

#include "analysis/ingest/cells.h"

namespace haldane::analysis {
namespace {

constexpr int depth_max = 64;

// Discarded where it is no JSON, or nested deeper than any of these formats.
nlohmann::json parse(std::string_view text) {
  bool deep = false;
  const auto shallow = [&deep](int depth, nlohmann::json::parse_event_t /*event*/,
                               nlohmann::json& /*parsed*/) {
    deep = deep || depth > depth_max;
    return !deep;
  };
  nlohmann::json document = nlohmann::json::parse(text.begin(), text.end(), shallow, false);
  return deep ? nlohmann::json(nlohmann::json::value_t::discarded) : document;
}

}  // namespace

void JsonDocumentReader::take_line(std::string_view line, std::int64_t /*number*/) {
  if (text_.size() + line.size() >= document_max) {
    too_large_ = true;
    return;
  }
  text_ += line;
  text_ += '\n';
}

std::string JsonDocumentReader::finish() {
  if (too_large_) {
    return fmt::format("is longer than {} MiB; split it, or query fewer series or a shorter time",
                       document_max >> 20U);
  }
  const Json document = parse(text_);
  if (!document.is_discarded()) {
    const std::string why = take_document(document);
    return why.empty() ? finish_documents() : why;
  }
  parse_by_line();
  return finish_documents();
}

void JsonDocumentReader::parse_by_line() {
  std::int64_t number = 0;
  std::string_view rest = text_;
  while (!rest.empty()) {
    const std::string_view line = rest.substr(0, rest.find('\n'));
    rest.remove_prefix(line.size() + 1);
    ++number;
    const Json document = parse(line);
    const std::string why = document.is_discarded()
                                ? fmt::format("\"{}\" is no whole JSON document", excerpt(line))
                                : take_document(document);
    if (!why.empty()) table().malformed(number, {}, why);
  }
}

const nlohmann::json* member(const nlohmann::json& json, std::string_view name) {
  if (!json.is_object()) return nullptr;
  const auto found = json.find(std::string(name));
  return found == json.end() ? nullptr : &*found;
}

const nlohmann::json& elements(const nlohmann::json& json, std::string_view name) {
  static const nlohmann::json none = nlohmann::json::array();
  const nlohmann::json* found = member(json, name);
  return found != nullptr && found->is_array() ? *found : none;
}

std::optional<double> number_of(const nlohmann::json* json) {
  if (json == nullptr) return std::nullopt;
  if (json->is_number()) return json->get<double>();
  if (!json->is_string()) return std::nullopt;
  return parse_cell(json->get_ref<const std::string&>());
}

std::string text_of(const nlohmann::json* json) {
  return json != nullptr && json->is_string() ? json->get<std::string>() : std::string();
}

}  // namespace haldane::analysis
