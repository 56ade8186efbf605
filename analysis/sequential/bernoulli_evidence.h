// Evidence about the chance of an event that stays valid however often it is looked at.
//
// The likelihood ratio of "some other chance" against the null, averaged over a Beta prior around
// the null, is a martingale under the null: it exceeds 1/alpha at any time with probability at most
// alpha (Ville). Cutting the prior at the null makes it one-sided and monotone in the count, so a
// null of the form "at most p" or "at least p" is covered by its boundary.
#pragma once

namespace haldane::analysis {

/// Mixture likelihood ratio for events with chance `null` under the hypothesis.
class BernoulliEvidence {
 public:
  /// Prior Beta(null * concentration, (1 - null) * concentration): it must not depend on the data.
  /// **Domain** 0 < null < 1, concentration > 0.
  BernoulliEvidence(double null, double concentration);
  /// The concentration that makes the evidence strongest at about 16 `strength` units of variance
  /// n p (1 - p); far beyond that the loss is logarithmic. The parametrisation of confseq (its r).
  static BernoulliEvidence with_strength(double null, double strength);

  /// log e-value against "chance <= null". **Domain** 0 <= events <= trials; both may be fractional
  /// (an effective sample size). **Returns** a finite number. **Source** Howard, Ramdas,
  /// McAuliffe, Sekhon 2021, Prop. 7 (beta-binomial mixture), in terms of counts.
  [[nodiscard]] double log_e_greater(double events, double trials) const;
  /// log e-value against "chance >= null".
  [[nodiscard]] double log_e_less(double events, double trials) const;
  /// log e-value against "chance == null" with the whole prior.
  [[nodiscard]] double log_e_either(double events, double trials) const;

 private:
  [[nodiscard]] double log_prior_density() const;  // at the null

  double null_;
  double a_;
  double b_;
  double log_prior_;
  double mass_below_;  ///< of the prior, below the null
};

}  // namespace haldane::analysis
