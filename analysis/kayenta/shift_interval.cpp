#include "analysis/kayenta/shift_interval.h"

#include <cmath>

#include "analysis/compare/find_root.h"
#include "analysis/compare/normal.h"
#include "analysis/compare/rank_sum.h"

namespace haldane::analysis::kayenta {
namespace {

constexpr double root_tolerance = 1e-4;  // absolute, whatever the unit

/// The standardised rank sum under a shift, continuity-corrected.
class Standardised {
 public:
  Standardised(std::span<const double> x, std::span<const double> y) : x_(x), y_(y) {}

  /// NaN when all values are tied.
  double operator()(double shift) const {
    const RankSum sum = rank_sum(x_, y_, shift);
    const double distance = sum.wins - sum.expected();
    const double correction = distance > 0 ? 0.5 : (distance < 0 ? -0.5 : 0.0);
    const double deviation = sum.deviation();
    return deviation == 0 ? std::nan("") : (distance - correction) / deviation;
  }

 private:
  std::span<const double> x_;
  std::span<const double> y_;
};

}  // namespace

std::optional<ShiftInterval> shift_interval(std::span<const double> experiment,
                                            std::span<const double> control, double confidence) {
  const double least = experiment.front() - control.back();
  const double greatest = experiment.back() - control.front();
  if (!std::isfinite(least) || !std::isfinite(greatest)) return std::nullopt;
  const Standardised z(experiment, control);
  const double z_least = z(least);
  const double z_greatest = z(greatest);
  if (std::isnan(z_least) || std::isnan(z_greatest)) return std::nullopt;
  const auto root = [&](double quantile) {
    const auto f = [&](double shift) { return z(shift) - quantile; };
    return find_root(f, least, greatest, z_least - quantile, z_greatest - quantile, root_tolerance);
  };
  const auto bounded_root = [&](double quantile) {
    if (z_least - quantile <= 0) return least;
    return z_greatest - quantile >= 0 ? greatest : root(quantile);
  };
  const double quantile = normal_upper_quantile((1.0 - confidence) / 2);
  // The estimate has no such guard at the ends: part of what is reproduced.
  return ShiftInterval{bounded_root(quantile), bounded_root(-quantile), root(0)};
}

}  // namespace haldane::analysis::kayenta
