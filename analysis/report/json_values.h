// Pieces that all JSON reports share: null for what is empty or not finite, text that is always
// valid UTF-8.
#pragma once

#include <cmath>
#include <optional>
#include <span>
#include <string>

#include <nlohmann/json.hpp>

namespace haldane::analysis {

using Json = nlohmann::ordered_json;

/// The number, or null when it is empty, NaN or infinite (JSON has no such numbers).
[[nodiscard]] inline Json json_number(std::optional<double> value) {
  return value && std::isfinite(*value) ? Json(*value) : Json(nullptr);
}

/// Text for people and programs: objects indented, but lists and objects of plain values on one
/// line, with a final newline. Bytes that are no UTF-8 become U+FFFD.
[[nodiscard]] std::string json_document(const Json& document);

/// The text of a list of numbers, null for those that are empty or not finite. **Cost** some 50 ns
/// a number, where a Json of them and its text take 600: series are nearly all of a result.
[[nodiscard]] std::string json_list(std::span<const std::optional<double>> values);
[[nodiscard]] std::string json_list(std::span<const double> values);

/// A member whose value is text already.
struct JsonMember {
  std::string name;
  std::string text;
};
/// An object of them, one a line, `depth` objects inside its document.
[[nodiscard]] std::string json_object(std::span<const JsonMember> members, std::size_t depth);

/// As json_document(), with more members at the end. **Domain** the document is an object and not
/// empty.
[[nodiscard]] std::string json_document(const Json& document, std::span<const JsonMember> more);

}  // namespace haldane::analysis
