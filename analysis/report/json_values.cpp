#include "analysis/report/json_values.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <limits>
#include <string_view>

namespace haldane::analysis {
namespace {

std::string compact(const Json& value) {
  return value.dump(-1, ' ', false, Json::error_handler_t::replace);
}

bool is_flat(const Json& value) {
  return std::none_of(value.begin(), value.end(),
                      [](const Json& member) { return member.is_structured(); });
}

std::string indentation(std::size_t depth) {
  return std::string(2 * depth, ' ');
}

void write(std::string& text, const Json& value, std::size_t depth) {
  if (!value.is_structured() || value.empty() || (depth > 0 && is_flat(value))) {
    text += compact(value);
    return;
  }
  const std::string indent = indentation(depth + 1);
  text += value.is_object() ? "{" : "[";
  bool first = true;
  for (const auto& [key, member] : value.items()) {
    text += first ? "\n" : ",\n";
    first = false;
    text += indent;
    if (value.is_object()) text += compact(Json(key)) + ": ";
    write(text, member, depth + 1);
  }
  text += "\n" + indentation(depth) + (value.is_object() ? "}" : "]");
}

// The shortest digits that read back exactly, and a point where there would be none.
void append_number(std::string& text, double value) {
  if (!std::isfinite(value)) {
    text += "null";
    return;
  }
  std::array<char, 32> digits;
  const char* end = std::to_chars(digits.data(), digits.data() + digits.size(), value).ptr;
  const std::string_view number(digits.data(), static_cast<std::size_t>(end - digits.data()));
  text += number;
  if (number.find_first_of(".e") == std::string_view::npos) text += ".0";
}

template <class Values, class Append>
std::string list_of(const Values& values, const Append& append) {
  std::string text = "[";
  for (const auto& value : values) {
    append(text, value);
    text += ',';
  }
  if (text.size() > 1) text.pop_back();
  return text += ']';
}

std::string line_of(const JsonMember& member, std::size_t depth) {
  return indentation(depth) + compact(Json(member.name)) + ": " + member.text;
}

}  // namespace

std::string json_list(std::span<const double> values) {
  return list_of(values, append_number);
}

std::string json_list(std::span<const std::optional<double>> values) {
  return list_of(values, [](std::string& text, std::optional<double> value) {
    append_number(text, value.value_or(std::numeric_limits<double>::quiet_NaN()));
  });
}

std::string json_object(std::span<const JsonMember> members, std::size_t depth) {
  if (members.empty()) return "{}";
  std::string text = "{\n";
  for (const JsonMember& member : members) text += line_of(member, depth + 1) + ",\n";
  text.erase(text.size() - 2, 1);
  return text + indentation(depth) + "}";
}

std::string json_document(const Json& document, std::span<const JsonMember> more) {
  std::string text = json_document(document);
  text.resize(text.size() - 3);  // "\n}\n"
  for (const JsonMember& member : more) text += ",\n" + line_of(member, 1);
  return text + "\n}\n";
}

std::string json_document(const Json& document) {
  std::string text;
  write(text, document, 0);
  return text + "\n";
}

}  // namespace haldane::analysis
