// Welch's t-test: do two means differ, whatever the variances?
#pragma once

#include <cstddef>
#include <optional>
#include <span>

#include "analysis/compare/alternative.h"

namespace haldane::analysis {

/// Mean and variance of one sample, by Welford's update: no loss where the mean is large.
struct SampleMoments {
  double n = 0;
  double mean = 0;
  double variance = 0;  ///< divisor n - 1; 0 for one value
};

[[nodiscard]] SampleMoments sample_moments(std::span<const double> values);

struct Welch {
  double t = 0;
  double degrees_of_freedom = 0;
  double p_value = 1;
  IntervalEstimate difference;  ///< mean of x - mean of y
};

/// Null: mean(x) - mean(y) = shift. **Domain** 0 < confidence < 1. **Returns** empty with fewer
/// than two values in an arm or no variation at all. **Source** Welch 1947; as R's t.test.
[[nodiscard]] std::optional<Welch> welch(const SampleMoments& x, const SampleMoments& y,
                                         Alternative alternative, double shift, double confidence);

/// t with P(T > t) = probability.
[[nodiscard]] double student_upper_quantile(double probability, double degrees_of_freedom);
/// P(T > t), accurate where it is tiny.
[[nodiscard]] double student_above(double t, double degrees_of_freedom);

}  // namespace haldane::analysis
