#include "analysis/estimate/error_budget.h"

#include <algorithm>

namespace haldane::analysis {
namespace {

// Sums over a window that slides along the points with its end.
class SlidingBurn {
 public:
  SlidingBurn(const std::vector<EventPoint>& points, double length_s, double budget)
      : points_(points), length_s_(length_s), budget_(budget) {}

  /// The burn rate of the window that ends with point `i`; empty where it begins before the first
  /// point, or nothing happened in it. **Domain** every i once, ascending.
  std::optional<double> at(std::size_t i) {
    all_ += points_[i].all;
    bad_ += points_[i].bad;
    const double begin = points_[i].to_s - length_s_;
    constexpr double rounding = 1e-9;
    while (first_ < i && points_[first_].from_s < begin - rounding) {
      all_ -= points_[first_].all;
      bad_ -= points_[first_].bad;
      ++first_;
    }
    if (begin < points_.front().from_s - rounding || !(all_ > 0)) return std::nullopt;
    return bad_ / all_ / budget_;
  }

 private:
  const std::vector<EventPoint>& points_;
  double length_s_;
  double budget_;
  std::size_t first_ = 0;
  double all_ = 0;
  double bad_ = 0;
};

BurnOutcome follow(const std::vector<EventPoint>& points, const BurnRule& rule, double budget) {
  BurnOutcome outcome{rule, {}, {}};
  SlidingBurn slow(points, rule.long_s, budget);
  SlidingBurn fast(points, rule.short_s, budget);
  bool firing = false;
  for (std::size_t i = 0; i < points.size(); ++i) {
    const std::optional<double> long_burn = slow.at(i);
    const std::optional<double> short_burn = fast.at(i);
    if (long_burn) outcome.worst = std::max(outcome.worst.value_or(0), *long_burn);
    const bool burns =
        long_burn && short_burn && *long_burn > rule.factor && *short_burn > rule.factor;
    if (burns && !firing) outcome.firings.push_back({points[i].to_s, points[i].to_s});
    if (firing) outcome.firings.back().to_s = points[i].to_s;
    firing = burns;
  }
  return outcome;
}

}  // namespace

std::vector<BurnRule> burn_rules(double window_s) {
  constexpr double hour = 1.0 / 720;  // of 30 days
  const auto rule = [window_s](double hours, double factor, const char* severity) {
    return BurnRule{hours * hour * window_s, hours * hour * window_s / 12, factor, severity};
  };
  return {rule(1, 14.4, "page"), rule(6, 6, "page"), rule(24, 3, "ticket"), rule(72, 1, "ticket")};
}

ErrorBudget spend_budget(const std::vector<EventPoint>& points, double target, double window_s) {
  ErrorBudget result;
  for (const EventPoint& point : points) {
    result.all += point.all;
    result.bad += point.bad;
  }
  const double budget = 1 - target;
  if (result.all > 0) {
    result.bad_ratio = result.bad / result.all;
    result.burn_rate = *result.bad_ratio / budget;
    const double measured_s = points.back().to_s - points.front().from_s;
    result.budget_used = *result.burn_rate * measured_s / window_s;
  }
  if (points.empty()) return result;
  for (const BurnRule& rule : burn_rules(window_s))
    result.burns.push_back(follow(points, rule, budget));
  return result;
}

}  // namespace haldane::analysis
