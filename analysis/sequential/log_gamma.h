// Logarithms of the gamma and beta functions, reentrant and the same bits on every machine that
// has the same log(): std::lgamma writes a global sign and differs between C libraries.
#pragma once

namespace haldane::analysis {

/// log Gamma(x). **Domain** x > 0. **Returns** relative error below 1e-14 (absolute near 1 and 2).
/// **Source** Stirling's series after recurrence to x >= 8 (Abramowitz & Stegun 6.1.15, 6.1.41).
[[nodiscard]] double log_gamma(double x);

/// log B(a, b) = log Gamma(a) + log Gamma(b) - log Gamma(a + b). **Domain** a, b > 0.
[[nodiscard]] double log_beta(double a, double b);

}  // namespace haldane::analysis
