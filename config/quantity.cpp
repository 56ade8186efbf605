#include "config/quantity.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>
#include <optional>
#include <span>
#include <utility>

#include <fmt/format.h>

#include "config/decimal.h"
#include "config/problems.h"

namespace haldane::config {
namespace {

/// A unit is factor * 10^shift of the base unit (ns, bytes, 1).
struct Unit {
  std::string_view name;
  std::uint64_t factor;
  int shift;
};

constexpr std::array<Unit, 10> time_units = {{{"ns", 1, 0},
                                              {"us", 1, 3},
                                              {"\xc2\xb5s", 1, 3},
                                              {"ms", 1, 6},
                                              {"s", 1, 9},
                                              {"min", 6, 10},
                                              {"m", 6, 10},
                                              {"h", 36, 11},
                                              {"d", 864, 11},
                                              {"\xce\xbcs", 1, 3}}};
constexpr std::array<Unit, 10> size_units = {{{"B", 1, 0},
                                              {"kB", 1, 3},
                                              {"KB", 1, 3},
                                              {"MB", 1, 6},
                                              {"GB", 1, 9},
                                              {"TB", 1, 12},
                                              {"KiB", 1ULL << 10U, 0},
                                              {"MiB", 1ULL << 20U, 0},
                                              {"GiB", 1ULL << 30U, 0},
                                              {"TiB", 1ULL << 40U, 0}}};
constexpr std::array<Unit, 4> count_units = {{{"", 1, 0}, {"k", 1, 3}, {"M", 1, 6}, {"G", 1, 9}}};

constexpr std::string_view duration_hint = "write a number with ns, us, ms, s, min, h or d: 250ms";
constexpr std::string_view size_hint = "write a number with B, kB, MB, GB, KiB, MiB or GiB: 4MiB";
constexpr std::string_view rate_hint = "write a number per s, min, h or d: 100k/s";
constexpr std::string_view count_hint = "write a whole number, with k, M or G if large: 500k";
constexpr std::string_view share_hint = "write 5% or 0.05";

const Unit* find_unit(std::span<const Unit> units, std::string_view name) {
  const auto found = std::ranges::find(units, name, &Unit::name);
  return found == units.end() ? nullptr : &*found;
}

bool is_non_finite_word(std::string_view text) {
  std::string lower;
  for (const char c : text.substr(0, 12)) {
    if (c == '.' || c == '+' || c == '-') continue;
    lower += static_cast<char>(c >= 'A' && c <= 'Z' ? c - 'A' + 'a' : c);
  }
  return lower == "nan" || lower == "inf" || lower == "infinity";
}

Unexpected<QuantityProblem> malformed(std::string_view what, std::string_view text,
                                      std::string_view hint) {
  if (is_non_finite_word(text)) {
    return Unexpected{QuantityProblem{QuantityProblem::Kind::non_finite,
                                      fmt::format("must be finite, but was {}", excerpt(text)),
                                      std::string(hint)}};
  }
  return Unexpected{QuantityProblem{QuantityProblem::Kind::malformed,
                                    fmt::format("must be {}, but was \"{}\"", what, excerpt(text)),
                                    std::string(hint)}};
}

Unexpected<QuantityProblem> too_large(std::string_view text) {
  return Unexpected{
      QuantityProblem{QuantityProblem::Kind::too_large,
                      fmt::format("is too large: {} does not fit in 64 bits", excerpt(text)),
                      {}}};
}

/// Unit letters up to the next digit.
std::string_view take_unit(std::string_view& text) {
  const auto end = std::ranges::find_if(
      text, [](char c) { return (c >= '0' && c <= '9') || c == '.' || c == '+' || c == '-'; });
  const auto length = static_cast<std::size_t>(end - text.begin());
  const std::string_view unit = text.substr(0, length);
  text.remove_prefix(length);
  return unit;
}

struct TimePart {
  Decimal number;
  Unit unit;
};

/// "1h30m" into its parts, the sign moved to each; empty when it is no duration.
std::optional<std::vector<TimePart>> split_duration(std::string_view text) {
  std::vector<TimePart> parts;
  std::string_view rest = text;
  while (parts.empty() || !rest.empty()) {
    // A second sign would make "1h-30m" look like an hour and a half.
    if (!parts.empty() && (rest.front() == '-' || rest.front() == '+')) return std::nullopt;
    const auto number = take_decimal(rest);
    if (!number) return std::nullopt;
    if (parts.empty() && rest.empty() && number->is_zero()) {
      parts.push_back({*number, {"s", 1, 9}});
      return parts;
    }
    const Unit* unit = find_unit(time_units, take_unit(rest));
    if (unit == nullptr) return std::nullopt;
    if (!parts.empty()) {
      const Unit& before = parts.back().unit;
      const auto size = [](const Unit& u) { return std::pair(u.shift, u.factor); };
      if (size(*unit) >= size(before)) return std::nullopt;
    }
    parts.push_back({*number, *unit});
    parts.back().number.negative = parts.front().number.negative;
  }
  return parts;
}

Quantity<std::int64_t> scaled_whole(const Decimal& number, const Unit& unit, std::string_view text,
                                    std::string_view hint) {
  const auto scaled = scale(number, unit.factor, unit.shift);
  if (!scaled) return too_large(text);
  if (!scaled->exact) {
    return Unexpected{QuantityProblem{
        QuantityProblem::Kind::not_whole,
        fmt::format("must be a whole number, but was {}", excerpt(text)), std::string(hint)}};
  }
  return scaled->value;
}

Quantity<double> finite_or_too_large(const std::optional<double>& value, std::string_view text) {
  if (value && std::isfinite(*value)) return *value;
  return Unexpected{QuantityProblem{
      QuantityProblem::Kind::too_large, fmt::format("is too large: {}", excerpt(text)), {}}};
}

}  // namespace

Quantity<Duration> parse_duration(std::string_view text) {
  const auto parts = split_duration(text);
  if (!parts) return malformed("a duration", text, duration_hint);
  std::int64_t sum_ns = 0;
  bool exact = true;
  for (const TimePart& part : *parts) {
    const auto scaled = scale(part.number, part.unit.factor, part.unit.shift);
    if (!scaled || __builtin_add_overflow(sum_ns, scaled->value, &sum_ns)) return too_large(text);
    exact = exact && scaled->exact;
  }
  if (sum_ns == 0 && !exact) {
    return Unexpected{
        QuantityProblem{QuantityProblem::Kind::malformed,
                        fmt::format("must be 0 or at least 1ns, but was {}", excerpt(text)),
                        "simulated time has a resolution of one nanosecond"}};
  }
  return Duration::nanoseconds(sum_ns);
}

Quantity<double> parse_seconds(std::string_view text) {
  const auto parts = split_duration(text);
  if (!parts) return malformed("a duration", text, duration_hint);
  double sum = 0;
  for (const TimePart& part : *parts) {
    const auto value = part.number.to_double(part.unit.shift - 9);
    if (!value) return too_large(text);
    sum += *value * static_cast<double>(part.unit.factor);
  }
  return finite_or_too_large(sum, text);
}

Quantity<double> parse_rate(std::string_view text) {
  constexpr std::array<std::pair<std::string_view, double>, 6> periods = {
      {{"s", 1}, {"min", 60}, {"m", 60}, {"h", 3600}, {"d", 86400}, {"ms", 1e-3}}};
  std::string_view rest = text;
  const auto number = take_decimal(rest);
  const std::size_t slash = rest.find('/');
  if (!number || slash == std::string_view::npos) return malformed("a rate", text, rate_hint);
  const Unit* prefix = find_unit(count_units, rest.substr(0, slash));
  const auto period = std::ranges::find(periods, rest.substr(slash + 1),
                                        &std::pair<std::string_view, double>::first);
  if (prefix == nullptr || period == periods.end()) return malformed("a rate", text, rate_hint);
  // Per millisecond is a shift, not a division: 1e-3 is not exact in binary.
  if (period->first == "ms") return finite_or_too_large(number->to_double(prefix->shift + 3), text);
  auto value = number->to_double(prefix->shift);
  if (value) *value /= period->second;
  return finite_or_too_large(value, text);
}

Quantity<std::int64_t> parse_count(std::string_view text) {
  std::string_view rest = text;
  const auto number = take_decimal(rest);
  const Unit* unit = number ? find_unit(count_units, rest) : nullptr;
  if (unit == nullptr) return malformed("a count", text, count_hint);
  return scaled_whole(*number, *unit, text, count_hint);
}

Quantity<std::int64_t> parse_size(std::string_view text) {
  std::string_view rest = text;
  const auto number = take_decimal(rest);
  const bool bare_zero = number && number->is_zero() && rest.empty();
  const Unit* unit = number ? find_unit(size_units, bare_zero ? "B" : rest) : nullptr;
  if (unit == nullptr) return malformed("a size", text, size_hint);
  return scaled_whole(*number, *unit, text, size_hint);
}

Quantity<double> parse_bytes(std::string_view text) {
  std::string_view rest = text;
  const auto number = take_decimal(rest);
  const bool bare_zero = number && number->is_zero() && rest.empty();
  const Unit* unit = number ? find_unit(size_units, bare_zero ? "B" : rest) : nullptr;
  if (unit == nullptr) return malformed("a size", text, size_hint);
  auto value = number->to_double(unit->shift);
  if (value) *value *= static_cast<double>(unit->factor);
  return finite_or_too_large(value, text);
}

Quantity<double> parse_share(std::string_view text) {
  std::string_view rest = text;
  const auto number = take_decimal(rest);
  if (!number || (!rest.empty() && rest != "%")) return malformed("a share", text, share_hint);
  return finite_or_too_large(number->to_double(rest == "%" ? -2 : 0), text);
}

Quantity<double> parse_number(std::string_view text) {
  std::string_view rest = text;
  const auto number = take_decimal(rest);
  if (!number || !rest.empty()) return malformed("a number", text, "write 1.5, without a unit");
  return finite_or_too_large(number->to_double(), text);
}

Quantity<std::uint64_t> parse_unsigned(std::string_view text) {
  std::uint64_t value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error == std::errc::result_out_of_range) return too_large(text);
  if (error != std::errc() || end != text.data() + text.size()) {
    return malformed("a whole number from 0 to 2^64 - 1", text, "write digits only");
  }
  return value;
}

std::string format_duration(Duration duration) {
  constexpr std::array<std::pair<std::string_view, std::int64_t>, 7> units = {
      {{"d", 86'400'000'000'000},
       {"h", 3'600'000'000'000},
       {"m", 60'000'000'000},
       {"s", 1'000'000'000},
       {"ms", 1'000'000},
       {"us", 1'000},
       {"ns", 1}}};
  if (duration == Duration{}) return "0s";
  // Unsigned, because the smallest int64 has no positive counterpart.
  const bool negative = duration < Duration{};
  auto rest = static_cast<std::uint64_t>(duration.count_ns());
  if (negative) rest = 0 - rest;
  std::string text = negative ? "-" : "";
  for (const auto& [name, ns] : units) {
    const std::uint64_t count = rest / static_cast<std::uint64_t>(ns);
    if (count == 0) continue;
    text += fmt::format("{}{}", count, name);
    rest %= static_cast<std::uint64_t>(ns);
  }
  return text;
}

}  // namespace haldane::config
