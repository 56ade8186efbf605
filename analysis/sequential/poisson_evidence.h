// Evidence about the rate of events per unit of exposure, valid at every look: the counterpart of
// BernoulliEvidence where one unit of exposure may bring more than one event.
#pragma once

namespace haldane::analysis {

/// Mixture likelihood ratio of a Poisson count against rate `null`, prior Gamma(shape, shape/null).
class PoissonEvidence {
 public:
  /// **Domain** null > 0, shape > 0; the shape must not depend on the data.
  PoissonEvidence(double null, double shape);

  /// log e-value against "rate <= null". **Units** exposure in the unit of 1/null. **Domain**
  /// events >= 0, exposure >= 0; both may be fractional. **Source** gamma-Poisson mixture, Howard
  /// et al. 2021, Prop. 8, cut at the null.
  [[nodiscard]] double log_e_greater(double events, double exposure) const;
  /// log e-value against "rate >= null".
  [[nodiscard]] double log_e_less(double events, double exposure) const;

 private:
  [[nodiscard]] double log_e_either(double events, double exposure) const;
  [[nodiscard]] double log_prior_density() const;

  double null_;
  double shape_;
  double mass_below_;  ///< of the prior, below the null
};

}  // namespace haldane::analysis
