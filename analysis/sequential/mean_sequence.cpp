#include "analysis/sequential/mean_sequence.h"

#include <cmath>
#include <limits>

namespace haldane::analysis {
namespace {

// rho^2 of the normal mixture that is tightest at n = 200 for a one-sided error of 1 %; fixed,
// since a choice that looked at the data would void the guarantee.
constexpr double tuned_size = 200;
const double rho_squared = [] {
  const double log_term = -2 * std::log(0.02);
  return (log_term + std::log(log_term + 1)) / tuned_size;
}();

}  // namespace

double half_width(const MeanEstimate& estimate, double log_threshold) {
  const double n = estimate.n_effective;
  const double mixing = n * rho_squared + 1;
  const double penalty = std::log1p(0.5 * std::sqrt(mixing) * std::exp(log_threshold));
  return estimate.standard_error * std::sqrt(2 * mixing / (n * rho_squared) * penalty);
}

double log_evidence_mean_above(const MeanEstimate& estimate, double null) {
  const double distance = (estimate.value - null) / estimate.standard_error;
  if (!(distance > 0)) return -std::numeric_limits<double>::infinity();
  const double n = estimate.n_effective;
  const double mixing = n * rho_squared + 1;
  const double exponent = distance * distance * n * rho_squared / (2 * mixing);
  // log(exp(t) - 1) without overflow.
  const double log_expm1 = exponent > 30 ? exponent : std::log(std::expm1(exponent));
  return std::log(2.0) + log_expm1 - 0.5 * std::log(mixing);
}

}  // namespace haldane::analysis
