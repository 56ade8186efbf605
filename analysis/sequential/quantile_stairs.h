// Where one arm's quantile can be: for every candidate value the evidence that the true quantile
// lies beyond it. Two arms' stairs together give the interval of a ratio or difference.
//
// The evidence only changes at observations and is monotone, so it is a staircase. Adding the two
// arms' log-evidence and taking the least over the unknown baseline quantile spends the error
// budget where it is cheapest; two separate intervals at alpha/2 would be about 1.4 times as wide.
#pragma once

#include <cstddef>
#include <functional>
#include <vector>

#include "analysis/sequential/order_statistics.h"

namespace haldane::analysis {

/// For every candidate up to `limit` (and above the previous limit) the log-evidence that the
/// quantile lies below the candidate is at least `log_e`.
struct Stair {
  double limit = 0;
  double log_e = 0;
};

/// Ascending in both members; the last limit is infinite.
using Stairs = std::vector<Stair>;

/// log-evidence that P(X < x) exceeds `probability` when `below` of `n` observations are below x.
/// **Domain** must not decrease in `below`.
using CountEvidence = std::function<double(double probability, double below, double n)>;

/// How one arm is read. `dispersion` >= 1 divides the counts: n / dispersion is the effective size.
struct QuantileArm {
  OrderStatistics sorted;
  double dispersion = 1;
};

/// Both staircases of one arm at one probability.
struct QuantileEvidence {
  Stairs below;  ///< evidence that the quantile is less than a candidate x
  Stairs above;  ///< evidence that it is more than y; limits are those of -y
};

/// **Domain** sorted ascending without NaN, 0 < probability < 1; `smallest_n` is the smaller arm's
/// effective size and decides how far the stairs reach. **Cost** a few hundred evaluations whatever
/// n is. **Returns** stairs that never claim more evidence than there is (ranks in between are
/// rounded towards less).
[[nodiscard]] QuantileEvidence quantile_evidence(const QuantileArm& arm, double probability,
                                                 double smallest_n, const CountEvidence& evidence);

/// The least difference canary - baseline of quantiles that evidence `log_threshold` does not
/// refute. **Returns** -inf where the data cannot exclude anything.
[[nodiscard]] double least_difference(const QuantileEvidence& upper_arm,
                                      const QuantileEvidence& lower_arm, double log_threshold);

/// The least ratio upper_arm / lower_arm not refuted, for positive quantities. **Returns** 0 or
/// less (down to -inf) where nothing can be excluded.
[[nodiscard]] double least_ratio(const QuantileEvidence& upper_arm,
                                 const QuantileEvidence& lower_arm, double log_threshold);

/// log-evidence against "quantile of upper_arm <= bound(quantile of lower_arm)". **Domain** `bound`
/// does not decrease.
[[nodiscard]] double log_evidence_beyond(const QuantileEvidence& upper_arm,
                                         const QuantileEvidence& lower_arm,
                                         const std::function<double(double)>& bound);

/// The sample quantile that matches the stairs: the smallest value with at least a share
/// `probability` of the observations at or below it. **Domain** not empty.
[[nodiscard]] double sample_quantile(const OrderStatistics& sorted, double probability);

}  // namespace haldane::analysis
