#include "analysis/judge/gauge_contrast.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <span>

#include <fmt/format.h>

#include "analysis/compare/mean.h"

namespace haldane::analysis {
namespace {

double moment(std::span<const double> a, double mean_a, std::span<const double> b, double mean_b) {
  double sum = 0;
  for (std::size_t i = 0; i < a.size(); ++i) sum += (a[i] - mean_a) * (b[i] - mean_b);
  return sum / static_cast<double>(a.size());
}

constexpr double size_of_tightest_bounds = 200;  // mean_sequence.cpp

// Square of the standard error of a mean of n values with autocorrelation time tau. The sample
// variance of a correlated series is too small by the factor 1 - tau / n.
double squared_error(double variance, double n, double tau) {
  return n > tau ? variance * tau / (n - tau) : std::numeric_limits<double>::infinity();
}

}  // namespace

GaugeMoments::GaugeMoments(const GaugeArms& arms)
    : paired_(arms.paired),
      rows_a_value_(arms.rows_a_value),
      n_b_(static_cast<double>(arms.baseline.size())),
      n_c_(static_cast<double>(arms.canary.size())),
      mean_b_(mean_of(arms.baseline)),
      mean_c_(mean_of(arms.canary)),
      var_b_(moment(arms.baseline, mean_b_, arms.baseline, mean_b_)),
      var_c_(moment(arms.canary, mean_c_, arms.canary, mean_c_)),
      cov_(paired_ ? moment(arms.baseline, mean_b_, arms.canary, mean_c_) : 0) {
  if (!paired_) {
    tau_b_ = autocorrelation_time(arms.baseline, arms.noise);
    tau_c_ = autocorrelation_time(arms.canary, arms.noise);
    return;
  }
  const double ratio = mean_b_ == 0 ? 1 : mean_c_ / mean_b_;
  std::vector<double> contrast(arms.canary.size());
  for (std::size_t i = 0; i < contrast.size(); ++i) {
    contrast[i] = arms.canary[i] - ratio * arms.baseline[i];
  }
  tau_c_ = autocorrelation_time(contrast, arms.noise);
}

double GaugeMoments::n_effective() const {
  return paired_ ? n_c_ / tau_c_ : std::min(n_b_ / tau_b_, n_c_ / tau_c_);
}

MeanEstimate GaugeMoments::at(double ratio) const {
  MeanEstimate estimate;
  estimate.value = mean_c_ - ratio * mean_b_;
  // Rows within a slice may be independent, and the bounds widen with the size beyond that one.
  estimate.n_effective = n_effective();
  if (estimate.n_effective > size_of_tightest_bounds) estimate.n_effective *= rows_a_value_;
  const double squared =
      paired_ ? squared_error(std::max(0.0, var_c_ - 2 * ratio * cov_ + ratio * ratio * var_b_),
                              n_c_, tau_c_)
              : squared_error(var_c_, n_c_, tau_c_) +
                    ratio * ratio * squared_error(var_b_, n_b_, tau_b_);
  estimate.standard_error = std::sqrt(squared);
  return estimate;
}

GaugeContrast::GaugeContrast(std::span<const GaugeArms> steps) {
  for (const GaugeArms& arms : steps) {
    steps_.emplace_back(arms);
    size_ += steps_.back().size();
  }
}

double GaugeContrast::mean(double (GaugeMoments::*of_step)() const) const {
  double sum = 0;
  for (const GaugeMoments& step : steps_) sum += step.size() / size_ * (step.*of_step)();
  return sum;
}

double GaugeContrast::n_effective() const {
  double sum = 0;
  for (const GaugeMoments& step : steps_) sum += step.n_effective();
  return sum;
}

MeanEstimate GaugeContrast::of_steps(double ratio) const {
  if (steps_.size() == 1) return steps_.front().at(ratio);
  MeanEstimate joined;
  double squared = 0;
  for (const GaugeMoments& step : steps_) {
    const MeanEstimate estimate = step.at(ratio);
    const double weight = step.size() / size_;
    joined.value += weight * estimate.value;
    squared += weight * weight * estimate.standard_error * estimate.standard_error;
    joined.n_effective += estimate.n_effective;
  }
  joined.standard_error = std::sqrt(squared);
  return joined;
}

double LevelError::at(double baseline_mean_now) const {
  const double growth = baseline_mean ? baseline_mean_now / *baseline_mean : 1;
  // Where covariate and gauge grew alike their errors cancel as they did before.
  return std::abs(growth) * standard_error + std::abs(growth - covariate_growth) * covariate_error;
}

MeanEstimate GaugeContrast::at(double ratio) const {
  MeanEstimate estimate = of_steps(ratio);
  if (!level_ || !std::isfinite(estimate.standard_error)) return estimate;
  const double error = level_->at(ratio * baseline_mean());
  const double squared = estimate.standard_error * estimate.standard_error;
  // The size of a mean with that error: what the mixture over its looks has to know.
  estimate.n_effective *= squared > 0 ? squared / (squared + error * error) : 0;
  estimate.standard_error = std::sqrt(squared + error * error);
  return estimate;
}

double ratio_bound(const GaugeContrast& gauges, bool lower, const HalfWidth& half_width) {
  constexpr double infinity = std::numeric_limits<double>::infinity();
  const double centre = gauges.canary_mean() / gauges.baseline_mean();
  const auto refuted = [&](double ratio) {
    const MeanEstimate estimate = gauges.at(ratio);
    return std::abs(estimate.value) > half_width(estimate);
  };
  double step = std::max(1.0, std::abs(centre));
  double outside = lower ? centre - step : centre + step;
  for (int i = 0; i < 60 && !refuted(outside); ++i) {
    step *= 2;
    outside = lower ? centre - step : centre + step;
  }
  if (!refuted(outside)) return lower ? -infinity : infinity;
  double inside = centre;
  for (int i = 0; i < 60; ++i) {
    const double middle = 0.5 * (inside + outside);
    (refuted(middle) ? outside : inside) = middle;
  }
  return inside;
}

std::string gauge_obstacle(const GaugeContrast& gauges) {
  if (gauges.n_effective() < gauge_n_effective_min) {
    return fmt::format("effective size {:.3g} is below {:.0f}, so nothing is decided",
                       gauges.n_effective(), gauge_n_effective_min);
  }
  if (!(gauges.at(1).standard_error > 0)) {
    return "the values do not vary, so their error cannot be estimated";
  }
  return {};
}

}  // namespace haldane::analysis
