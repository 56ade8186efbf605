#include "analysis/sequential/quantile_stairs.h"

#include <algorithm>
#include <cmath>
#include <limits>

#include "sim/base/check.h"

namespace haldane::analysis {
namespace {

constexpr double infinity = std::numeric_limits<double>::infinity();

// Where the evidence of one arm matters most, from its own estimate up to what any budget asks for
// (exp(-18)), a step of 1/16 standard deviation gives away less than 0.3 of log-evidence. Below the
// estimate the evidence is nearly flat, and above only its size is of interest: coarse steps do.
constexpr double fine_sd = 6;
constexpr double fine_step_sd = 1.0 / 16;
constexpr double flat_sd = 3;
constexpr double flat_step_sd = 1.0 / 4;
constexpr double reach_sd = 40;
constexpr double reach_step_sd = 1;
constexpr int coarse_steps = 24;

// Ranks (numbers of observations below) at which the evidence is evaluated, ascending from 0.
std::vector<std::size_t> knots(std::size_t n, double probability, double n_effective,
                               double smallest_n) {
  const double size = static_cast<double>(n);
  const double spread = std::sqrt(probability * (1 - probability));
  const double centre = probability * size;
  const double sd = size * spread / std::sqrt(n_effective) + 1;
  // The other arm may be far smaller, and its own doubt reaches further down.
  const double widest = size * (spread / std::sqrt(smallest_n) + 1 / smallest_n);
  std::vector<std::size_t> ranks{0};
  const auto add = [&ranks, size](double from, double to, double step) {
    for (double rank = from; rank < to; rank += std::max(1.0, step)) {
      const auto whole = static_cast<std::size_t>(std::clamp(std::floor(rank), 0.0, size));
      if (whole > ranks.back()) ranks.push_back(whole);
    }
  };
  const double flat_from = centre - flat_sd * sd;
  const double coarse_from = std::min(centre - fine_sd * widest, flat_from);
  add(coarse_from, flat_from, (flat_from - coarse_from) / coarse_steps);
  add(flat_from, centre, flat_step_sd * sd);
  add(centre, centre + fine_sd * sd, fine_step_sd * sd);
  add(centre + fine_sd * sd, centre + reach_sd * sd, reach_step_sd * sd);
  return ranks;
}

// The staircase "quantile below x" of values given in ascending order by `value`.
template <class Value>
Stairs ascend(std::size_t n, double probability, double dispersion, double smallest_n,
              const CountEvidence& evidence, const Value& value) {
  const double n_effective = static_cast<double>(n) / dispersion;
  const std::vector<std::size_t> ranks = knots(n, probability, n_effective, smallest_n);
  Stairs stairs(ranks.size());
  for (std::size_t i = 0; i < ranks.size(); ++i) {
    const double below = static_cast<double>(ranks[i]) / dispersion;
    stairs[i].log_e = evidence(probability, below, n_effective);
    // x with at least ranks[i] and fewer than ranks[i + 1] observations below it ends at the
    // observation of that rank.
    stairs[i].limit = i + 1 < ranks.size() ? value(ranks[i + 1] - 1) : infinity;
  }
  // Rounding of special functions may break monotony by a hair: round towards less evidence.
  for (std::size_t i = stairs.size() - 1; i-- > 0;) {
    stairs[i].log_e = std::min(stairs[i].log_e, stairs[i + 1].log_e);
  }
  return stairs;
}

// Least of combine(y, x) over all pairs of quantiles (y of the upper arm, x of the lower arm) whose
// joint evidence stays below the threshold.
template <class Combine>
double least(const QuantileEvidence& upper_arm, const QuantileEvidence& lower_arm,
             double log_threshold, const Combine& combine) {
  const Stairs& x_stairs = lower_arm.below;
  const Stairs& y_stairs = upper_arm.above;
  double best = infinity;
  std::size_t open = y_stairs.size();  // y_stairs[0, open) are affordable
  for (const Stair& x : x_stairs) {
    const double budget = log_threshold - x.log_e;
    while (open > 0 && !(y_stairs[open - 1].log_e < budget)) --open;
    if (open == 0) break;
    best = std::min(best, combine(-y_stairs[open - 1].limit, x.limit));
  }
  return best;
}

double ratio_or_less(double y, double x) {
  if (x <= 0 || y < 0) return -infinity;
  return x == infinity ? 0 : y / x;
}

}  // namespace

QuantileEvidence quantile_evidence(const QuantileArm& arm, double probability, double smallest_n,
                                   const CountEvidence& evidence) {
  const OrderStatistics& sorted = arm.sorted;
  const std::size_t n = sorted.size();
  QuantileEvidence result;
  result.below = ascend(n, probability, arm.dispersion, smallest_n, evidence,
                        [&sorted](std::size_t i) { return sorted[i]; });
  result.above = ascend(n, 1 - probability, arm.dispersion, smallest_n, evidence,
                        [&sorted, n](std::size_t i) { return -sorted[n - 1 - i]; });
  return result;
}

double least_difference(const QuantileEvidence& upper_arm, const QuantileEvidence& lower_arm,
                        double log_threshold) {
  return least(upper_arm, lower_arm, log_threshold, [](double y, double x) {
    return x == infinity || y == -infinity ? -infinity : y - x;
  });
}

double least_ratio(const QuantileEvidence& upper_arm, const QuantileEvidence& lower_arm,
                   double log_threshold) {
  return least(upper_arm, lower_arm, log_threshold, ratio_or_less);
}

double log_evidence_beyond(const QuantileEvidence& upper_arm, const QuantileEvidence& lower_arm,
                           const std::function<double(double)>& bound) {
  double weakest = infinity;
  const Stairs& y_stairs = upper_arm.above;
  for (const Stair& x : lower_arm.below) {
    const double y = x.limit == infinity ? infinity : bound(x.limit);
    const auto stair =
        std::lower_bound(y_stairs.begin(), y_stairs.end(), -y,
                         [](const Stair& s, double candidate) { return s.limit < candidate; });
    weakest = std::min(weakest, x.log_e + stair->log_e);
  }
  return weakest;
}

double sample_quantile(const OrderStatistics& sorted, double probability) {
  HALDANE_CHECK(!sorted.empty());
  const double n = static_cast<double>(sorted.size());
  // The tolerance keeps p * n from landing one rank too high where it is whole, e.g. 0.07 * 100.
  const double rank = std::ceil(probability * n * (1 - 4e-16));
  return sorted[static_cast<std::size_t>(std::clamp(rank, 1.0, n)) - 1];
}

}  // namespace haldane::analysis
