#include "analysis/sequential/rate_bounds.h"

#include <algorithm>
#include <cmath>
#include <limits>

#include "analysis/sequential/bernoulli_evidence.h"
#include "analysis/sequential/poisson_evidence.h"

namespace haldane::analysis {
namespace {

constexpr double infinity = std::numeric_limits<double>::infinity();
constexpr double split_concentration = 10;  // measured best between 2 and 100 for canaries
constexpr double rate_strength = 2.5;       // the same concentration at a chance of one half

// Where a decreasing function falls below `level`: bisection, with the Illinois secant once both
// ends are finite. Returns the side that is still refuted.
template <class F>
double falls_below(const F& f, double level, double low, double high) {
  double f_low = infinity;
  double f_high = f(high) - level;
  for (int i = 0; i < 100 && high - low > 1e-11 * high; ++i) {
    const bool secant = i % 3 != 0 && std::isfinite(f_low) && std::isfinite(f_high);
    double next = secant ? low + (high - low) * f_low / (f_low - f_high) : 0.5 * (low + high);
    if (!(next > low && next < high)) next = 0.5 * (low + high);
    const double value = f(next) - level;
    if (value == 0) return next;
    if (value > 0) {
      low = next;
      f_low = value;
      f_high *= 0.5;
    } else {
      high = next;
      f_high = value;
      f_low *= 0.5;
    }
  }
  return low;
}

// Least of f on [low, high]: a grid finds the valley, golden section its floor.
template <class F>
double least_value(const F& f, double low, double high) {
  constexpr int cells = 6;
  int best = 0;
  double least = infinity;
  for (int i = 0; i <= cells; ++i) {
    const double value = f(low + (high - low) * i / cells);
    if (value < least) {
      least = value;
      best = i;
    }
  }
  double a = low + (high - low) * std::max(best - 1, 0) / cells;
  double b = low + (high - low) * std::min(best + 1, cells) / cells;
  constexpr double golden = 0.6180339887498949;
  double left = b - golden * (b - a);
  double right = a + golden * (b - a);
  double f_left = f(left);
  double f_right = f(right);
  for (int i = 0; i < 14; ++i) {
    if (f_left < f_right) {
      b = right;
      right = left;
      f_right = f_left;
      left = b - golden * (b - a);
      f_left = f(left);
    } else {
      a = left;
      left = right;
      f_left = f_right;
      right = a + golden * (b - a);
      f_right = f(right);
    }
  }
  return std::min({least, f_left, f_right});
}

// One arm's evidence that its rate is above or below a candidate, with the edges of the domain.
class ArmEvidence {
 public:
  ArmEvidence(const RateArm& arm, EventLaw law) : arm_(arm), law_(law) {}

  [[nodiscard]] double estimate() const { return arm_.events / arm_.exposure; }
  [[nodiscard]] double largest() const { return law_ == EventLaw::bernoulli ? 1.0 : infinity; }

  [[nodiscard]] double log_e_above(double rate) const {
    if (rate <= 0) return arm_.events > 0 ? infinity : 0.0;
    if (rate >= largest()) return -infinity;
    if (law_ == EventLaw::poisson) {
      return PoissonEvidence(rate, rate_strength).log_e_greater(arm_.events, arm_.exposure);
    }
    return BernoulliEvidence::with_strength(rate, rate_strength)
        .log_e_greater(arm_.events, arm_.exposure);
  }

  [[nodiscard]] double log_e_below(double rate) const {
    if (rate <= 0) return arm_.events > 0 ? -infinity : 0.0;
    if (rate >= largest()) return arm_.events < arm_.exposure ? infinity : 0.0;
    if (law_ == EventLaw::poisson) {
      return PoissonEvidence(rate, rate_strength).log_e_less(arm_.events, arm_.exposure);
    }
    return BernoulliEvidence::with_strength(rate, rate_strength)
        .log_e_less(arm_.events, arm_.exposure);
  }

  // The least rate that evidence `level` does not refute.
  [[nodiscard]] double lower(double level) const {
    if (!(arm_.events > 0)) return 0;
    return falls_below([this](double rate) { return log_e_above(rate); }, level, 0, estimate());
  }

  // The largest rate that evidence `level` does not refute.
  [[nodiscard]] double upper(double level) const {
    const double rate = estimate();
    double step = (level + 1) / arm_.exposure;
    double high = rate + step;
    while (high < largest() && log_e_below(high) < level) {
      step *= 2;
      high = rate + step;
    }
    high = std::min(high, largest());
    // As a falling function of the distance from the top.
    return high - falls_below([this, high](double d) { return log_e_below(high - d); }, level, 0,
                              high - rate);
  }

 private:
  RateArm arm_;
  EventLaw law_;
};

}  // namespace

double log_evidence_ratio_above(const RateArm& upper, const RateArm& lower, double ratio) {
  const double odds = upper.exposure / lower.exposure * ratio;
  const BernoulliEvidence split(odds / (1 + odds), split_concentration);
  return split.log_e_greater(upper.events, upper.events + lower.events);
}

double least_rate_ratio(const RateArm& upper, const RateArm& lower, double log_threshold) {
  if (!(upper.events > 0)) return 0;
  // Work in shares of all events: the bound on the share gives that on the ratio.
  const double events = upper.events + lower.events;
  const auto evidence = [&](double share) {
    if (share <= 0) return infinity;
    return BernoulliEvidence(share, split_concentration).log_e_greater(upper.events, events);
  };
  // A share of exactly one has no evidence against it; start below.
  const double top = std::min(upper.events / events, 1 - 1e-12);
  if (evidence(top) >= log_threshold) return top / (1 - top) * lower.exposure / upper.exposure;
  const double share = falls_below(evidence, log_threshold, 0, top);
  return share / (1 - share) * lower.exposure / upper.exposure;
}

double log_evidence_difference_above(const RateArm& upper, const RateArm& lower, double difference,
                                     EventLaw law) {
  const ArmEvidence y(upper, law);
  const ArmEvidence x(lower, law);
  // Both rates must be possible, and the least joint evidence lies between the two estimates of the
  // lower arm's rate.
  const double floor = std::max(0.0, -difference);
  const double ceiling = std::max(floor, std::min(x.largest(), x.largest() - difference));
  const double one = std::clamp(x.estimate(), floor, ceiling);
  const double other = std::clamp(y.estimate() - difference, floor, ceiling);
  return least_value(
      [&](double rate) {
        const double sum = x.log_e_below(rate) + y.log_e_above(std::max(0.0, rate + difference));
        return std::isnan(sum) ? infinity : sum;
      },
      std::min(one, other), std::max(one, other));
}

double least_rate_difference(const RateArm& upper, const RateArm& lower, double log_threshold,
                             EventLaw law) {
  const ArmEvidence y(upper, law);
  const ArmEvidence x(lower, law);
  const double low = x.estimate();
  const double high = x.upper(log_threshold);
  return least_value(
      [&](double rate) { return y.lower(log_threshold - x.log_e_below(rate)) - rate; }, low, high);
}

}  // namespace haldane::analysis
