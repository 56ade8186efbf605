#include "analysis/report/plot/axis.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <utility>

#include <fmt/format.h>

namespace haldane::analysis::plot {
namespace {

std::vector<Tick> linear_ticks(double low, double high, int wanted) {
  const double step = round_step(high - low, wanted);
  std::vector<Tick> ticks;
  // Multiples instead of sums: 0.1 added thirty times is no longer 3.
  const auto first = static_cast<long long>(std::ceil(low / step - 1e-9));
  const auto last = static_cast<long long>(std::floor(high / step + 1e-9));
  for (long long i = first; i <= last; ++i) {
    const double value = static_cast<double>(i) * step;
    ticks.push_back({value, tick_label(value, step)});
  }
  return ticks;
}

/// Decades; with 2 and 5 between them where there are few.
std::vector<Tick> log_ticks(double low, double high) {
  const double decades = std::log10(high / low);
  const int every = std::max(1, static_cast<int>(std::ceil(decades / 8)));
  std::vector<Tick> ticks;
  for (int power = static_cast<int>(std::floor(std::log10(low)));
       power <= std::ceil(std::log10(high)); ++power) {
    if (power % every != 0) continue;
    for (const double factor : {1.0, 2.0, 5.0}) {
      const double value = factor * std::pow(10.0, power);
      const bool wanted = factor == 1.0 || decades < 2.5;
      if (!wanted || value < low * (1 - 1e-9) || value > high * (1 + 1e-9)) continue;
      ticks.push_back({value, tick_label(value, value)});
    }
  }
  return ticks;
}

}  // namespace

Axis::Axis(AxisKind kind, double low, double high, double pixel_low, double pixel_high)
    : kind_(kind), low_(low), high_(high), pixel_low_(pixel_low), pixel_high_(pixel_high) {
  if (kind_ == AxisKind::logarithmic) {
    high_ = high_ > 0 ? high_ : 1;
    low_ = low_ > 0 ? low_ : high_ * 1e-6;
    if (high_ / low_ < 1.0001) {
      low_ /= 1.5;
      high_ *= 1.5;
    }
  } else if (!(high_ - low_ > 1e-12 * std::max(std::abs(low_), std::abs(high_)))) {
    const double room = low_ == 0 ? 1 : std::abs(low_) * 0.1;
    low_ -= low_ == 0 ? 0 : room;
    high_ += room;
  }
}

double Axis::to_pixel(double value) const {
  const double share = kind_ == AxisKind::logarithmic
                           ? std::log(std::max(value, low_) / low_) / std::log(high_ / low_)
                           : (value - low_) / (high_ - low_);
  return pixel_low_ + std::clamp(share, 0.0, 1.0) * (pixel_high_ - pixel_low_);
}

void Axis::widen_to_ticks() {
  if (kind_ == AxisKind::logarithmic) {
    low_ = std::pow(10.0, std::floor(std::log10(low_) + 1e-9));
    high_ = std::pow(10.0, std::ceil(std::log10(high_) - 1e-9));
    return;
  }
  const double step = round_step(high_ - low_, 5);
  low_ = std::floor(low_ / step + 1e-9) * step;
  high_ = std::ceil(high_ / step - 1e-9) * step;
}

std::vector<Tick> Axis::ticks(int wanted) const {
  return kind_ == AxisKind::logarithmic ? log_ticks(low_, high_)
                                        : linear_ticks(low_, high_, wanted);
}

double round_step(double range, int wanted) {
  const double rough = range / std::max(1, wanted);
  const double power = std::pow(10.0, std::floor(std::log10(rough)));
  const double lead = rough / power;
  return power * (lead < 1.5 ? 1 : lead < 3.5 ? 2 : lead < 7.5 ? 5 : 10);
}

std::string tick_label(double value, double step) {
  static constexpr std::array<std::pair<double, const char*>, 3> scales = {
      {{1e9, "G"}, {1e6, "M"}, {1e3, "k"}}};
  if (value == 0) return "0";
  for (const auto& [scale, suffix] : scales) {
    if (std::abs(value) >= scale * 0.9999999) return fmt::format("{:.6g}{}", value / scale, suffix);
  }
  const int decimals =
      std::clamp(static_cast<int>(-std::floor(std::log10(std::abs(step)) + 1e-9)), 0, 9);
  return decimals > 5 ? fmt::format("{:.0e}", value) : fmt::format("{:.{}f}", value, decimals);
}

}  // namespace haldane::analysis::plot
