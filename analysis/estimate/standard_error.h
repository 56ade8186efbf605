// How far a mean may be from the truth: the standard error from independent replications, or from
// the batches of one run, whose means are correlated.
//
// Batch means are usually made independent by long batches, which leaves few of them and a bias of
// first order in the length. Here the batches stay short and the variance of their mean is read
// from the lowest cosine frequencies of the batch series: the bias is of second order, and the
// degrees of freedom are simply the number of frequencies. With all frequencies it is the classical
// formula.
#pragma once

#include <optional>
#include <span>

namespace haldane::analysis {

/// **Units** those of the data; `skewness` is dimensionless, of the mean times sqrt(number of
/// units).
struct StandardError {
  double value = 0;
  double degrees_of_freedom = 1;
  double skewness = 0;    ///< of the units that were averaged
  std::size_t units = 0;  ///< how many
};

/// Two bounds around an estimate; an empty one cannot be given.
struct ConfidenceBounds {
  std::optional<double> low;
  std::optional<double> high;
};

/// Standard error of the mean of independent values that sum to about zero (residuals).
/// **Domain** at least 2. **Source** the classical s / sqrt(n) with n - 1 degrees of freedom.
[[nodiscard]] StandardError replication_error(std::span<const double> residuals);

/// Standard error of the mean of consecutive batches of one run, from their residuals in time
/// order.
/// **Domain** at least 2; below 8 the correlation is not assessed.
/// **Cost** O(n) times at most 20 frequencies.
/// **Source** Lazarus, Lewis, Stock & Watson 2018, "HAR inference: recommendations for practice",
/// equal-weighted cosine estimator; departure: the number of frequencies shrinks, and the remaining
/// bias is divided out, by the spectrum of an AR(1) process with the batches' lag-1 autocorrelation
/// (the role of the final correction in N-Skart, Tafazzoli & Wilson 2011).
[[nodiscard]] StandardError batch_error(std::span<const double> residuals);

/// Standard error of the mean of several replications that are cut at the same times, from the
/// residuals of all slices, replication by replication. What the replications have in common at a
/// time (a surge, a failure of the timeline) is taken out first, so that it does not pass for
/// chance; what is left gives many more degrees of freedom than one value a replication: with two
/// of them t falls from 12.7 to 2.1. **Domain** replications >= 2, a divisor of the number of
/// residuals.
/// **Source** as batch_error, applied to the contrasts between replications.
[[nodiscard]] StandardError sliced_replication_error(std::span<const double> residuals,
                                                     std::size_t replications);

/// Quantile of Student's t that leaves (1 - confidence) / 2 above it.
/// **Domain** confidence in (0, 1), degrees_of_freedom > 0.
[[nodiscard]] double student_quantile(double confidence, double degrees_of_freedom);

/// estimate -+ t times the error; zero error gives the estimate twice.
[[nodiscard]] ConfidenceBounds student_bounds(double estimate, const StandardError& error,
                                              double confidence);

/// The same, stretched to the side to which the units are skewed, so that skewed data are covered
/// equally often on both sides. **Source** Willink 2005, "A confidence interval and test for the
/// mean of an asymmetric distribution", eq. 5 and 6.
[[nodiscard]] ConfidenceBounds skewed_bounds(double estimate, const StandardError& error,
                                             double confidence);

}  // namespace haldane::analysis
