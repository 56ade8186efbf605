#include "analysis/compare/poisson_rates.h"

#include <algorithm>
#include <cmath>
#include <limits>

#include <boost/math/distributions/binomial.hpp>
#include <boost/math/special_functions/beta.hpp>

namespace haldane::analysis {
namespace {

constexpr double infinity = std::numeric_limits<double>::infinity();

double at_most(const boost::math::binomial& law, std::int64_t k) {
  if (k < 0) return 0;
  return static_cast<double>(k) >= law.trials() ? 1 : boost::math::cdf(law, static_cast<double>(k));
}

double at_least(const boost::math::binomial& law, std::int64_t k) {
  if (k <= 0) return 1;
  if (static_cast<double>(k) > law.trials()) return 0;
  return boost::math::cdf(boost::math::complement(law, static_cast<double>(k - 1)));
}

// The first k in [low, high] whose probability is no more than `bound`, where it falls with k;
// high + 1 if there is none.
template <class Density>
std::int64_t first_not_above(const Density& density, double bound, std::int64_t low,
                             std::int64_t high) {
  ++high;
  while (low < high) {
    const std::int64_t middle = low + (high - low) / 2;
    if (density(middle) <= bound) {
      high = middle;
    } else {
      low = middle + 1;
    }
  }
  return low;
}

double two_sided(const boost::math::binomial& law, std::int64_t events, std::int64_t trials) {
  const double mean = law.trials() * law.success_fraction();
  const double seen = static_cast<double>(events);
  if (seen == mean) return 1;
  // Splits equally likely but for rounding count as equally likely.
  const double bound = boost::math::pdf(law, seen) * (1 + 1e-7);
  if (seen < mean) {
    const auto density = [&](std::int64_t k) {
      return boost::math::pdf(law, static_cast<double>(k));
    };
    const auto from = static_cast<std::int64_t>(std::ceil(mean));
    return at_most(law, events) + at_least(law, first_not_above(density, bound, from, trials));
  }
  const auto top = static_cast<std::int64_t>(std::floor(mean));
  const auto mirrored = [&](std::int64_t k) {
    return boost::math::pdf(law, static_cast<double>(top - k));
  };
  const std::int64_t steps = first_not_above(mirrored, bound, 0, top);
  return at_most(law, top - steps) + at_least(law, events);
}

}  // namespace

double binomial_p_value(std::int64_t events, std::int64_t trials, double probability,
                        Alternative alternative) {
  const boost::math::binomial law(static_cast<double>(trials), probability);
  if (alternative == Alternative::less) return at_most(law, events);
  if (alternative == Alternative::greater) return at_least(law, events);
  return std::min(1.0, two_sided(law, events, trials));
}

PoissonRates poisson_rates(const CountArm& x, const CountArm& y, Alternative alternative,
                           double null_ratio, double confidence) {
  const std::int64_t total = x.events + y.events;
  PoissonRates result;
  result.ratio = {std::numeric_limits<double>::quiet_NaN(), 0, infinity};
  if (total == 0) return result;
  const double odds = null_ratio * x.exposure / y.exposure;
  result.p_value = binomial_p_value(x.events, total, odds / (1 + odds), alternative);
  const double alpha = 1 - confidence;
  const double tail = alternative == Alternative::two_sided ? alpha / 2 : alpha;
  const double exposures = y.exposure / x.exposure;
  const double k = static_cast<double>(x.events);
  const double rest = static_cast<double>(y.events);
  result.ratio.estimate = y.events > 0 ? k / rest * exposures : infinity;
  const auto ratio = [exposures](double share) { return share / (1 - share) * exposures; };
  if (alternative != Alternative::less && x.events > 0) {
    result.ratio.low = ratio(boost::math::ibeta_inv(k, rest + 1, tail));
  }
  if (alternative != Alternative::greater && y.events > 0) {
    result.ratio.high = ratio(boost::math::ibetac_inv(k + 1, rest, tail));
  }
  return result;
}

}  // namespace haldane::analysis
