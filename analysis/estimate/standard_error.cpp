#include "analysis/estimate/standard_error.h"

#include <algorithm>
#include <cmath>
#include <numbers>
#include <numeric>
#include <vector>

#include <boost/math/distributions/students_t.hpp>

#include "sim/base/check.h"

namespace haldane::analysis {
namespace {

constexpr std::size_t frequencies_max = 20;  // t(20) is 6 % wider than the normal law
constexpr std::size_t frequencies_min = 8;   // below, the interval grows faster than the bias falls
constexpr double flatness_min = 0.85;        // of the spectrum over the frequencies that are used
constexpr double autocorrelation_max = 0.9;  // what 60 batches can still tell from a trend

constexpr double skew_term_max = 0.06;  // stretches by 1.5; beyond, one burst would decide

double sum_of_squares(std::span<const double> values) {
  double sum = 0;
  for (const double value : values) sum += value * value;
  return sum;
}

double skewness_of(std::span<const double> values) {
  const auto n = static_cast<double>(values.size());
  const double variance = sum_of_squares(values) / n;
  if (!(variance > 0)) return 0;
  double cubes = 0;
  for (const double value : values) cubes += value * value * value;
  return cubes / n / std::pow(variance, 1.5);
}

/// Lag-1 autocorrelation within rows of `length`, its bias of -1/n removed, never negative: a
/// smaller variance than that of independent batches is not believed.
double lag_one_autocorrelation(std::span<const double> values, std::size_t length) {
  const double squares = sum_of_squares(values);
  if (!(squares > 0)) return 0;
  double products = 0;
  for (std::size_t i = 1; i < values.size(); ++i) {
    if (i % length != 0) products += values[i] * values[i - 1];
  }
  const double bias = 1.0 / static_cast<double>(length);
  return std::clamp(products / squares + bias, 0.0, autocorrelation_max);
}

/// Mean over the first frequencies of an AR(1) spectrum, relative to its value at zero.
double spectrum_flatness(double phi, std::size_t frequencies, std::size_t units) {
  double sum = 0;
  for (std::size_t j = 1; j <= frequencies; ++j) {
    const double omega = std::numbers::pi * static_cast<double>(j) / static_cast<double>(units);
    sum += (1 - phi) * (1 - phi) / (1 - 2 * phi * std::cos(omega) + phi * phi);
  }
  return sum / static_cast<double>(frequencies);
}

/// Square of the j-th coefficient of the orthonormal cosine transform.
double cosine_power(std::span<const double> values, std::size_t j) {
  const auto n = static_cast<double>(values.size());
  double coefficient = 0;
  for (std::size_t t = 0; t < values.size(); ++t) {
    const double angle =
        std::numbers::pi * static_cast<double>(j) * (static_cast<double>(t) + 0.5) / n;
    coefficient += values[t] * std::cos(angle);
  }
  return coefficient * coefficient * 2 / n;
}

std::size_t choose_frequencies(double phi, std::size_t units) {
  std::size_t frequencies = std::clamp(units / 3, frequencies_min, frequencies_max);
  while (frequencies > frequencies_min &&
         spectrum_flatness(phi, frequencies, units) < flatness_min) {
    --frequencies;
  }
  return frequencies;
}

/// Each replication's slices less the mean of that slice over the replications.
std::vector<double> contrasts_of(std::span<const double> residuals, std::size_t replications) {
  const std::size_t slices = residuals.size() / replications;
  std::vector<double> contrasts(residuals.begin(), residuals.end());
  for (std::size_t slice = 0; slice < slices; ++slice) {
    double sum = 0;
    for (std::size_t r = 0; r < replications; ++r) sum += residuals[r * slices + slice];
    const double mean = sum / static_cast<double>(replications);
    for (std::size_t r = 0; r < replications; ++r) contrasts[r * slices + slice] -= mean;
  }
  return contrasts;
}

}  // namespace

StandardError replication_error(std::span<const double> residuals) {
  HALDANE_CHECK(residuals.size() >= 2);
  const auto n = static_cast<double>(residuals.size());
  return {std::sqrt(sum_of_squares(residuals) / (n - 1) / n), n - 1, skewness_of(residuals),
          residuals.size()};
}

StandardError batch_error(std::span<const double> residuals) {
  const std::size_t units = residuals.size();
  if (units <= frequencies_min) return replication_error(residuals);
  const double phi = lag_one_autocorrelation(residuals, units);
  const std::size_t frequencies = choose_frequencies(phi, units);
  double power = 0;
  for (std::size_t j = 1; j <= frequencies; ++j) power += cosine_power(residuals, j);
  const double variance =
      power / static_cast<double>(frequencies) / spectrum_flatness(phi, frequencies, units);
  return {std::sqrt(variance / static_cast<double>(units)), static_cast<double>(frequencies),
          skewness_of(residuals), units};
}

StandardError sliced_replication_error(std::span<const double> residuals,
                                       std::size_t replications) {
  HALDANE_CHECK(replications >= 2 && residuals.size() % replications == 0);
  const std::size_t slices = residuals.size() / replications;
  const std::vector<double> contrasts = contrasts_of(residuals, replications);
  const double phi = lag_one_autocorrelation(contrasts, slices);
  const std::size_t frequencies =
      slices <= frequencies_min ? slices - 1 : choose_frequencies(phi, slices);
  double power = 0;
  for (std::size_t r = 0; r < replications; ++r) {
    const auto row = std::span(contrasts).subspan(r * slices, slices);
    const double total = std::accumulate(row.begin(), row.end(), 0.0);
    power += total * total / static_cast<double>(slices);  // frequency zero
    for (std::size_t j = 1; j <= frequencies; ++j) power += cosine_power(row, j);
  }
  // Frequency zero has the full spectrum, the others what the flatness says.
  const double flat = slices <= frequencies_min ? static_cast<double>(frequencies)
                                                : spectrum_flatness(phi, frequencies, slices) *
                                                      static_cast<double>(frequencies);
  const auto contrasts_free = static_cast<double>(replications - 1);
  const double variance = power / (contrasts_free * (1 + flat));
  return {std::sqrt(variance / static_cast<double>(residuals.size())),
          contrasts_free * static_cast<double>(1 + frequencies), skewness_of(residuals),
          residuals.size()};
}

double student_quantile(double confidence, double degrees_of_freedom) {
  const boost::math::students_t law(degrees_of_freedom);
  return boost::math::quantile(law, 0.5 + confidence / 2);
}

ConfidenceBounds student_bounds(double estimate, const StandardError& error, double confidence) {
  const double half =
      error.value > 0 ? student_quantile(confidence, error.degrees_of_freedom) * error.value : 0.0;
  return {estimate - half, estimate + half};
}

ConfidenceBounds skewed_bounds(double estimate, const StandardError& error, double confidence) {
  const double a = std::clamp(error.skewness / (6 * std::sqrt(static_cast<double>(error.units))),
                              -skew_term_max, skew_term_max);
  // The transform loses all digits near a = 0, where it is the identity.
  if (std::abs(a) < 1e-6 || !(error.value > 0)) return student_bounds(estimate, error, confidence);
  const double t = student_quantile(confidence, error.degrees_of_freedom);
  const auto transform = [a](double r) { return (std::cbrt(1 + 6 * a * (r - a)) - 1) / (2 * a); };
  return {estimate - transform(t) * error.value, estimate - transform(-t) * error.value};
}

}  // namespace haldane::analysis
