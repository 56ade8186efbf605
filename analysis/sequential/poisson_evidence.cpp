#include "analysis/sequential/poisson_evidence.h"

#include <cmath>

#include <boost/math/special_functions/gamma.hpp>

#include "analysis/sequential/log_gamma.h"

namespace haldane::analysis {
namespace {

using Policy = boost::math::policies::policy<boost::math::policies::promote_double<false>>;

// As in bernoulli_evidence.cpp: beyond this only the edge of the cut prior counts.
constexpr double smallest_mass = 1e-290;

}  // namespace

PoissonEvidence::PoissonEvidence(double null, double shape)
    : null_(null), shape_(shape), mass_below_(boost::math::gamma_p(shape, shape, Policy{})) {}

double PoissonEvidence::log_e_either(double events, double exposure) const {
  // Everything in units of 1/null, so that the scale of the exposure cancels exactly.
  const double expected = null_ * exposure;
  return log_gamma(shape_ + events) - log_gamma(shape_) + shape_ * std::log(shape_) -
         (shape_ + events) * std::log(shape_ + expected) + expected;
}

double PoissonEvidence::log_e_greater(double events, double exposure) const {
  const double a = shape_ + events;
  const double b = shape_ + null_ * exposure;
  const double mass = boost::math::gamma_q(a, b, Policy{});
  if (mass > smallest_mass) {
    return log_e_either(events, exposure) + std::log(mass) - std::log1p(-mass_below_);
  }
  return log_prior_density() - std::log(b - (a - 1)) - std::log1p(-mass_below_);
}

double PoissonEvidence::log_e_less(double events, double exposure) const {
  const double a = shape_ + events;
  const double b = shape_ + null_ * exposure;
  const double mass = boost::math::gamma_p(a, b, Policy{});
  if (mass > smallest_mass) {
    return log_e_either(events, exposure) + std::log(mass) - std::log(mass_below_);
  }
  return log_prior_density() - std::log((a - 1) - b) - std::log(mass_below_);
}

// Of rate / null, at one.
double PoissonEvidence::log_prior_density() const {
  return shape_ * std::log(shape_) - shape_ - log_gamma(shape_);
}

}  // namespace haldane::analysis
