// The normal distribution to full precision in both tails.
#pragma once

namespace haldane::analysis {

/// P(Z <= z).
[[nodiscard]] double normal_below(double z);
/// P(Z > z), accurate where it is tiny.
[[nodiscard]] double normal_above(double z);
/// z with P(Z > z) = probability. **Domain** 0 < probability < 1.
[[nodiscard]] double normal_upper_quantile(double probability);

}  // namespace haldane::analysis
