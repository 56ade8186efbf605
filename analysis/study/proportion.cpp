#include "analysis/study/proportion.h"

#include <boost/math/distributions/binomial.hpp>

namespace haldane::analysis {

ShareInterval share_interval(const CountedShare& counted, double confidence) {
  using Binomial = boost::math::binomial_distribution<>;
  if (counted.runs <= 0) return {};
  const auto runs = static_cast<double>(counted.runs);
  const auto count = static_cast<double>(counted.count);
  const double side = (1 - confidence) / 2;
  ShareInterval interval;
  if (counted.count > 0) interval.low = Binomial::find_lower_bound_on_p(runs, count, side);
  if (counted.count < counted.runs)
    interval.high = Binomial::find_upper_bound_on_p(runs, count, side);
  return interval;
}

}  // namespace haldane::analysis
