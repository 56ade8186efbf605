#include "sim/random/quantiles.h"

#include <array>
#include <cmath>

#include "sim/base/math.h"

namespace haldane::sim::quantiles {
namespace {

template <std::size_t N>
double horner(const std::array<double, N>& coefficients, double x) {
  double value = 0;
  for (auto c = coefficients.rbegin(); c != coefficients.rend(); ++c) value = value * x + *c;
  return value;
}

// ln(x^a e^-x / Gamma(a)), the common factor of both incomplete gamma expansions.
double log_gamma_kernel(double shape, double x) {
  return shape * math::log(x) - x - math::log_gamma(shape);
}

// P(a, x) by series; good for x < a + 1.
double gamma_p_series(double shape, double x) {
  double term = 1 / shape;
  double sum = term;
  for (int n = 1; n < 100'000 && term > sum * 1e-17; ++n) {
    term *= x / (shape + n);
    sum += term;
  }
  return sum * math::exp(log_gamma_kernel(shape, x));
}

// Q(a, x) by continued fraction (modified Lentz); good for x >= a + 1.
double gamma_q_fraction(double shape, double x) {
  constexpr double tiny = 1e-300;
  double b = x + 1 - shape;
  double c = 1 / tiny;
  double d = 1 / b;
  double h = d;
  for (int i = 1; i < 100'000; ++i) {
    const double an = -i * (i - shape);
    b += 2;
    d = an * d + b;
    if (d < tiny && d > -tiny) d = tiny;
    c = b + an / c;
    if (c < tiny && c > -tiny) c = tiny;
    d = 1 / d;
    const double delta = d * c;
    h *= delta;
    if (delta > 1 - 1e-15 && delta < 1 + 1e-15) break;
  }
  return h * math::exp(log_gamma_kernel(shape, x));
}

struct Tails {
  double lower;
  double upper;
};

Tails gamma_tails(double shape, double x) {
  if (x <= 0) return {0, 1};
  if (x < shape + 1) {
    const double p = gamma_p_series(shape, x);
    return {p, 1 - p};
  }
  const double q = gamma_q_fraction(shape, x);
  return {1 - q, q};
}

// Newton steps on ln(tail) as a function of ln(x), kept inside a bracket that bisection shrinks.
double solve_gamma(double p, double shape, bool upper) {
  double low = -700;
  double high = math::log(shape) + 20;
  double y = math::log(shape);
  const double target = math::log(p);
  for (int i = 0; i < 200; ++i) {
    const double x = math::exp(y);
    const Tails tails = gamma_tails(shape, x);
    const double tail = upper ? tails.upper : tails.lower;
    const bool too_small = upper ? tail > p : tail < p;
    (too_small ? low : high) = y;
    double next = 0.5 * (low + high);
    if (tail > 0) {
      const double slope = math::exp(log_gamma_kernel(shape, x)) / tail * (upper ? -1 : 1);
      const double step = slope == 0 ? 0 : (math::log(tail) - target) / slope;
      if (slope != 0 && y - step > low && y - step < high) next = y - step;
    }
    if (next - y < 1e-13 && y - next < 1e-13) return math::exp(next);
    y = next;
  }
  return math::exp(y);
}

}  // namespace

double normal_upper(double p) {
  static constexpr std::array<double, 8> a = {3.3871328727963666080e0,  1.3314166789178437745e+2,
                                              1.9715909503065514427e+3, 1.3731693765509461125e+4,
                                              4.5921953931549871457e+4, 6.7265770927008700853e+4,
                                              3.3430575583588128105e+4, 2.5090809287301226727e+3};
  static constexpr std::array<double, 8> b = {1.0,
                                              4.2313330701600911252e+1,
                                              6.8718700749205790830e+2,
                                              5.3941960214247511077e+3,
                                              2.1213794301586595867e+4,
                                              3.9307895800092710610e+4,
                                              2.8729085735721942674e+4,
                                              5.2264952788528545610e+3};
  static constexpr std::array<double, 8> c = {1.42343711074968357734e0,  4.63033784615654529590e0,
                                              5.76949722146069140550e0,  3.64784832476320460504e0,
                                              1.27045825245236838258e0,  2.41780725177450611770e-1,
                                              2.27238449892691845833e-2, 7.74545014278341407640e-4};
  static constexpr std::array<double, 8> d = {1.0,
                                              2.05319162663775882187e0,
                                              1.67638483018380384940e0,
                                              6.89767334985100004550e-1,
                                              1.48103976427480074590e-1,
                                              1.51986665636164571966e-2,
                                              5.47593808499534494600e-4,
                                              1.05075007164441684324e-9};
  static constexpr std::array<double, 8> e = {6.65790464350110377720e0,  5.46378491116411436990e0,
                                              1.78482653991729133580e0,  2.96560571828504891230e-1,
                                              2.65321895265761230930e-2, 1.24266094738807843860e-3,
                                              2.71155556874348757815e-5, 2.01033439929228813265e-7};
  static constexpr std::array<double, 8> f = {1.0,
                                              5.99832206555887937690e-1,
                                              1.36929880922735805310e-1,
                                              1.48753612908506148525e-2,
                                              7.86869131145613259100e-4,
                                              1.84631831751005468180e-5,
                                              1.42151175831644588870e-7,
                                              2.04426310338993978564e-15};
  const double q = 0.5 - p;
  if (q <= 0.425) {
    const double r = 0.180625 - q * q;
    return q * horner(a, r) / horner(b, r);
  }
  double r = std::sqrt(-math::log(p));
  if (r <= 5) {
    r -= 1.6;
    return horner(c, r) / horner(d, r);
  }
  r -= 5;
  return horner(e, r) / horner(f, r);
}

double gamma_lower(double p, double shape) {
  return solve_gamma(p, shape, false);
}

double gamma_upper(double p, double shape) {
  return solve_gamma(p, shape, true);
}

}  // namespace haldane::sim::quantiles
