#include "analysis/ingest/cells.h"

#include <array>
#include <charconv>
#include <chrono>
#include <cmath>
#include <cstdint>
#include <limits>

namespace haldane::analysis {
namespace {

constexpr std::array<double, 23> powers_of_ten = {1e0,  1e1,  1e2,  1e3,  1e4,  1e5,  1e6,  1e7,
                                                  1e8,  1e9,  1e10, 1e11, 1e12, 1e13, 1e14, 1e15,
                                                  1e16, 1e17, 1e18, 1e19, 1e20, 1e21, 1e22};

bool is_digit(char c) {
  return c >= '0' && c <= '9';
}

// "123.45" with up to 15 digits: both parts are exact doubles, so one division rounds correctly.
std::optional<double> parse_short_decimal(std::string_view text) {
  std::uint64_t mantissa = 0;
  std::size_t digits = 0;
  std::size_t decimals = 0;
  bool point = false;
  for (const char c : text) {
    if (is_digit(c)) {
      mantissa = mantissa * 10 + static_cast<std::uint64_t>(c - '0');
      ++digits;
      decimals += point ? 1 : 0;
    } else if (c == '.' && !point) {
      point = true;
    } else {
      return std::nullopt;
    }
  }
  if (digits == 0 || digits > 15) return std::nullopt;
  return static_cast<double>(mantissa) / powers_of_ten[decimals];
}

// A number after its sign that only the library reads: exponents, many digits, nan, inf.
std::optional<double> parse_any_decimal(std::string_view text) {
  double value = 0;
  const char* end = text.data() + text.size();
  const auto [stop, error] = std::from_chars(text.data(), end, value);
  if (stop != end) return std::nullopt;
  if (error == std::errc::result_out_of_range) {
    const std::size_t exponent = text.find_first_of("eE");
    const bool tiny = exponent != std::string_view::npos && text[exponent + 1] == '-';
    return tiny ? 0.0 : std::numeric_limits<double>::infinity();
  }
  if (error != std::errc{}) return std::nullopt;
  return value;
}

// Exactly `count` digits at `position`, which moves past them.
std::optional<int> take_digits(std::string_view text, std::size_t& position, std::size_t count) {
  if (position + count > text.size()) return std::nullopt;
  int value = 0;
  for (std::size_t i = 0; i < count; ++i) {
    const char c = text[position + i];
    if (!is_digit(c)) return std::nullopt;
    value = value * 10 + (c - '0');
  }
  position += count;
  return value;
}

bool take(std::string_view text, std::size_t& position, std::string_view any_of) {
  if (position >= text.size() || any_of.find(text[position]) == std::string_view::npos) {
    return false;
  }
  ++position;
  return true;
}

// Seconds of the zone east of UTC: "Z", "+01:00", or nothing.
std::optional<int> take_zone(std::string_view text, std::size_t& position) {
  if (position == text.size() || take(text, position, "Zz")) return 0;
  const int sign = text[position] == '-' ? -1 : 1;
  if (!take(text, position, "+-")) return std::nullopt;
  const auto hours = take_digits(text, position, 2);
  take(text, position, ":");
  const auto minutes = take_digits(text, position, 2);
  if (!hours || !minutes || *hours > 23 || *minutes > 59) return std::nullopt;
  return sign * (*hours * 3600 + *minutes * 60);
}

// Fraction of a second after its point.
std::optional<double> take_fraction(std::string_view text, std::size_t& position) {
  if (!take(text, position, ".,")) return 0.0;
  const std::size_t begin = position;
  double value = 0;
  double unit = 1;
  while (position < text.size() && is_digit(text[position])) {
    unit /= 10;
    value += unit * (text[position++] - '0');
  }
  return position > begin ? std::optional(value) : std::nullopt;
}

std::optional<double> take_date(std::string_view text, std::size_t& position) {
  const auto year = take_digits(text, position, 4);
  if (!year || !take(text, position, "-")) return std::nullopt;
  const auto month = take_digits(text, position, 2);
  if (!month || !take(text, position, "-")) return std::nullopt;
  const auto day = take_digits(text, position, 2);
  if (!day) return std::nullopt;
  const std::chrono::year_month_day date{std::chrono::year(*year),
                                         std::chrono::month(static_cast<unsigned>(*month)),
                                         std::chrono::day(static_cast<unsigned>(*day))};
  if (!date.ok()) return std::nullopt;
  return static_cast<double>(std::chrono::sys_days(date).time_since_epoch().count()) * 86'400;
}

std::optional<double> parse_rfc3339(std::string_view text) {
  std::size_t position = 0;
  const auto date = take_date(text, position);
  if (!date || !take(text, position, "Tt ")) return std::nullopt;
  const auto hour = take_digits(text, position, 2);
  if (!hour || !take(text, position, ":")) return std::nullopt;
  const auto minute = take_digits(text, position, 2);
  if (!minute || !take(text, position, ":")) return std::nullopt;
  const auto second = take_digits(text, position, 2);
  if (!second || *hour > 23 || *minute > 59 || *second > 60) return std::nullopt;
  const auto fraction = take_fraction(text, position);
  if (!fraction) return std::nullopt;
  const auto zone = take_zone(text, position);
  if (!zone || position != text.size()) return std::nullopt;
  return *date + *hour * 3600 + *minute * 60 + *second - *zone + *fraction;
}

}  // namespace

std::string_view trimmed(std::string_view text) {
  while (!text.empty() && (text.front() == ' ' || text.front() == '\t')) text.remove_prefix(1);
  while (!text.empty() && (text.back() == ' ' || text.back() == '\t')) text.remove_suffix(1);
  return text;
}

std::string excerpt(std::string_view text, std::size_t length_max) {
  std::string safe;
  for (const char c : text.substr(0, length_max)) safe += c >= ' ' && c < 0x7f ? c : '?';
  if (text.size() > length_max) safe += "...";
  return safe;
}

std::optional<double> parse_cell(std::string_view text) {
  text = trimmed(text);
  const bool negative = !text.empty() && text.front() == '-';
  if (negative || (!text.empty() && text.front() == '+')) text.remove_prefix(1);
  // What is left must be unsigned, or "--1" would pass.
  if (text.empty() || text.front() == '-' || text.front() == '+') return std::nullopt;
  std::optional<double> value = parse_short_decimal(text);
  if (!value) value = parse_any_decimal(text);
  if (!value) return std::nullopt;
  return negative ? -*value : *value;
}

std::optional<double> parse_timestamp(std::string_view text) {
  text = trimmed(text);
  if (const auto time = parse_rfc3339(text)) return time;
  const auto number = parse_cell(text);
  return number && std::isfinite(*number) ? std::optional(unix_seconds(*number)) : std::nullopt;
}

}  // namespace haldane::analysis
