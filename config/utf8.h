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

}  // namespace haldane::config
