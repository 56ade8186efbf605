// Logarithm, exponential and power whose bits depend on nothing but their argument.
//
// The C library picks a variant of log and exp by the processor it runs on, and the variants differ
// in the last bit; one such bit in a table of a distribution would give every machine its own run
// digest. These are built from IEEE-754 additions, multiplications and divisions only, in a fixed
// order (and the build forbids contraction). They serve tables made before a run, so accuracy
// matters more than speed: both are within 2 ulp of the true value.
#pragma once

namespace haldane::math {

/// Natural logarithm. **Domain** x > 0 and finite, else NaN. **Source** atanh series on [sqrt(1/2),
/// sqrt(2)).
[[nodiscard]] double log(double x);

/// e^x. **Domain** -700 <= x <= 700; beyond it 0 or +infinity. **Source** Taylor series on |x| <=
/// ln(2)/2.
[[nodiscard]] double exp(double x);

/// x^y for x > 0. **Accuracy** relative error about |y ln x| * 2^-52.
[[nodiscard]] double pow(double x, double y);

/// ln Gamma(x). **Domain** x > 0. **Accuracy** 1e-14 relative or absolute. **Source** Stirling
/// series after shifting x above 12 (Abramowitz & Stegun 6.1.40).
[[nodiscard]] double log_gamma(double x);

}  // namespace haldane::math
