#include "config/decimal.h"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <limits>
#include <system_error>

#include <fmt/format.h>

namespace haldane::config {
namespace {

__extension__ using Wide = unsigned __int128;

constexpr int exponent_limit = 1'000'000;
constexpr std::size_t significant_digits_max = 24;

bool is_digit(char c) {
  return c >= '0' && c <= '9';
}

std::string_view take_digits(std::string_view& text) {
  const auto end = std::find_if_not(text.begin(), text.end(), is_digit);
  const auto length = static_cast<std::size_t>(end - text.begin());
  const std::string_view digits = text.substr(0, length);
  text.remove_prefix(length);
  return digits;
}

/// Reads an exponent if one is there; "5e" keeps its letter, which is then an unknown unit.
int take_exponent(std::string_view& text) {
  if (text.empty() || (text.front() != 'e' && text.front() != 'E')) return 0;
  std::string_view rest = text.substr(1);
  bool negative = false;
  if (!rest.empty() && (rest.front() == '+' || rest.front() == '-')) {
    negative = rest.front() == '-';
    rest.remove_prefix(1);
  }
  const std::string_view digits = take_digits(rest);
  if (digits.empty()) return 0;
  int exponent = 0;
  for (const char digit : digits) exponent = std::min(exponent * 10 + (digit - '0'), 100'000);
  text = rest;
  return negative ? -exponent : exponent;
}

std::optional<Wide> multiply_by_ten(Wide value, int times) {
  constexpr Wide limit = std::numeric_limits<std::int64_t>::max();
  for (; times > 0 && value > 0; --times) {
    if (value > limit) return std::nullopt;
    value *= 10;
  }
  return value;
}

/// value / 10^times rounded half up; `exact` is cleared when something was lost.
Wide divide_by_ten(Wide value, int times, bool& exact) {
  bool lost_below = false;
  for (; times > 1 && value > 0; --times) {
    lost_below = lost_below || value % 10 != 0;
    value /= 10;
  }
  if (times > 1) return 0;  // value is 0 here: it was all lost, or was 0 from the start
  const unsigned last = static_cast<unsigned>(value % 10);
  if (lost_below || last != 0) exact = false;
  return value / 10 + (last >= 5 ? 1 : 0);
}

}  // namespace

std::optional<double> Decimal::to_double(int shift) const {
  if (is_zero()) return 0.0;
  const std::string text = fmt::format("{}{}e{}", negative ? "-" : "", digits, exponent + shift);
  double value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error == std::errc::result_out_of_range) {
    const bool tiny = exponent + shift + static_cast<int>(digits.size()) < 0;
    return tiny ? std::optional<double>(0.0) : std::nullopt;
  }
  if (error != std::errc() || !std::isfinite(value)) return std::nullopt;
  return value;
}

std::optional<Decimal> take_decimal(std::string_view& text) {
  std::string_view rest = text;
  Decimal result;
  if (!rest.empty() && (rest.front() == '+' || rest.front() == '-')) {
    result.negative = rest.front() == '-';
    rest.remove_prefix(1);
  }
  const std::string_view whole = take_digits(rest);
  std::string_view fraction;
  if (!rest.empty() && rest.front() == '.') {
    std::string_view after = rest.substr(1);
    fraction = take_digits(after);
    if (!fraction.empty()) rest = after;
  }
  if (whole.empty() && fraction.empty()) return std::nullopt;
  if (whole.size() + fraction.size() > exponent_limit / 2) return std::nullopt;
  result.digits = std::string(whole) + std::string(fraction);
  result.digits.erase(0, std::min(result.digits.find_first_not_of('0'), result.digits.size()));
  result.exponent = take_exponent(rest) - static_cast<int>(fraction.size());
  text = rest;
  return result;
}

std::optional<Scaled> scale(const Decimal& decimal, std::uint64_t factor, int shift) {
  Scaled result;
  if (decimal.is_zero()) return result;
  std::string_view digits = decimal.digits;
  int exponent = decimal.exponent + shift;
  if (digits.size() > significant_digits_max) {
    const std::string_view dropped = digits.substr(significant_digits_max);
    result.exact = dropped.find_first_not_of('0') == std::string_view::npos;
    exponent += static_cast<int>(dropped.size());
    digits = digits.substr(0, significant_digits_max);
  }
  Wide value = 0;
  for (const char digit : digits) value = value * 10 + static_cast<unsigned>(digit - '0');
  value *= factor;
  if (exponent >= 0) {
    const auto larger = multiply_by_ten(value, exponent);
    if (!larger) return std::nullopt;
    value = *larger;
  } else {
    const bool was_zero = value == 0;
    value = divide_by_ten(value, -exponent, result.exact);
    if (!was_zero && value == 0) result.exact = false;
  }
  if (value > static_cast<Wide>(std::numeric_limits<std::int64_t>::max())) return std::nullopt;
  result.value = static_cast<std::int64_t>(value);
  if (decimal.negative) result.value = -result.value;
  return result;
}

}  // namespace haldane::config
