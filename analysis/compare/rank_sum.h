// The rank sum of two sorted samples under a shift, and its exact null distribution: what the
// Mann-Whitney test and the Hodges-Lehmann interval share.
#pragma once

#include <cstddef>
#include <span>
#include <vector>

namespace haldane::analysis {

/// Pairs (x, y) with x - shift above y, ties counted half, and how many values are tied.
struct RankSum {
  double wins = 0;       ///< Mann-Whitney U of x (R's W)
  double tie_cubes = 0;  ///< sum of t^3 - t over groups of t equal values
  double n_x = 0;
  double n_y = 0;

  [[nodiscard]] bool has_ties() const { return tie_cubes > 0; }
  [[nodiscard]] double expected() const { return n_x * n_y / 2; }
  /// Standard deviation of `wins` under the null, corrected for ties; 0 if all values are equal.
  [[nodiscard]] double deviation() const;
};

/// **Domain** both sorted ascending, not empty, without NaN. **Cost** O(n + m), no allocation.
[[nodiscard]] RankSum rank_sum(std::span<const double> x, std::span<const double> y,
                               double shift = 0);

/// P(U <= u) and P(U >= u) for samples without ties. **Domain** n_x, n_y in [1, 50). **Cost** about
/// 10 ms at 49 and 49.
class RankSumLaw {
 public:
  RankSumLaw(int n_x, int n_y);

  [[nodiscard]] double at_most(double u) const;
  [[nodiscard]] double at_least(double u) const;
  /// The smallest u with P(U <= u) >= probability. **Domain** probability <= 1/2.
  [[nodiscard]] int quantile(double probability) const;

 private:
  int range_;                       ///< largest U
  std::vector<double> cumulative_;  ///< P(U <= u) up to half the range: sums of small terms only
};

/// Samples below this size and without ties are judged exactly, as R does.
inline constexpr std::size_t exact_rank_sum_below = 50;

}  // namespace haldane::analysis
