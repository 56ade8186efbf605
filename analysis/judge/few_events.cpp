#include "analysis/judge/few_events.h"

#include <algorithm>
#include <cmath>
#include <limits>

#include <boost/math/special_functions/beta.hpp>
#include <boost/math/special_functions/gamma.hpp>

namespace haldane::analysis {
namespace {

constexpr double infinity = std::numeric_limits<double>::infinity();
constexpr double log_of_nothing = -1e6;  // below what a double can hold
constexpr int golden_steps = 100;
constexpr int halvings = 60;
constexpr double widest_bound = 1e9;

// One arm's counts, at any true rate.
class Counts {
 public:
  Counts(const RateArm& arm, EventLaw law, double dispersion)
      : law_(law), exposure_(arm.exposure / dispersion), events_(arm.events / dispersion) {
    if (law_ == EventLaw::bernoulli) events_ = std::min(events_, exposure_);
  }

  [[nodiscard]] double log_at_most(double rate) const {
    if (law_ == EventLaw::poisson)
      return log_of(boost::math::gamma_q(events_ + 1, rate * exposure_), rate);
    if (events_ >= exposure_) return 0;
    return log_of(boost::math::ibetac(events_ + 1, exposure_ - events_, rate), rate);
  }
  [[nodiscard]] double log_at_least(double rate) const {
    if (!(events_ > 0)) return 0;
    if (law_ == EventLaw::poisson)
      return log_of(boost::math::gamma_p(events_, rate * exposure_), -rate);
    return log_of(boost::math::ibeta(events_, exposure_ - events_ + 1, rate), -rate);
  }

 private:
  // Where nothing is left of a probability, its order is: the farther the rate, the less.
  static double log_of(double probability, double distance) {
    return probability > 0 ? std::log(probability) : log_of_nothing * (2 + distance);
  }

  EventLaw law_;
  double exposure_;
  double events_;
};

class FewEvents {
 public:
  FewEvents(const RateArms& arms, EventLaw law, double dispersion, Evidence::Scale scale)
      : baseline_(arms.baseline, law, dispersion),
        canary_(arms.canary, law, dispersion),
        relative_(scale == Evidence::Scale::relative) {
    if (law == EventLaw::bernoulli) return;
    const double least = std::min(arms.baseline.exposure, arms.canary.exposure) / dispersion;
    const auto rate = [](const RateArm& arm) { return arm.events / arm.exposure; };
    rate_max_ = 10 * (rate(arms.baseline) + rate(arms.canary) + 10 / least);
    canary_max_ = infinity;
  }

  // Of "the canary's rate is at most T(baseline's)", T being the bound, and of "at least".
  // Baseline rates that would leave none for the canary are not allowed.
  [[nodiscard]] double p_above(double bound) const {
    const double least = relative_ ? 0 : std::clamp(-bound, 0.0, rate_max_);
    return largest(least, rate_max_, [&](double rate) {
      return baseline_.log_at_most(rate) + canary_.log_at_least(moved(rate, bound));
    });
  }
  [[nodiscard]] double p_below(double bound) const {
    const double room = relative_ ? canary_max_ / (1 + bound) : canary_max_ - bound;
    return largest(0, std::clamp(room, 0.0, rate_max_), [&](double rate) {
      return baseline_.log_at_least(rate) + canary_.log_at_most(moved(rate, bound));
    });
  }

  // The bounds that are not refuted at this error reach from here ...
  [[nodiscard]] double low(double error) const {
    const double least = relative_ ? -1 : -rate_max_;
    return limit(least, [&](double bound) { return p_above(bound) <= error; });
  }
  // ... to here.
  [[nodiscard]] double high(double error) const {
    const double least = relative_ ? -1 : -rate_max_;
    return limit(least, [&](double bound) { return p_below(bound) > error; });
  }

 private:
  [[nodiscard]] double moved(double rate, double bound) const {
    return std::clamp(relative_ ? rate * (1 + bound) : rate + bound, 0.0, canary_max_);
  }

  // Both logarithms are concave in the rate, and so is their sum: it has one maximum.
  template <class LogProduct>
  static double largest(double left, double right, const LogProduct& log_product) {
    const double golden = (std::sqrt(5.0) - 1) / 2;
    double most = std::max(log_product(left), log_product(right));
    for (int i = 0; i < golden_steps; ++i) {
      const double a = right - golden * (right - left);
      const double b = left + golden * (right - left);
      const double at_a = log_product(a);
      const double at_b = log_product(b);
      most = std::max({most, at_a, at_b});
      (at_a < at_b ? left : right) = at_a < at_b ? a : b;
    }
    return std::min(1.0, std::exp(most) * (1 - most));
  }

  // The greatest bound of which `holds` is true, as it is of all below.
  template <class Holds>
  [[nodiscard]] double limit(double least, const Holds& holds) const {
    if (!holds(least)) return least;
    double inside = least;
    double outside = relative_ ? 1 : rate_max_;
    while (holds(outside) && outside < widest_bound) {
      inside = outside;
      outside *= 10;
    }
    if (outside >= widest_bound) return infinity;
    for (int i = 0; i < halvings; ++i) {
      const double middle = 0.5 * (inside + outside);
      (holds(middle) ? inside : outside) = middle;
    }
    return inside;
  }

  Counts baseline_;
  Counts canary_;
  bool relative_;
  double rate_max_ = 1;    // of the baseline
  double canary_max_ = 1;  // a share is no more than all
};

}  // namespace

Effect few_events_effect(const RateArms& arms, EventLaw law, double dispersion,
                         Evidence::Scale scale) {
  const FewEvents counts(arms, law, dispersion, scale);
  const double rate_b = arms.baseline.events / arms.baseline.exposure;
  const double rate_c = arms.canary.events / arms.canary.exposure;
  Effect effect;
  effect.method = "exact_counts";
  effect.n_effective = std::min(arms.baseline.exposure, arms.canary.exposure) / dispersion;
  if (scale == Evidence::Scale::absolute) {
    effect.estimate = rate_c - rate_b;
  } else if (rate_b > 0) {
    effect.estimate = rate_c / rate_b - 1;
  }
  effect.low = [counts](double error) { return counts.low(error); };
  effect.high = [counts](double error) { return counts.high(error); };
  effect.p_above = [counts](double bound) { return counts.p_above(bound); };
  effect.p_below = [counts](double bound) { return counts.p_below(bound); };
  return effect;
}

}  // namespace haldane::analysis
