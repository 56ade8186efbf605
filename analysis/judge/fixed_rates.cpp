// Classical tests of two rates with a margin.
#include <algorithm>
#include <cmath>
#include <limits>

#include "analysis/compare/fisher_exact.h"
#include "analysis/compare/normal.h"
#include "analysis/compare/poisson_rates.h"
#include "analysis/compare/two_proportion.h"
#include "analysis/judge/few_events.h"
#include "analysis/judge/fixed_effects.h"
#include "analysis/judge/rate_dispersion.h"

namespace haldane::analysis {
namespace {

constexpr double infinity = std::numeric_limits<double>::infinity();

// canary rate - factor x baseline rate - shift, studentised with each arm's own variance; the
// pooled variance of prop.test belongs to the one null without a margin, where it is used.
class RateContrast {
 public:
  RateContrast(const RateArms& arms, EventLaw law, double dispersion, bool relative)
      : arms_(arms), law_(law), dispersion_(dispersion), relative_(relative) {}

  [[nodiscard]] double estimate() const {
    return relative_ ? rate_c() / rate_b() - 1 : rate_c() - rate_b();
  }

  [[nodiscard]] double p(double bound, Alternative alternative) const {
    if (bound == 0 && law_ == EventLaw::bernoulli && dispersion_ == 1) {
      const auto test = two_proportion({arms_.canary.events, arms_.canary.exposure},
                                       {arms_.baseline.events, arms_.baseline.exposure},
                                       alternative, false, 0.95);
      return test ? test->p_value : 1;
    }
    const double z = standardised(bound);
    return alternative == Alternative::greater ? normal_above(z) : normal_below(z);
  }

  [[nodiscard]] double bound(double error, bool lower) const {
    const double z = normal_upper_quantile(error);
    if (!relative_) {
      const double width = z * std::sqrt(variance(arms_.canary) + variance(arms_.baseline));
      return lower ? estimate() - width : estimate() + width;
    }
    // Fieller: the ratios whose contrast is within z standard errors of zero.
    double inside = estimate();
    double step = std::max(1.0, std::abs(inside));
    const auto clear = [&](double effect) { return std::abs(standardised(effect)) > z; };
    double outside = lower ? -1.0 : inside + step;
    for (int i = 0; i < 60 && !lower && !clear(outside); ++i) outside = inside + (step *= 2);
    if (!clear(outside)) return lower ? -1.0 : infinity;
    for (int i = 0; i < 80; ++i) {
      const double middle = 0.5 * (inside + outside);
      (clear(middle) ? outside : inside) = middle;
    }
    return inside;
  }

 private:
  [[nodiscard]] double rate_b() const { return arms_.baseline.events / arms_.baseline.exposure; }
  [[nodiscard]] double rate_c() const { return arms_.canary.events / arms_.canary.exposure; }

  [[nodiscard]] double variance(const RateArm& arm) const {
    const double rate = arm.events / arm.exposure;
    const double spread = law_ == EventLaw::bernoulli ? rate * (1 - rate) : rate;
    return dispersion_ * spread / arm.exposure;
  }

  [[nodiscard]] double standardised(double bound) const {
    const double factor = relative_ ? 1 + bound : 1;
    const double shift = relative_ ? 0 : bound;
    const double error =
        std::sqrt(variance(arms_.canary) + factor * factor * variance(arms_.baseline));
    const double distance = rate_c() - factor * rate_b() - shift;
    return error > 0 ? distance / error : 0;
  }

  RateArms arms_;
  EventLaw law_;
  double dispersion_;
  bool relative_;
};

// The normal law is poor, and silent about its error, below about five expected events an arm.
bool has_few_events(const RateArms& arms, EventLaw law) {
  const auto counts = [law](const RateArm& arm) {
    return law == EventLaw::bernoulli ? std::min(arm.events, arm.exposure - arm.events)
                                      : arm.events;
  };
  return counts(arms.baseline) + counts(arms.canary) < 10;
}

Effect normal_effect(const RateArms& arms, EventLaw law, double dispersion, Evidence::Scale scale) {
  if (has_few_events(arms, law)) return few_events_effect(arms, law, dispersion, scale);
  const bool relative = scale == Evidence::Scale::relative;
  const RateContrast contrast(arms, law, dispersion, relative);
  Effect effect;
  effect.method = law == EventLaw::bernoulli ? "two_proportion" : "normal_rate";
  effect.n_effective = std::min(arms.baseline.exposure, arms.canary.exposure) / dispersion;
  if (!relative || arms.baseline.events > 0) effect.estimate = contrast.estimate();
  if (effect.estimate) {
    effect.low = [contrast](double e) { return contrast.bound(e, true); };
    effect.high = [contrast](double e) { return contrast.bound(e, false); };
  }
  effect.p_above = [contrast](double b) { return contrast.p(b, Alternative::greater); };
  effect.p_below = [contrast](double b) { return contrast.p(b, Alternative::less); };
  return effect;
}

std::int64_t whole(double count) {
  return static_cast<std::int64_t>(std::llround(count));
}

Effect fisher_effect(const RateArms& arms) {
  const TwoByTwo table{whole(arms.canary.events), whole(arms.canary.exposure - arms.canary.events),
                       whole(arms.baseline.events),
                       whole(arms.baseline.exposure - arms.baseline.events)};
  Effect effect;
  effect.method = "fisher_exact";
  effect.n_effective = std::min(arms.baseline.exposure, arms.canary.exposure);
  const double odds = fisher_exact(table, Alternative::two_sided, 1, 0.95).odds_ratio.estimate;
  if (std::isfinite(odds)) effect.estimate = odds - 1;
  effect.low = [table](double e) {
    return fisher_exact(table, Alternative::greater, 1, 1 - e).odds_ratio.low - 1;
  };
  effect.high = [table](double e) {
    return fisher_exact(table, Alternative::less, 1, 1 - e).odds_ratio.high - 1;
  };
  effect.p_above = [table](double b) {
    return fisher_exact(table, Alternative::greater, 1 + b, 0.95).p_value;
  };
  effect.p_below = [table](double b) {
    return b > -1 ? fisher_exact(table, Alternative::less, 1 + b, 0.95).p_value : 1;
  };
  return effect;
}

Effect poisson_effect(const RateArms& arms) {
  const CountArm c{whole(arms.canary.events), arms.canary.exposure};
  const CountArm b{whole(arms.baseline.events), arms.baseline.exposure};
  Effect effect;
  effect.method = "poisson_rate";
  effect.n_effective = std::min(b.exposure, c.exposure);
  if (b.events > 0)
    effect.estimate = arms.canary.events / c.exposure * b.exposure / arms.baseline.events - 1;
  effect.low = [c, b](double e) {
    return poisson_rates(c, b, Alternative::greater, 1, 1 - e).ratio.low - 1;
  };
  effect.high = [c, b](double e) {
    return poisson_rates(c, b, Alternative::less, 1, 1 - e).ratio.high - 1;
  };
  effect.p_above = [c, b](double bound) {
    return poisson_rates(c, b, Alternative::greater, 1 + bound, 0.95).p_value;
  };
  effect.p_below = [c, b](double bound) {
    return bound > -1 ? poisson_rates(c, b, Alternative::less, 1 + bound, 0.95).p_value : 1;
  };
  return effect;
}

}  // namespace

Effect fixed_rate(const RateArms& arms, std::optional<FixedTest> test, EventLaw law,
                  double dispersion, Evidence::Scale scale) {
  const bool relative = scale == Evidence::Scale::relative;
  const FixedTest by_kind =
      law == EventLaw::bernoulli ? FixedTest::two_proportion : FixedTest::poisson_rate;
  switch (test.value_or(by_kind)) {
    case FixedTest::fisher:
      if (relative) return fisher_effect(arms);
      break;
    case FixedTest::poisson_rate:
      if (relative) return poisson_effect(arms);
      // The exact test knows ratios only.
      return normal_effect(arms, EventLaw::poisson, dispersion, scale);
    default:
      break;
  }
  return normal_effect(arms, law, dispersion, scale);
}

Effect fixed_rate(const ColumnPair& events, const ColumnPair& exposure,
                  std::optional<FixedTest> test, EventLaw law, Evidence::Scale scale) {
  return fixed_rate(rate_arms(events, exposure), test, law,
                    rate_dispersion(events, exposure, law).factor, scale);
}

}  // namespace haldane::analysis
