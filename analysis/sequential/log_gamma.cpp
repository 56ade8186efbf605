#include "analysis/sequential/log_gamma.h"

#include <cmath>
#include <numbers>

namespace haldane::analysis {

double log_gamma(double x) {
  double product = 1;
  while (x < 8) {
    product *= x;
    x += 1;
  }
  const double inverse = 1 / x;
  const double square = inverse * inverse;
  // B_2k / (2k (2k - 1)), k = 1..7.
  const double series =
      inverse *
      (1.0 / 12 + square * (-1.0 / 360 +
                            square * (1.0 / 1260 +
                                      square * (-1.0 / 1680 +
                                                square * (1.0 / 1188 + square * (-691.0 / 360360 +
                                                                                 square / 156))))));
  const double half_log_two_pi = 0.5 * std::log(2 * std::numbers::pi);
  return (x - 0.5) * std::log(x) - x + half_log_two_pi + series - std::log(product);
}

double log_beta(double a, double b) {
  return log_gamma(a) + log_gamma(b) - log_gamma(a + b);
}

}  // namespace haldane::analysis
