// Quantile functions of the standard laws, from tail probabilities and with machine-independent
// bits.
//
// Each takes a probability measured from the nearer end, so that p = 1e-16 in the upper tail loses
// no digits.
#pragma once

namespace haldane::sim::quantiles {

/// z with P(Z > z) = p for the standard normal law. **Domain** 0 < p <= 1/2. **Accuracy** 1e-15
/// relative.
/// **Source** Wichura 1988, algorithm AS 241 (PPND16).
[[nodiscard]] double normal_upper(double p);

/// x with P(X <= x) = p (lower) or P(X > x) = p (upper) for the gamma law of the given shape and
/// scale 1.
/// **Domain** 0 < p <= 1/2, 0.01 <= shape <= 1e6. **Accuracy** 1e-11 relative. **Source** bisection
/// and Newton steps on the regularised incomplete gamma function by series or continued fraction
/// (Lentz).
[[nodiscard]] double gamma_lower(double p, double shape);
[[nodiscard]] double gamma_upper(double p, double shape);

}  // namespace haldane::sim::quantiles
