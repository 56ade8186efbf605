#include "analysis/compare/welch.h"

#include <algorithm>
#include <cmath>
#include <limits>

#include <boost/math/distributions/students_t.hpp>

namespace haldane::analysis {

SampleMoments sample_moments(std::span<const double> values) {
  SampleMoments moments;
  double squares = 0;
  for (const double value : values) {
    moments.n += 1;
    const double before = value - moments.mean;
    moments.mean += before / moments.n;
    squares += before * (value - moments.mean);
  }
  if (moments.n > 1) moments.variance = squares / (moments.n - 1);
  return moments;
}

double student_upper_quantile(double probability, double degrees_of_freedom) {
  const boost::math::students_t law(degrees_of_freedom);
  return boost::math::quantile(boost::math::complement(law, probability));
}

double student_above(double t, double degrees_of_freedom) {
  const boost::math::students_t law(degrees_of_freedom);
  return boost::math::cdf(boost::math::complement(law, t));
}

namespace {

IntervalEstimate t_interval(double difference, double error, double df, Alternative alternative,
                            double confidence) {
  constexpr double infinity = std::numeric_limits<double>::infinity();
  const double alpha = 1 - confidence;
  const bool both = alternative == Alternative::two_sided;
  const double width = error * student_upper_quantile(both ? alpha / 2 : alpha, df);
  return {difference, alternative == Alternative::less ? -infinity : difference - width,
          alternative == Alternative::greater ? infinity : difference + width};
}

}  // namespace

std::optional<Welch> welch(const SampleMoments& x, const SampleMoments& y, Alternative alternative,
                           double shift, double confidence) {
  if (x.n < 2 || y.n < 2) return std::nullopt;
  const double error_x = x.variance / x.n;
  const double error_y = y.variance / y.n;
  const double error = std::sqrt(error_x + error_y);
  // The same bound as R: below it the variance is rounding of the mean.
  const double rounding =
      10 * std::numeric_limits<double>::epsilon() * std::max(std::abs(x.mean), std::abs(y.mean));
  if (!(error > rounding)) return std::nullopt;
  Welch result;
  result.degrees_of_freedom =
      std::pow(error, 4) / (error_x * error_x / (x.n - 1) + error_y * error_y / (y.n - 1));
  const double difference = x.mean - y.mean;
  result.t = (difference - shift) / error;
  const double df = result.degrees_of_freedom;
  result.p_value = alternative == Alternative::two_sided ? 2 * student_above(std::abs(result.t), df)
                   : alternative == Alternative::greater ? student_above(result.t, df)
                                                         : student_above(-result.t, df);
  result.difference = t_interval(difference, error, df, alternative, confidence);
  return result;
}

}  // namespace haldane::analysis
