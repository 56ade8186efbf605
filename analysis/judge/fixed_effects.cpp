#include "analysis/judge/fixed_effects.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <memory>
#include <utility>

#include <fmt/format.h>

#include "analysis/compare/normal.h"
#include "analysis/compare/welch.h"
#include "analysis/sequential/quantile_stairs.h"

namespace haldane::analysis {
namespace {

constexpr double infinity = std::numeric_limits<double>::infinity();
constexpr double quantile_counts_min = 5;

// n times the Kullback-Leibler divergence of the observed share from the null, where it lies above:
// half the likelihood-ratio statistic of one arm.
double half_deviance(double probability, double below, double n) {
  if (below <= probability * n) return 0;
  const double share = below / n;
  const double rest = share < 1 ? (n - below) * std::log((1 - share) / (1 - probability)) : 0.0;
  return below * std::log(share / probability) + rest;
}

struct QuantilePair {
  QuantileEvidence baseline;
  QuantileEvidence canary;
  bool relative = false;
};

// The signed root of the profile likelihood ratio is standard normal under the null.
double p_of(double half_statistic_against, double half_statistic_for) {
  return half_statistic_against > 0 ? normal_above(std::sqrt(2 * half_statistic_against))
                                    : normal_below(std::sqrt(2 * half_statistic_for));
}

double above(const QuantilePair& q, double bound) {
  return log_evidence_beyond(q.canary, q.baseline, [&q, bound](double x) {
    return q.relative ? x * (1 + bound) : x + bound;
  });
}

double below(const QuantilePair& q, double bound) {
  return log_evidence_beyond(q.baseline, q.canary, [&q, bound](double x) {
    return q.relative ? x / (1 + bound) : x - bound;
  });
}

double half_threshold(double error) {
  const double z = normal_upper_quantile(error);
  return z * z / 2;
}

}  // namespace

Effect fixed_quantile(const RankedArms& arms, double probability, double dispersion,
                      Evidence::Scale scale) {
  const double smaller =
      static_cast<double>(std::min(arms.baseline.size(), arms.canary.size())) / dispersion;
  const auto q = std::make_shared<QuantilePair>();
  q->relative = scale == Evidence::Scale::relative;
  q->baseline = quantile_evidence({arms.baseline, dispersion}, probability, smaller, half_deviance);
  q->canary = quantile_evidence({arms.canary, dispersion}, probability, smaller, half_deviance);
  Effect effect;
  effect.method = "profile_likelihood_quantile";
  effect.n_effective = smaller;
  const double b = sample_quantile(arms.baseline, probability);
  const double c = sample_quantile(arms.canary, probability);
  effect.estimate = q->relative ? c / b - 1 : c - b;
  effect.low = [q](double error) {
    const double level = half_threshold(error);
    return q->relative ? least_ratio(q->canary, q->baseline, level) - 1
                       : least_difference(q->canary, q->baseline, level);
  };
  effect.high = [q](double error) {
    const double level = half_threshold(error);
    if (!q->relative) return -least_difference(q->baseline, q->canary, level);
    const double inverse = least_ratio(q->baseline, q->canary, level);
    return inverse > 0 ? 1 / inverse - 1 : infinity;
  };
  effect.p_above = [q](double bound) { return p_of(above(*q, bound), below(*q, bound)); };
  effect.p_below = [q](double bound) { return p_of(below(*q, bound), above(*q, bound)); };
  const double rarer = smaller * std::min(probability, 1 - probability);
  if (rarer < quantile_counts_min) {
    effect.obstacle =
        fmt::format("{:.3g} effective observations beyond the quantile are fewer than {:g}", rarer,
                    quantile_counts_min);
    effect.least_growth = quantile_counts_min / rarer;
  }
  return effect;
}

namespace {

HalfWidth student_width(double error) {
  return [error](const MeanEstimate& e) {
    return e.standard_error * student_upper_quantile(error, e.n_effective - 1);
  };
}

double student_p(const MeanEstimate& estimate, double bound, bool above_bound) {
  const double t = (estimate.value - bound) / estimate.standard_error;
  return student_above(above_bound ? t : -t, estimate.n_effective - 1);
}

}  // namespace

Effect fixed_gauge(GaugeContrast contrast, Evidence::Scale scale) {
  const auto g = std::make_shared<const GaugeContrast>(std::move(contrast));
  Effect effect;
  effect.method = g->paired() ? "paired_student_mean" : "student_mean";
  effect.n_effective = g->n_effective();
  effect.lasting_share = g->lasting_share();
  effect.obstacle = gauge_obstacle(*g);
  if (*effect.n_effective < gauge_n_effective_min) {
    effect.least_growth = gauge_n_effective_min / *effect.n_effective;
  }
  if (scale == Evidence::Scale::relative) {
    effect.estimate = g->canary_mean() / g->baseline_mean() - 1;
    effect.low = [g](double e) { return ratio_bound(*g, true, student_width(e)) - 1; };
    effect.high = [g](double e) { return ratio_bound(*g, false, student_width(e)) - 1; };
    effect.p_above = [g](double bound) { return student_p(g->at(1 + bound), 0, true); };
    effect.p_below = [g](double bound) { return student_p(g->at(1 + bound), 0, false); };
    return effect;
  }
  const MeanEstimate difference = g->at(1);
  effect.estimate = difference.value;
  effect.low = [difference](double e) { return difference.value - student_width(e)(difference); };
  effect.high = [difference](double e) { return difference.value + student_width(e)(difference); };
  effect.p_above = [difference](double bound) { return student_p(difference, bound, true); };
  effect.p_below = [difference](double bound) { return student_p(difference, bound, false); };
  return effect;
}

}  // namespace haldane::analysis
