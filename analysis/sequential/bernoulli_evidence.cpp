#include "analysis/sequential/bernoulli_evidence.h"

#include <cmath>

#include <boost/math/special_functions/beta.hpp>

#include "analysis/sequential/log_gamma.h"

namespace haldane::analysis {
namespace {

using Policy = boost::math::policies::policy<boost::math::policies::promote_double<false>>;

// Some 37 standard deviations on the wrong side of the null the integral over the cut prior is that
// of its edge: prior density over the slope of the log-likelihood (first term of Laplace's method).
constexpr double smallest_mass = 1e-290;

}  // namespace

BernoulliEvidence::BernoulliEvidence(double null, double concentration)
    : null_(null),
      a_(null * concentration),
      b_((1 - null) * concentration),
      log_prior_(log_beta(a_, b_)),
      mass_below_(boost::math::ibeta(a_, b_, null, Policy{})) {}

BernoulliEvidence BernoulliEvidence::with_strength(double null, double strength) {
  return {null, strength / (null * (1 - null))};
}

double BernoulliEvidence::log_e_either(double events, double trials) const {
  return log_beta(a_ + events, b_ + trials - events) - log_prior_ - events * std::log(null_) -
         (trials - events) * std::log1p(-null_);
}

double BernoulliEvidence::log_e_greater(double events, double trials) const {
  const double a = a_ + events;
  const double b = b_ + trials - events;
  const double mass = boost::math::ibetac(a, b, null_, Policy{});
  if (mass > smallest_mass)
    return log_e_either(events, trials) + std::log(mass) - std::log1p(-mass_below_);
  const double fall = (b - 1) / (1 - null_) - (a - 1) / null_;
  return log_prior_density() - std::log(fall) - std::log1p(-mass_below_);
}

double BernoulliEvidence::log_e_less(double events, double trials) const {
  const double a = a_ + events;
  const double b = b_ + trials - events;
  const double mass = boost::math::ibeta(a, b, null_, Policy{});
  if (mass > smallest_mass)
    return log_e_either(events, trials) + std::log(mass) - std::log(mass_below_);
  const double rise = (a - 1) / null_ - (b - 1) / (1 - null_);
  return log_prior_density() - std::log(rise) - std::log(mass_below_);
}

double BernoulliEvidence::log_prior_density() const {
  return (a_ - 1) * std::log(null_) + (b_ - 1) * std::log1p(-null_) - log_prior_;
}

}  // namespace haldane::analysis
