// Classical tests of whole samples with a margin: the null is moved to the edge of the margin, by
// scaling the baseline (relative) or shifting it (absolute).
#include <algorithm>
#include <cmath>
#include <limits>
#include <memory>

#include "analysis/compare/hodges_lehmann.h"
#include "analysis/compare/kolmogorov_smirnov.h"
#include "analysis/compare/mann_whitney.h"
#include "analysis/compare/welch.h"
#include "analysis/judge/fixed_effects.h"
#include "analysis/sequential/quantile_stairs.h"

namespace haldane::analysis {
namespace {

constexpr double infinity = std::numeric_limits<double>::infinity();

// Ranks of ratios are ranks of differences of logarithms, so one shift test serves both scales.
SampleArms on_scale(const SampleArms& arms, Evidence::Scale scale) {
  SampleArms moved = arms;
  if (scale == Evidence::Scale::absolute) return moved;
  for (std::vector<double>* values : {&moved.baseline, &moved.canary}) {
    for (double& v : *values) v = std::log(v);
  }
  return moved;
}

Effect mann_whitney_effect(const SampleArms& arms, Evidence::Scale scale) {
  const bool relative = scale == Evidence::Scale::relative;
  const auto moved = std::make_shared<const SampleArms>(on_scale(arms, scale));
  const auto to_shift = [relative](double effect) {
    return relative ? (effect > -1 ? std::log1p(effect) : -infinity) : effect;
  };
  const auto to_effect = [relative](double shift) { return relative ? std::expm1(shift) : shift; };
  Effect effect;
  effect.method = "mann_whitney";
  effect.n_effective = static_cast<double>(std::min(arms.baseline.size(), arms.canary.size()));
  const auto interval = hodges_lehmann(moved->canary, moved->baseline, Alternative::greater, 0.5);
  if (!interval) {
    effect.obstacle = "all values are equal, so there is nothing to rank";
    return effect;
  }
  effect.estimate = to_effect(interval->estimate);
  effect.low = [moved, to_effect](double error) {
    return to_effect(
        hodges_lehmann(moved->canary, moved->baseline, Alternative::greater, 1 - error)->low);
  };
  effect.high = [moved, to_effect](double error) {
    return to_effect(
        hodges_lehmann(moved->canary, moved->baseline, Alternative::less, 1 - error)->high);
  };
  effect.p_above = [moved, to_shift](double bound) {
    return mann_whitney(moved->canary, moved->baseline, Alternative::greater, to_shift(bound))
        .p_value;
  };
  effect.p_below = [moved, to_shift](double bound) {
    return mann_whitney(moved->canary, moved->baseline, Alternative::less, to_shift(bound)).p_value;
  };
  return effect;
}

// Welch's test of mean(canary) - (1 + bound) mean(baseline) = 0, or of a shift.
class WelchContrast {
 public:
  WelchContrast(const SampleArms& arms, bool relative)
      : baseline_(sample_moments(arms.baseline)),
        canary_(sample_moments(arms.canary)),
        relative_(relative) {}

  [[nodiscard]] bool usable() const { return p(0, Alternative::greater) >= 0; }

  [[nodiscard]] double estimate() const {
    return relative_ ? canary_.mean / baseline_.mean - 1 : canary_.mean - baseline_.mean;
  }

  [[nodiscard]] double p(double bound, Alternative alternative) const {
    SampleMoments scaled = baseline_;
    if (relative_) {
      scaled.mean *= 1 + bound;
      scaled.variance *= (1 + bound) * (1 + bound);
    }
    const auto test = welch(canary_, scaled, alternative, relative_ ? 0 : bound, 0.95);
    return test ? test->p_value : -1;
  }

  // Where the test's p-value crosses `error`, by bisection outward from the estimate.
  [[nodiscard]] double bound(double error, Alternative alternative) const {
    const double direction = alternative == Alternative::greater ? -1 : 1;
    double inside = estimate();
    double step = std::max(std::abs(inside), 1e-9 * std::abs(canary_.mean));
    double outside = inside + direction * step;
    int doublings = 0;
    for (; doublings < 200 && p(outside, alternative) > error; ++doublings) {
      step *= 2;
      outside = inside + direction * step;
    }
    if (doublings == 200) return direction * infinity;
    for (int i = 0; i < 80; ++i) {
      const double middle = 0.5 * (inside + outside);
      (p(middle, alternative) > error ? inside : outside) = middle;
    }
    return inside;
  }

 private:
  SampleMoments baseline_;
  SampleMoments canary_;
  bool relative_;
};

Effect welch_effect(const SampleArms& arms, Evidence::Scale scale) {
  const auto contrast =
      std::make_shared<const WelchContrast>(arms, scale == Evidence::Scale::relative);
  Effect effect;
  effect.method = "welch";
  effect.n_effective = static_cast<double>(std::min(arms.baseline.size(), arms.canary.size()));
  effect.estimate = contrast->estimate();
  if (!contrast->usable()) {
    effect.obstacle = "a mean needs at least two values that vary in each arm";
    return effect;
  }
  effect.low = [contrast](double e) { return contrast->bound(e, Alternative::greater); };
  effect.high = [contrast](double e) { return contrast->bound(e, Alternative::less); };
  effect.p_above = [contrast](double b) { return contrast->p(b, Alternative::greater); };
  effect.p_below = [contrast](double b) { return contrast->p(b, Alternative::less); };
  return effect;
}

Effect ks_effect(const SampleArms& arms, Evidence::Scale scale) {
  const bool relative = scale == Evidence::Scale::relative;
  const auto p = [&arms, relative](double bound, Alternative alternative) {
    const double factor = relative ? 1 + bound : 1;
    const double shift = relative ? 0 : -bound;
    return kolmogorov_smirnov(arms.baseline, arms.canary, alternative, factor, shift).p_value;
  };
  Effect effect;
  effect.method = "kolmogorov_smirnov";
  effect.n_effective = static_cast<double>(std::min(arms.baseline.size(), arms.canary.size()));
  // The moved baseline lies above the canary as a distribution where the canary is larger.
  effect.p_above = [p](double bound) { return p(bound, Alternative::greater); };
  effect.p_below = [p](double bound) { return p(bound, Alternative::less); };
  effect.cannot_show_inside = true;
  return effect;
}

}  // namespace

WholeSampleTest fixed_whole_sample(FixedTest test, const SampleArms& arms) {
  WholeSampleTest result;
  const bool all_positive = arms.baseline.front() > 0 && arms.canary.front() > 0;
  if (test == FixedTest::welch || test == FixedTest::bootstrap) {
    result.baseline_value = sample_moments(arms.baseline).mean;
    result.canary_value = sample_moments(arms.canary).mean;
    result.relative_possible = result.baseline_value > 0;
    result.effect = [&arms, test](Evidence::Scale scale) {
      return test == FixedTest::welch ? welch_effect(arms, scale) : bootstrap_samples(arms, scale);
    };
    return result;
  }
  result.baseline_value = sample_quantile(arms.baseline, 0.5);
  result.canary_value = sample_quantile(arms.canary, 0.5);
  result.relative_possible = test == FixedTest::ks ? result.baseline_value > 0 : all_positive;
  result.effect = [&arms, test](Evidence::Scale scale) {
    return test == FixedTest::ks ? ks_effect(arms, scale) : mann_whitney_effect(arms, scale);
  };
  return result;
}

}  // namespace haldane::analysis
