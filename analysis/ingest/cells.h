// The two things a cell can hold: a number, or a time.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

namespace haldane::analysis {

/// A decimal number, NaN or an infinity, with blanks around it allowed. **Returns** the double
/// nearest to the text, infinity where it is too large; empty for anything else. **Cost** about 10
/// ns for up to 15 digits.
[[nodiscard]] std::optional<double> parse_cell(std::string_view text);

/// Seconds of a Unix time. **Domain** any unit from seconds to nanoseconds, told apart by size:
/// below 1e11 seconds (the year 5138), below 1e14 milliseconds (from 1973 on), below 1e17
/// microseconds, above it nanoseconds.
[[nodiscard]] inline double unix_seconds(double number) {
  const double size = number < 0 ? -number : number;
  if (size < 1e11) return number;
  if (size < 1e14) return number / 1e3;
  return number / (size < 1e17 ? 1e6 : 1e9);
}

/// Seconds since 1970-01-01T00:00:00Z of an RFC 3339 time (a missing zone is UTC, a blank may stand
/// for the T) or of a plain finite number (`unix_seconds`); empty if it is neither.
[[nodiscard]] std::optional<double> parse_timestamp(std::string_view text);

/// A short printable piece of a user's text for a message.
[[nodiscard]] std::string excerpt(std::string_view text, std::size_t length_max = 40);

/// Without blanks and tabs at both ends.
[[nodiscard]] std::string_view trimmed(std::string_view text);

}  // namespace haldane::analysis
