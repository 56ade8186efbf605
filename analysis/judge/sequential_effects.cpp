#include "analysis/judge/sequential_effects.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <memory>
#include <utility>

#include <fmt/format.h>

#include "analysis/judge/gauge_effect.h"
#include "analysis/judge/rate_dispersion.h"
#include "analysis/sequential/bernoulli_evidence.h"
#include "analysis/sequential/mean_sequence.h"
#include "analysis/sequential/quantile_stairs.h"
#include "analysis/sequential/rate_bounds.h"

namespace haldane::analysis {
namespace {

constexpr double infinity = std::numeric_limits<double>::infinity();

// Tuned for a variance n p (1 - p) of about 80: 320 samples at the median, 8,000 at p99. A wrong
// guess costs little above (a tenth of the width at a hundred times the size), more below.
constexpr double quantile_strength = 5;

double log_threshold(double error) {
  return -std::log(error);
}

struct QuantilePair {
  QuantileEvidence baseline;
  QuantileEvidence canary;
  double floor = -infinity;  // relative effects of quantities that cannot be negative end at -1
};

void add_relative(Effect& effect, const std::shared_ptr<const QuantilePair>& q) {
  effect.low = [q](double error) {
    return std::max(q->floor, least_ratio(q->canary, q->baseline, log_threshold(error)) - 1);
  };
  effect.high = [q](double error) {
    const double inverse = least_ratio(q->baseline, q->canary, log_threshold(error));
    return inverse > 0 ? 1 / inverse - 1 : infinity;
  };
  effect.log_e_above = [q](double bound) {
    return log_evidence_beyond(q->canary, q->baseline,
                               [bound](double x) { return x * (1 + bound); });
  };
  effect.log_e_below = [q](double bound) {
    if (bound <= -1) return -infinity;
    return log_evidence_beyond(q->baseline, q->canary,
                               [bound](double x) { return x / (1 + bound); });
  };
}

void add_absolute(Effect& effect, const std::shared_ptr<const QuantilePair>& q) {
  effect.low = [q](double error) {
    return least_difference(q->canary, q->baseline, log_threshold(error));
  };
  effect.high = [q](double error) {  // 0 - 0 is 0, while -0 would be printed
    return 0 - least_difference(q->baseline, q->canary, log_threshold(error));
  };
  effect.log_e_above = [q](double bound) {
    return log_evidence_beyond(q->canary, q->baseline, [bound](double x) { return x + bound; });
  };
  effect.log_e_below = [q](double bound) {
    return log_evidence_beyond(q->baseline, q->canary, [bound](double x) { return x - bound; });
  };
}

CountEvidence evidence_at(double probability) {
  const auto below = std::make_shared<const BernoulliEvidence>(
      BernoulliEvidence::with_strength(probability, quantile_strength));
  const auto above = std::make_shared<const BernoulliEvidence>(
      BernoulliEvidence::with_strength(1 - probability, quantile_strength));
  return [below, above, probability](double p, double k, double n) {
    return (p == probability ? *below : *above).log_e_greater(k, n);
  };
}

// The size at which a quantile's bounds become finite for both arms: even if every observation fell
// on one side, n log(1 / p) must exceed the budget. A factor two covers the mixture's price.
std::optional<double> growth_to_bounds(double n, double probability, const Effect& effect) {
  if (std::isfinite(effect.low(0.01)) && std::isfinite(effect.high(0.01))) return std::nullopt;
  const double rarer = std::min(probability, 1 - probability);
  return std::max(2.0, 2 * log_threshold(0.001) / (rarer * n));
}

}  // namespace

Effect sequential_quantile(const RankedArms& arms, double probability, double dispersion,
                           Evidence::Scale scale) {
  const double smaller =
      static_cast<double>(std::min(arms.baseline.size(), arms.canary.size())) / dispersion;
  const CountEvidence evidence = evidence_at(probability);
  const auto pair = std::make_shared<QuantilePair>();
  pair->baseline = quantile_evidence({arms.baseline, dispersion}, probability, smaller, evidence);
  pair->canary = quantile_evidence({arms.canary, dispersion}, probability, smaller, evidence);
  Effect effect;
  effect.method = "beta_binomial_quantile";
  effect.n_effective = smaller;
  const double b = sample_quantile(arms.baseline, probability);
  const double c = sample_quantile(arms.canary, probability);
  if (scale == Evidence::Scale::relative) {
    if (arms.baseline.front() >= 0 && arms.canary.front() >= 0) pair->floor = -1;
    effect.estimate = c / b - 1;
    add_relative(effect, pair);
  } else {
    effect.estimate = c - b;
    add_absolute(effect, pair);
  }
  effect.least_growth = growth_to_bounds(smaller, probability, effect);
  return effect;
}

void wait_for_effective_size(Effect& effect) {
  const double n = effect.n_effective.value_or(0);
  if (n >= gauge_n_effective_min) return;
  effect.obstacle = fmt::format("effective size {:.3g} is below {:.0f}, so nothing is decided", n,
                                gauge_n_effective_min);
  effect.least_growth =
      std::max(effect.least_growth.value_or(1), gauge_n_effective_min / std::max(n, 0.1));
}

Effect sequential_rate(const RateArms& arms, EventLaw law, double dispersion,
                       Evidence::Scale scale) {
  // Dividing events and exposure keeps the rates and shrinks the information.
  const RateArm b{arms.baseline.events / dispersion, arms.baseline.exposure / dispersion};
  const RateArm c{arms.canary.events / dispersion, arms.canary.exposure / dispersion};
  const double rate_b = b.events / b.exposure;
  const double rate_c = c.events / c.exposure;
  Effect effect;
  effect.n_effective = std::min(b.exposure, c.exposure);
  if (scale == Evidence::Scale::relative) {
    effect.method = "dirichlet_multinomial_rate";
    if (rate_b > 0) effect.estimate = rate_c / rate_b - 1;
    effect.low = [b, c](double e) { return least_rate_ratio(c, b, log_threshold(e)) - 1; };
    effect.high = [b, c](double e) {
      const double inverse = least_rate_ratio(b, c, log_threshold(e));
      return inverse > 0 ? 1 / inverse - 1 : infinity;
    };
    effect.log_e_above = [b, c](double bound) { return log_evidence_ratio_above(c, b, 1 + bound); };
    effect.log_e_below = [b, c](double bound) {
      return bound <= -1 ? -infinity : log_evidence_ratio_above(b, c, 1 / (1 + bound));
    };
    return effect;
  }
  effect.method = law == EventLaw::bernoulli ? "beta_binomial_rate" : "gamma_poisson_rate";
  effect.estimate = rate_c - rate_b;
  effect.low = [b, c, law](double e) { return least_rate_difference(c, b, log_threshold(e), law); };
  effect.high = [b, c, law](double e) {
    return -least_rate_difference(b, c, log_threshold(e), law);
  };
  effect.log_e_above = [b, c, law](double bound) {
    return log_evidence_difference_above(c, b, bound, law);
  };
  effect.log_e_below = [b, c, law](double bound) {
    return log_evidence_difference_above(b, c, -bound, law);
  };
  return effect;
}

Effect sequential_rate(const ColumnPair& events, const ColumnPair& exposure, EventLaw law,
                       Evidence::Scale scale) {
  // The split of the events, which the relative scale looks at, has no law but its own.
  const EventLaw scatter = scale == Evidence::Scale::relative ? EventLaw::poisson : law;
  const RateArms arms = rate_arms(events, exposure);
  RateDispersion dispersion = rate_dispersion(events, exposure, scatter);
  if (dispersion.early) dispersion.factor = std::max(dispersion.factor, early_rate_dispersion);
  Effect effect = sequential_rate(arms, law, dispersion.factor, scale);
  if (dispersion.early) {
    effect.without_caution = std::make_shared<const Effect>(sequential_rate(arms, law, 1, scale));
  }
  return effect;
}

Effect sequential_gauge(GaugeContrast contrast, Evidence::Scale scale) {
  const auto log_e = [](const MeanEstimate& e, double null, double /*bound*/) {
    return log_evidence_mean_above(e, null);
  };
  const auto width = [](const MeanEstimate& e, double error) {
    return half_width(e, log_threshold(error));
  };
  return gauge_effect(std::move(contrast), {"asymptotic_mean", width, log_e, log_e}, scale);
}

}  // namespace haldane::analysis
