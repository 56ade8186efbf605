// Decimal text taken apart without rounding: the step under config/quantity.h.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace haldane::config {

/// digits * 10^exponent, with sign. **Domain** digits without leading zeros; empty means zero.
struct Decimal {
  bool negative = false;
  std::string digits;
  int exponent = 0;  ///< within +-10^6

  [[nodiscard]] bool is_zero() const { return digits.empty(); }
  /// Nearest double to this times 10^shift. **Returns** empty when that is not finite.
  [[nodiscard]] std::optional<double> to_double(int shift = 0) const;
};

/// Reads `[+-]digits[.digits][e[+-]digits]` at the front of `text` and removes it there.
/// **Returns** empty, with `text` untouched, when there is no digit.
[[nodiscard]] std::optional<Decimal> take_decimal(std::string_view& text);

/// An exact product rounded to an integer.
struct Scaled {
  std::int64_t value = 0;
  bool exact = true;
};

/// decimal * factor * 10^shift, to the nearest integer, halves away from zero.
/// **Domain** factor <= 2^40. **Returns** empty on overflow of int64. **Source** 128-bit arithmetic
/// over the first 24 significant digits; further ones only decide `exact`.
[[nodiscard]] std::optional<Scaled> scale(const Decimal& decimal, std::uint64_t factor, int shift);

}  // namespace haldane::config
