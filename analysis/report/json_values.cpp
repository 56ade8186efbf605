#include "analysis/report/json_values.h"

#include <algorithm>

namespace haldane::analysis {
namespace {

std::string compact(const Json& value) {
  return value.dump(-1, ' ', false, Json::error_handler_t::replace);
}

bool is_flat(const Json& value) {
  return std::none_of(value.begin(), value.end(),
                      [](const Json& member) { return member.is_structured(); });
}

void write(std::string& text, const Json& value, std::size_t depth) {
  if (!value.is_structured() || value.empty() || (depth > 0 && is_flat(value))) {
    text += compact(value);
    return;
  }
  const std::string indent(2 * (depth + 1), ' ');
  text += value.is_object() ? "{" : "[";
  bool first = true;
  for (const auto& [key, member] : value.items()) {
    text += first ? "\n" : ",\n";
    first = false;
    text += indent;
    if (value.is_object()) text += compact(Json(key)) + ": ";
    write(text, member, depth + 1);
  }
  text += "\n" + std::string(2 * depth, ' ') + (value.is_object() ? "}" : "]");
}

}  // namespace

std::string json_document(const Json& document) {
  std::string text;
  write(text, document, 0);
  return text + "\n";
}

}  // namespace haldane::analysis
