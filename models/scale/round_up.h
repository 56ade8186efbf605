// From a real number of replicas to a whole one.
#pragma once

#include <cstdint>

namespace haldane::models {

/// The least whole number that is not below `x`. **Domain** any; NaN and negatives give 0, more
/// than `whole_max` gives that. **Determinism** comparisons and exact conversions only.
inline constexpr std::uint32_t whole_max = 1'000'000'000;
[[nodiscard]] constexpr std::uint32_t round_up(double x) {
  if (!(x > 0)) return 0;
  if (x >= whole_max) return whole_max;
  const auto whole = static_cast<std::uint32_t>(x);
  return static_cast<double>(whole) < x ? whole + 1 : whole;
}

/// The largest whole number that is not above `x`; otherwise as round_up.
[[nodiscard]] constexpr std::uint32_t round_down(double x) {
  if (!(x > 0)) return 0;
  return x >= whole_max ? whole_max : static_cast<std::uint32_t>(x);
}

}  // namespace haldane::models
