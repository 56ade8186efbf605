// Foreign text (names of metrics, paths, sentences that hold them) in the languages of pipelines. A
// metric may be called anything that a CSV header can hold, so each language has one function that
// leaves no byte of it a meaning of its own.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace haldane::analysis {

/// Well-formed UTF-8: broken bytes, control characters other than tab, line feed and carriage
/// return, what turns the direction of writing, and the noncharacters U+FFFE and U+FFFF become
/// U+FFFD. **Returns** what XML 1.0 allows.
[[nodiscard]] std::string clean_text(std::string_view text);

/// At most so many characters of clean text, the last one "…" where some were cut off.
[[nodiscard]] std::string shorten(std::string_view text, std::size_t characters_max);

/// For XML text and attributes; line ends and tabs survive the normalisation of attributes.
[[nodiscard]] std::string xml_escape(std::string_view text);

/// One line of GitHub Flavored Markdown without any markup, also inside a table: pipes and
/// punctuation behind backslashes, `<`, `>`, `&` and `@` as entities, line ends as spaces.
[[nodiscard]] std::string markdown_escape(std::string_view text);

/// The message of a GitHub workflow command: % as %25, CR as %0D, LF as %0A.
[[nodiscard]] std::string workflow_message(std::string_view text);

/// A property of a GitHub workflow command: as a message, and : as %3A, comma as %2C.
[[nodiscard]] std::string workflow_property(std::string_view text);

/// A label value or help text of OpenMetrics: backslash, quote and line feed behind a backslash.
[[nodiscard]] std::string openmetrics_escape(std::string_view text);

}  // namespace haldane::analysis
