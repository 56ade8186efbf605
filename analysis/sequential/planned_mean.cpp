#include "analysis/sequential/planned_mean.h"

#include <cmath>
#include <numbers>

#include <boost/math/special_functions/erf.hpp>

namespace haldane::analysis {
namespace {

// What a Brownian motion exceeds by time 1 with this probability, 2 (1 - Phi(c)).
double crossed_with(double probability) {
  return std::numbers::sqrt2 * boost::math::erfc_inv(probability);
}

// Of the variance and of the autocorrelation time of an AR(1) series each estimate has a relative
// variance of about 2 / n; Student's t with v degrees of freedom rests on one of 2 / v.
double degrees_of_freedom(const MeanEstimate& estimate) {
  return 0.5 * estimate.n_effective;
}

// Wallace's approximation, and its inverse.
double student_as_normal(double t, double degrees) {
  const double squared = degrees * std::log1p(t * t / degrees);
  return std::copysign((8 * degrees + 1) / (8 * degrees + 3) * std::sqrt(squared), t);
}
double normal_as_student(double z, double degrees) {
  const double scaled = (8 * degrees + 3) / (8 * degrees + 1) * z;
  return std::sqrt(degrees * std::expm1(scaled * scaled / degrees));
}

}  // namespace

double planned_half_width(const MeanEstimate& estimate, double share, double error) {
  const double deviate = crossed_with(error) / std::sqrt(share);
  return estimate.standard_error * normal_as_student(deviate, degrees_of_freedom(estimate));
}

double log_evidence_planned_above(const MeanEstimate& estimate, double null, double share,
                                  double error) {
  const double distance = (estimate.value - null) / estimate.standard_error;
  const double w = student_as_normal(distance, degrees_of_freedom(estimate)) * std::sqrt(share);
  const double left = crossed_with(error) - w;
  if (left <= 0) return -std::log(error);
  return std::log(std::erfc(left / std::sqrt(2 * (1 - share)))) - std::log(error);
}

}  // namespace haldane::analysis
