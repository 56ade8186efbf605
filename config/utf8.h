// Is this text at all? Told apart before parsing, so that a binary file gives one clear message and
// not a guess about YAML.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

namespace haldane::config {

/// The first byte that no text has.
struct NonText {
  int line = 1;    ///< 1-based
  int column = 1;  ///< 1-based, in bytes
  std::string what;
};

/// **Returns** the first byte that is not part of well-formed UTF-8 (RFC 3629: no overlong forms,
/// no surrogates) or is a control character other than tab, line feed and carriage return; empty
/// for text. **Cost** linear.
[[nodiscard]] std::optional<NonText> find_non_text(std::string_view text);

/// Bytes of the well-formed UTF-8 character at `i`, or 0 where there is none. **Domain** i <
/// text.size(). **Source** Unicode 15, table 3-7.
[[nodiscard]] std::size_t character_length(std::string_view text, std::size_t i);

/// Whether a character turns the direction of what follows it (U+202A to U+202E, U+2066 to U+2069):
/// inside a name it makes numbers of the sentence around it read backwards. **Domain** one
/// character.
[[nodiscard]] inline bool turns_direction(std::string_view character) {
  if (character.size() != 3 || character[0] != '\xE2') return false;
  if (character[1] == '\x80') return character[2] >= '\xAA' && character[2] <= '\xAE';
  return character[1] == '\x81' && character[2] >= '\xA6' && character[2] <= '\xA9';
}

}  // namespace haldane::config
