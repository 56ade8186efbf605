#include "sim/base/math.h"

#include <array>
#include <bit>
#include <cstdint>
#include <limits>

namespace haldane::math {
namespace {

// ln 2 in two parts, so that k * ln2_high is exact for |k| < 2^20 (fdlibm's split).
constexpr double ln2_high = 6.93147180369123816490e-01;
constexpr double ln2_low = 1.90821492927058770002e-10;
constexpr double inverse_ln2 = 1.44269504088896338700e+00;
constexpr double sqrt_half = 7.07106781186547524400e-01;
constexpr double half_ln_2pi = 9.18938533204672741780e-01;

double power_of_two(int exponent) {
  return std::bit_cast<double>(static_cast<std::uint64_t>(exponent + 1023) << 52);
}

}  // namespace

double log(double x) {
  if (!(x > 0) || x == std::numeric_limits<double>::infinity()) {
    return std::numeric_limits<double>::quiet_NaN();
  }
  int exponent = 0;
  if (x < std::numeric_limits<double>::min()) {  // subnormal
    x *= 0x1p54;
    exponent = -54;
  }
  const auto bits = std::bit_cast<std::uint64_t>(x);
  exponent += static_cast<int>(bits >> 52) - 1022;
  double m = std::bit_cast<double>((bits & 0x000fffffffffffffULL) | 0x3fe0000000000000ULL);
  if (m < sqrt_half) {
    m *= 2;
    --exponent;
  }
  const double s = (m - 1) / (m + 1);
  const double s2 = s * s;
  double series = 0;
  for (int k = 23; k >= 3; k -= 2) series = (series + 1.0 / k) * s2;
  const double k = exponent;
  return k * ln2_high + (2 * s + (2 * s * series + k * ln2_low));
}

double exp(double x) {
  if (x < -700) return 0;
  if (x > 700) return std::numeric_limits<double>::infinity();
  const double rounded = x * inverse_ln2;
  const int k = static_cast<int>(rounded < 0 ? rounded - 0.5 : rounded + 0.5);
  const double r = (x - k * ln2_high) - k * ln2_low;
  double series = 1;
  for (int n = 14; n >= 2; --n) series = 1 + series * r / n;
  return (1 + r * series) * power_of_two(k);
}

double pow(double x, double y) {
  return exp(y * log(x));
}

double log_gamma(double x) {
  double shift = 0;
  while (x < 12) {
    shift += log(x);
    x += 1;
  }
  static constexpr std::array<double, 7> bernoulli = {
      1.0 / 12, -1.0 / 360, 1.0 / 1260, -1.0 / 1680, 1.0 / 1188, -691.0 / 360360, 1.0 / 156};
  const double inverse = 1 / x;
  const double inverse2 = inverse * inverse;
  double series = 0;
  for (auto term = bernoulli.rbegin(); term != bernoulli.rend(); ++term)
    series = series * inverse2 + *term;
  return (x - 0.5) * log(x) - x + half_ln_2pi + series * inverse - shift;
}

}  // namespace haldane::math
