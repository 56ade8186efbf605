// What Kayenta computes of one arm before it compares: outliers by quartiles, and the five numbers
// of its report.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

namespace haldane::analysis::kayenta {

/// All 0 for no values.
struct ArmStatistics {
  double min = 0;
  double max = 0;
  double mean = 0;
  double std = 0;  ///< with n - 1; 0 for one value
  std::int64_t count = 0;
};

[[nodiscard]] ArmStatistics arm_statistics(std::span<const double> values);

/// The mean with one correcting pass. **Returns** 0 for no values.
[[nodiscard]] double arm_mean(std::span<const double> values);

/// Percentile by linear interpolation (type 7 of R). **Domain** ascending; percent in (0, 100].
/// **Returns** NaN for no values.
[[nodiscard]] double percentile(std::span<const double> sorted, double percent);

/// Outside these, a value counts as an outlier.
struct Fences {
  double low = 0;
  double high = 0;
};

/// Tukey's fences at `factor` interquartile ranges. **Domain** ascending. `widened`: at least as
/// wide as the 1st and the 99th percentile, as the judge uses them.
[[nodiscard]] Fences quartile_fences(std::span<const double> sorted, double factor, bool widened);

/// The mean and `factor` standard deviations (n - 1) to both sides: Kayenta's other detector of
/// outliers, which its judge does not use. **Domain** not empty.
[[nodiscard]] Fences sigma_fences(std::span<const double> values, double factor);

/// Cohen's d: the difference of means over the pooled standard deviation; with the mean ratio and
/// the common language effect Kayenta's third measure, which its judge does not use. **Returns**
/// NaN where nothing varies.
[[nodiscard]] double cohens_d(std::span<const double> experiment, std::span<const double> control);

/// What lies within the widened fences, in the order given.
[[nodiscard]] std::vector<double> without_outliers(const std::vector<double>& values,
                                                   double factor);

}  // namespace haldane::analysis::kayenta
