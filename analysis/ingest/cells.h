// The two things a cell can hold: a number, or a time.
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace haldane::analysis {

/// A decimal number, NaN or an infinity, with blanks around it allowed. **Returns** the double
/// nearest to the text, infinity where it is too large; empty for anything else. **Cost** about 10
/// ns for up to 15 digits.
[[nodiscard]] std::optional<double> parse_cell(std::string_view text);

/// Seconds since 1970-01-01T00:00:00Z of an RFC 3339 time (a missing zone is UTC, a blank may stand
/// for the T) or of a plain finite number; empty if it is neither.
[[nodiscard]] std::optional<double> parse_timestamp(std::string_view text);

/// A short printable piece of a user's text for a message.
[[nodiscard]] std::string excerpt(std::string_view text);

/// Without blanks and tabs at both ends.
[[nodiscard]] std::string_view trimmed(std::string_view text);

}  // namespace haldane::analysis
