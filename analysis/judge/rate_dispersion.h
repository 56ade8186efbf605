// How far events come in bursts. The judge's evidence takes events for independent; when they come
// in bursts of fifteen, fifteen of them say as much as one. So the difference of the arms is
// followed over time, and counts are divided by what it scatters beyond independence.
#pragma once

#include "analysis/judge/arms.h"

namespace haldane::analysis {

struct RateDispersion {
  double factor = 1;  ///< at least 1; 1 without times or where the arms have no time in common
  /// Too early to tell bursts: less than two minutes or eight slices in common, or few events for
  /// an arm with a small share.
  bool early = false;
};

/// What a judge that looks from the first event on takes for the least dispersion while it is
/// early, since a burst at the beginning cannot be told from a steady rate.
inline constexpr double early_rate_dispersion = 4;

/// Over the time that both arms cover, in up to 480 slices, joined by twos until eight are left;
/// the largest dispersion that is beyond chance counts. So bursts shorter than an eighth of the
/// time are seen, wherever they lie. A constant difference of the arms, and what their exposures
/// do, is no dispersion. `law` says what independent events scatter by: near a share of one,
/// Bernoulli events scatter far less than Poisson ones. **Domain** positive exposures.
[[nodiscard]] RateDispersion rate_dispersion(const ColumnPair& events, const ColumnPair& exposure,
                                             EventLaw law);

}  // namespace haldane::analysis
