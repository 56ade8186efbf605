#include "analysis/compare/hodges_lehmann.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <vector>

#include "analysis/compare/find_root.h"
#include "analysis/compare/normal.h"
#include "analysis/compare/rank_sum.h"

namespace haldane::analysis {
namespace {

constexpr double infinity = std::numeric_limits<double>::infinity();

std::vector<double> all_differences(std::span<const double> x, std::span<const double> y) {
  std::vector<double> differences;
  differences.reserve(x.size() * y.size());
  for (const double a : x) {
    for (const double b : y) differences.push_back(a - b);
  }
  std::sort(differences.begin(), differences.end());
  return differences;
}

IntervalEstimate exact_interval(std::span<const double> x, std::span<const double> y,
                                Alternative alternative, double confidence) {
  const std::vector<double> d = all_differences(x, y);
  const RankSumLaw law(static_cast<int>(x.size()), static_cast<int>(y.size()));
  const double alpha = 1 - confidence;
  const bool both = alternative == Alternative::two_sided;
  const int quantile = std::max(1, law.quantile(both ? alpha / 2 : alpha));
  const auto rank = static_cast<std::size_t>(quantile);
  const std::size_t half = d.size() / 2;
  IntervalEstimate result;
  result.estimate = d.size() % 2 == 1 ? d[half] : (d[half - 1] + d[half]) / 2;
  result.low = alternative == Alternative::less ? -infinity : d[rank - 1];
  result.high = alternative == Alternative::greater ? infinity : d[d.size() - rank];
  return result;
}

// The standardised rank sum as a falling function of the shift.
class ShiftCurve {
 public:
  ShiftCurve(std::span<const double> x, std::span<const double> y)
      : x_(x), y_(y), low_(x.front() - y.back()), high_(x.back() - y.front()) {}

  // `correct` gives the continuity correction for a distance from the centre.
  template <class Correct>
  [[nodiscard]] double root(double level, const Correct& correct, bool clamp) const {
    const auto f = [&](double shift) {
      const RankSum sum = rank_sum(x_, y_, shift);
      const double distance = sum.wins - sum.expected();
      return (distance - correct(distance)) / sum.deviation() - level;
    };
    const double f_low = f(low_);
    const double f_high = f(high_);
    if (clamp && f_low <= 0) return low_;
    if (clamp && f_high >= 0) return high_;
    // Relative to the range of shifts, so that the unit of the samples does not matter.
    const double tolerance = 1e-13 * std::max(std::abs(low_), std::abs(high_));
    return find_root(f, low_, high_, f_low, f_high, tolerance);
  }

  [[nodiscard]] bool degenerate() const {
    return !(rank_sum(x_, y_, low_).deviation() > 0) || !(rank_sum(x_, y_, high_).deviation() > 0);
  }

 private:
  std::span<const double> x_;
  std::span<const double> y_;
  double low_;
  double high_;
};

IntervalEstimate normal_interval(const ShiftCurve& curve, Alternative alternative,
                                 double confidence) {
  const double alpha = 1 - confidence;
  IntervalEstimate result{0, -infinity, infinity};
  result.estimate = curve.root(0, [](double) { return 0.0; }, false);
  switch (alternative) {
    case Alternative::two_sided: {
      const double z = normal_upper_quantile(alpha / 2);
      const auto sign = [](double d) { return d > 0 ? 0.5 : (d < 0 ? -0.5 : 0.0); };
      result.low = curve.root(z, sign, true);
      result.high = curve.root(-z, sign, true);
      break;
    }
    case Alternative::greater:
      result.low = curve.root(normal_upper_quantile(alpha), [](double) { return 0.5; }, true);
      break;
    case Alternative::less:
      result.high = curve.root(-normal_upper_quantile(alpha), [](double) { return -0.5; }, true);
      break;
  }
  return result;
}

}  // namespace

std::optional<IntervalEstimate> hodges_lehmann(std::span<const double> x, std::span<const double> y,
                                               Alternative alternative, double confidence) {
  const bool small = std::max(x.size(), y.size()) < exact_rank_sum_below;
  if (small && !rank_sum(x, y).has_ties()) {
    return exact_interval(x, y, alternative, confidence);
  }
  const ShiftCurve curve(x, y);
  if (curve.degenerate()) return std::nullopt;
  return normal_interval(curve, alternative, confidence);
}

}  // namespace haldane::analysis
