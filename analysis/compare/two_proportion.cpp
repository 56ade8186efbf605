#include "analysis/compare/two_proportion.h"

#include <algorithm>
#include <cmath>

#include "analysis/compare/normal.h"

namespace haldane::analysis {
namespace {

// One cell's part of the statistic.
double cell(double observed, double expected, double correction) {
  const double distance = std::abs(observed - expected) - correction;
  return distance * distance / expected;
}

}  // namespace

std::optional<TwoProportion> two_proportion(const ProportionArm& x, const ProportionArm& y,
                                            Alternative alternative, bool yates,
                                            double confidence) {
  const double pooled = (x.events + y.events) / (x.trials + y.trials);
  if (!(pooled > 0) || !(pooled < 1)) return std::nullopt;
  const double share_x = x.events / x.trials;
  const double share_y = y.events / y.trials;
  const double difference = share_x - share_y;
  const double inverse_sizes = 1 / x.trials + 1 / y.trials;
  // The correction never exceeds the difference itself.
  const double correction = yates ? std::min(0.5, std::abs(difference) / inverse_sizes) : 0.0;
  TwoProportion result;
  for (const ProportionArm& arm : {x, y}) {
    result.chi_squared += cell(arm.events, arm.trials * pooled, correction) +
                          cell(arm.trials - arm.events, arm.trials * (1 - pooled), correction);
  }
  const double z = std::copysign(std::sqrt(result.chi_squared), difference);
  const bool both = alternative == Alternative::two_sided;
  result.p_value = both                                  ? 2 * normal_above(std::abs(z))
                   : alternative == Alternative::greater ? normal_above(z)
                                                         : normal_below(z);
  const double alpha = 1 - confidence;
  const double error =
      std::sqrt(share_x * (1 - share_x) / x.trials + share_y * (1 - share_y) / y.trials);
  const double width =
      normal_upper_quantile(both ? alpha / 2 : alpha) * error + correction * inverse_sizes;
  result.difference.estimate = difference;
  result.difference.low =
      alternative == Alternative::less ? -1.0 : std::max(difference - width, -1.0);
  result.difference.high =
      alternative == Alternative::greater ? 1.0 : std::min(difference + width, 1.0);
  return result;
}

}  // namespace haldane::analysis
