#include "analysis/compare/normal.h"

#include <cmath>
#include <numbers>

#include <boost/math/special_functions/erf.hpp>

namespace haldane::analysis {

double normal_below(double z) {
  return 0.5 * std::erfc(-z / std::numbers::sqrt2);
}

double normal_above(double z) {
  return 0.5 * std::erfc(z / std::numbers::sqrt2);
}

double normal_upper_quantile(double probability) {
  return std::numbers::sqrt2 * boost::math::erfc_inv(2 * probability);
}

}  // namespace haldane::analysis
