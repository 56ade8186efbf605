#include "analysis/report/number_format.h"

#include <algorithm>
#include <array>
#include <cmath>

#include <fmt/format.h>

namespace haldane::analysis {
namespace {

constexpr int significant_max = 7;

int magnitude(double value) {
  return value == 0 ? 0 : static_cast<int>(std::floor(std::log10(std::abs(value))));
}

/// The fewest decimals, at most `most`, that show the value as well as `most` would.
int exact_decimals(double value, int most) {
  const double shown = std::round(value * std::pow(10.0, most));
  int decimals = most;
  for (double digits = shown; decimals > 0 && std::fmod(digits, 10) == 0; digits /= 10) --decimals;
  return decimals;
}

/// Counts (unit "1") need no word.
std::string unit_word(const std::string& unit) {
  if (unit == "ratio") return "%";
  return unit == "1" ? "" : unit;
}

}  // namespace

std::string format_fixed(double value, int decimals) {
  if (!std::isfinite(value)) return fmt::format("{}", value);
  std::string digits = fmt::format("{:.{}f}", std::abs(value), decimals);
  const std::size_t whole = std::min(digits.find('.'), digits.size());
  for (std::size_t position = whole; position > 3;) {
    position -= 3;
    digits.insert(position, ",");
  }
  const bool negative = value < 0 && digits.find_first_not_of("0.,") != std::string::npos;
  return negative ? "-" + digits : digits;
}

std::string format_plain(double value) {
  if (!std::isfinite(value)) return fmt::format("{}", value);
  if (value == std::round(value) && std::abs(value) < 1e15) return format_fixed(value, 0);
  return format_fixed(value, std::clamp(3 - magnitude(value), 0, 12));
}

int decimals_for(double value, double half_width) {
  const int most = std::clamp(significant_max - 1 - magnitude(value), 0, 12);
  if (half_width > 0) return std::clamp(1 - magnitude(half_width), 0, most);
  return exact_decimals(value, std::clamp(3 - magnitude(value), 0, most));
}

FormattedEstimate format_estimate(const MetricEstimate& estimate) {
  FormattedEstimate text{"-", unit_word(estimate.unit), "", "", ""};
  if (!estimate.value) return text;
  const double factor = estimate.unit == "ratio" ? 100 : 1;
  const double value = *estimate.value * factor;
  const double low = estimate.ci_low.value_or(*estimate.value) * factor;
  const double high = estimate.ci_high.value_or(*estimate.value) * factor;
  const double half = (high - low) / 2;
  const int decimals = decimals_for(value, half);
  text.value = format_fixed(value, decimals);
  if (estimate.ci_low) text.low = format_fixed(low, decimals);
  if (estimate.ci_high) text.high = format_fixed(high, decimals);
  if (estimate.ci_low && estimate.ci_high && value != 0) {
    const double percent = 100 * half / std::abs(value);
    text.relative = fmt::format("{} %", format_fixed(percent, percent >= 10  ? 0
                                                              : percent >= 1 ? 1
                                                                             : 2));
  }
  return text;
}

std::string format_seconds(double seconds) {
  if (seconds > 0 && seconds < 1) return fmt::format("{:.3g} ms", seconds * 1e3);
  if (seconds < 120) return fmt::format("{:.3g} s", seconds);
  const auto whole = static_cast<long long>(std::llround(seconds));
  const bool hours = whole >= 7200;
  const long long big = hours ? whole / 3600 : whole / 60;
  const long long small = hours ? whole % 3600 / 60 : whole % 60;
  std::string text =
      fmt::format("{} {}", format_fixed(static_cast<double>(big), 0), hours ? "h" : "min");
  if (small > 0) text += fmt::format(" {} {}", small, hours ? "min" : "s");
  return text;
}

std::string format_short(double value) {
  static constexpr std::array<std::pair<double, const char*>, 3> steps = {
      {{1e9, " G"}, {1e6, " M"}, {1e3, " k"}}};
  for (const auto& [step, suffix] : steps) {
    if (std::abs(value) < step) continue;
    const double scaled = value / step;
    const int decimals = std::abs(scaled) >= 100 ? 0 : std::abs(scaled) >= 10 ? 1 : 2;
    std::string digits = format_fixed(scaled, decimals);
    while (decimals > 0 && digits.back() == '0') digits.pop_back();
    if (digits.back() == '.') digits.pop_back();
    return digits + suffix;
  }
  return format_plain(value);
}

}  // namespace haldane::analysis
