// Two arms' event rates compared at every look: the ratio of rates from the split of all events
// between the arms, the difference of rates from each arm's own count.
//
// The split needs no model of the rate over time: load swings common to both arms cancel. The
// difference does not have that luxury, since a difference of 0.1 % means something else at every
// base rate; it assumes that each arm's rate is constant over the window.
#pragma once

namespace haldane::analysis {

/// Events and exposure of one arm; `events` may be fractional (divided by a dispersion).
struct RateArm {
  double events = 0;
  double exposure = 0;
};

enum class EventLaw { bernoulli, poisson };

/// log e-value against "rate ratio upper / lower <= ratio". **Domain** exposures > 0, ratio > 0.
/// **Source** Lindon & Malek 2022: given an event, its arm is a Bernoulli draw with odds = exposure
/// ratio x rate ratio; Dirichlet (here Beta) prior of concentration 10 around the null, cut at it.
[[nodiscard]] double log_evidence_ratio_above(const RateArm& upper, const RateArm& lower,
                                              double ratio);

/// The least ratio upper / lower that evidence `log_threshold` does not refute. **Returns** 0 where
/// nothing can be excluded.
[[nodiscard]] double least_rate_ratio(const RateArm& upper, const RateArm& lower,
                                      double log_threshold);

/// log e-value against "rate of upper - rate of lower <= difference".
[[nodiscard]] double log_evidence_difference_above(const RateArm& upper, const RateArm& lower,
                                                   double difference, EventLaw law);

/// The least difference upper - lower that evidence `log_threshold` does not refute. **Returns** a
/// number in [-1, 1] for Bernoulli; -inf where nothing can be excluded for Poisson.
[[nodiscard]] double least_rate_difference(const RateArm& upper, const RateArm& lower,
                                           double log_threshold, EventLaw law);

}  // namespace haldane::analysis
