// How far quantiles of requests that may share what slows them are believed.
#include <algorithm>
#include <cmath>
#include <memory>
#include <utility>

#include "analysis/compare/normal.h"
#include "analysis/judge/compacted_arms.h"
#include "analysis/judge/metric_kinds.h"
#include "analysis/judge/sequential_effects.h"

namespace haldane::analysis {
namespace {

constexpr double early_s = 600;
// As for rates (rate_dispersion.h).
constexpr double beginning_s = 120;
constexpr double dispersion_at_the_beginning = 4;
// What slows all requests shows little beyond p97.5: by this at p99 where it shows by 4 at the
// median. What slows some requests only is looked for where more values are beyond a quantile.
constexpr double dispersion_of_tails_at_the_beginning = 1.36;
// Causes that last for seconds take turns that a few seconds do not show, however many requests
// these hold. So a rollback believes no more values beyond a quantile than one a second, and hardly
// any of the first seconds (found by trial).
constexpr double turn_s = 12;
constexpr double values_beyond_a_second = 1;
// A cause that lasts for minutes cannot be seen in the first ones. A rollback is then believed as
// if it left no more than so many independent values near the median; in the tails it shows less.
constexpr double unseen_s = 300;
constexpr double values_a_second = 0.5;
constexpr double values_min = 40;
// Unless so many requests show how far it can reach: the variance of eight parts of the time, the
// fewest that are looked at, is below a twentieth of the true one in 1 of 6,000 (chi-square with 7
// degrees of freedom), which a watch of many looks can afford.
constexpr double hidden_by_parts = 20;
constexpr double central_quantiles = 0.4;
constexpr double all_but_tails = 0.475;
constexpr double fuller = 5;

bool is_within(double distance, double probability) {
  return std::abs(probability - 0.5) < distance;
}

double rarer_side(double probability) {
  return std::min(probability, 1 - probability);
}

// How strongly a cause that slows all requests alike shows at a quantile, but for a constant: to
// first order, for normal values (or their logarithms).
double visibility(double probability) {
  const double z = normal_upper_quantile(1 - probability);
  return std::exp(-z * z) / (probability * (1 - probability));
}

// As far as it would show at a quantile, where it shows by so much at another.
double shown_at(double probability, double other, double at_the_other) {
  return 1 + visibility(probability) / visibility(other) * (at_the_other - 1);
}

double shared_dispersion(const QuantilePlace& place, double SampleDispersion::* of) {
  const double found = sample_dispersion(place.columns, place.threshold, place.probability).*of;
  if (place.probability == 0.5) return found;
  const double median = sample_dispersion(place.columns, place.median, 0.5).*of;
  return std::max(found, shown_at(place.probability, 0.5, median));
}

// In a tail the few values beyond it hide in their own noise what slows some requests only.
double dispersion_of_slow_causes(const QuantilePlace& place) {
  constexpr auto of = &SampleDispersion::of_slow_causes;
  const double shared = shared_dispersion(place, of);
  const double q = fuller_quantile(place.probability);
  if (q == place.probability) return shared;
  const double found = sample_dispersion(place.columns, place.fuller, q).*of;
  return std::max(shared, shown_at(place.probability, q, found));
}

double early_dispersion(const QuantilePlace& place, double span_s) {
  const double cautious = dispersion_of_slow_causes(place);
  if (span_s >= beginning_s) return cautious;
  return std::max(cautious, is_within(all_but_tails, place.probability)
                                ? dispersion_at_the_beginning
                                : dispersion_of_tails_at_the_beginning);
}

// Of a cause that is not seen yet.
double unseen_dispersion(const QuantilePlace& place, double span_s) {
  const double p = place.probability;
  const double rows =
      std::min(observations_in(*place.columns.baseline), observations_in(*place.columns.canary));
  double unseen = 1;
  if (span_s < beginning_s) {
    const double believed = values_beyond_a_second * std::max(1.0, span_s - turn_s);
    unseen = std::max(unseen, rows * rarer_side(p) / believed);
  }
  if (span_s >= unseen_s || !is_within(central_quantiles, p)) return unseen;
  const double values = std::max(values_min, values_a_second * span_s);
  const double found = sample_dispersion(place.columns, place.median, 0.5).of_slow_causes;
  return std::max(unseen, shown_at(p, 0.5, std::min(rows / values, hidden_by_parts * found)));
}

// The one for a rollback, the other for a promotion. Where either direction is worse, both serve
// both.
Effect joined(Effect rollback, const Effect& promotion, Worse worse) {
  if (worse == Worse::higher) {
    rollback.high = promotion.high;
    rollback.log_e_below = promotion.log_e_below;
  } else if (worse == Worse::lower) {
    rollback.low = promotion.low;
    rollback.log_e_above = promotion.log_e_above;
  }
  return rollback;
}

}  // namespace

double fuller_quantile(double probability) {
  if (is_within(all_but_tails, probability)) return probability;
  const double beyond = fuller * rarer_side(probability);
  return probability < 0.5 ? beyond : 1 - beyond;
}

double shared_dispersion(const QuantilePlace& place) {
  return shared_dispersion(place, &SampleDispersion::usual);
}

Effect cautious_effect(const MetricCase& judged, const QuantilePlace& place,
                       const std::function<Effect(double dispersion)>& effect_at,
                       double dispersion_min) {
  if (judged.mode() == Mode::fixed || !has_times(place.columns)) {
    return effect_at(sample_dispersion(place.columns, place.threshold, place.probability).usual);
  }
  const double dispersion = std::max(dispersion_min, shared_dispersion(place));
  Effect usual = effect_at(dispersion);
  wait_for_effective_size(usual);
  const double span = span_s(judged.columns());
  if (span >= early_s) return usual;
  const double cautious = std::max(dispersion, early_dispersion(place, span));
  const double unseen = unseen_dispersion(place, span);
  if (std::max(cautious, unseen) <= dispersion) return usual;
  Effect effect = effect_at(cautious);
  if (unseen > cautious) effect = joined(effect_at(unseen), effect, judged.metric().worse);
  wait_for_effective_size(effect);
  effect.without_caution = std::make_shared<const Effect>(std::move(usual));
  return effect;
}

}  // namespace haldane::analysis
