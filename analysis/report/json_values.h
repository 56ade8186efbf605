// Pieces that all JSON reports share: null for what is empty or not finite, text that is always
// valid UTF-8.
#pragma once

#include <cmath>
#include <optional>
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

}  // namespace haldane::analysis
