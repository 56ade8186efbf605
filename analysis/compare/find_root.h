// Brent's root finder with the steps of R's uniroot, so that roots of step functions, which are
// whole intervals, come out as R's do.
#pragma once

#include <cmath>
#include <limits>

namespace haldane::analysis {

/// A root of `f` between `a` and `b`, where f(a) = fa and f(b) = fb have different signs (or one is
/// zero). **Returns** within `tolerance` of a sign change. **Cost** usually under 60 evaluations.
/// **Source** Brent 1973, ch. 4 (zeroin), in the form R documents for uniroot.
template <class F>
double find_root(const F& f, double a, double b, double fa, double fb, double tolerance) {
  if (fa == 0) return a;
  if (fb == 0) return b;
  double c = a;
  double fc = fa;
  for (int i = 0; i < 1001; ++i) {
    const double previous_step = b - a;
    if (std::abs(fc) < std::abs(fb)) {
      a = b;
      b = c;
      c = a;
      fa = fb;
      fb = fc;
      fc = fa;
    }
    const double active = 2 * std::numeric_limits<double>::epsilon() * std::abs(b) + tolerance / 2;
    double step = (c - b) / 2;
    if (std::abs(step) <= active || fb == 0) return b;
    if (std::abs(previous_step) >= active && std::abs(fa) > std::abs(fb)) {
      const double width = c - b;
      double p = 0;
      double q = 0;
      if (a == c) {
        const double t = fb / fa;
        p = width * t;
        q = 1 - t;
      } else {
        q = fa / fc;
        const double t1 = fb / fc;
        const double t2 = fb / fa;
        p = t2 * (width * q * (q - t1) - (b - a) * (t1 - 1));
        q = (q - 1) * (t1 - 1) * (t2 - 1);
      }
      if (p > 0) {
        q = -q;
      } else {
        p = -p;
      }
      if (p < 0.75 * width * q - std::abs(active * q) / 2 && p < std::abs(previous_step * q / 2)) {
        step = p / q;
      }
    }
    if (std::abs(step) < active) step = step > 0 ? active : -active;
    a = b;
    fa = fb;
    b += step;
    fb = f(b);
    if ((fb > 0) == (fc > 0) && fb != 0) {
      c = a;
      fc = fa;
    }
  }
  return b;
}

}  // namespace haldane::analysis
