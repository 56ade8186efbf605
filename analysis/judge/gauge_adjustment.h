// Gauges measured from how the arms stood before the release: the canary's standing offset is taken
// off, and what a covariate explains of the scatter (control variate, CUPED).
#pragma once

#include <optional>
#include <span>
#include <string>
#include <vector>

#include "analysis/judge/arms.h"
#include "analysis/judge/gauge_contrast.h"
#include "analysis/judge/verdict.h"

namespace haldane::analysis {

/// A gauge and its covariate at the same times; without one `covariates` is empty.
struct AdjustableArms {
  GaugeArms values;
  GaugeArms covariates;
};

/// **Returns** values without covariates where `covariates` is empty; else what all four columns
/// have at one time, or nothing when that is less than four fifths of the metric's smaller arm.
[[nodiscard]] std::optional<AdjustableArms> adjustable_arms(
    const ColumnPair& values, const std::optional<ColumnPair>& covariates);

/// What the time before the release says. **Source** Deng, Xu, Kohavi, Walker 2013, sec. 3 (theta
/// of a control variate); the arms' own difference has theta = 1, so that no standing offset, be it
/// chance or slow hosts, is blamed on the release (difference in differences).
class GaugeAdjustment {
 public:
  /// **Domain** neither series empty; relative only for positive means.
  GaugeAdjustment(const AdjustableArms& before, Evidence::Scale scale);

  /// Why nothing can be measured from it; empty when it can.
  [[nodiscard]] const std::string& obstacle() const { return obstacle_; }
  /// The canary without what its covariate explains, beside a baseline moved to where the canary
  /// stood before.
  [[nodiscard]] GaugeArms apply(const AdjustableArms& arms) const { return apply(arms, theta_); }
  /// The contrast of what came after, with the error of the level before.
  [[nodiscard]] GaugeContrast contrast(std::span<const AdjustableArms> after) const;
  /// The covariate of the canary beside that of the baseline, by what it was before. **Domain**
  /// with a covariate.
  [[nodiscard]] GaugeContrast covariate_contrast(std::span<const AdjustableArms> after) const;

  [[nodiscard]] Adjustment summary(std::span<const AdjustableArms> after) const;

 private:
  [[nodiscard]] GaugeArms apply(const AdjustableArms& arms, double theta) const;
  [[nodiscard]] GaugeArms level_covariates(const GaugeArms& covariates) const;
  void fit_theta(const AdjustableArms& before);
  void measure_error(const AdjustableArms& before);

  bool relative_;
  double offset_;  ///< factor or difference from the baseline to the canary
  bool covaried_ = false;
  double theta_ = 0;
  double covariate_ratio_ = 1;  ///< canary / baseline of the covariate's means
  double covariate_before_ = 0;
  double baseline_before_ = 0;  ///< after it was moved
  double standard_error_ = 0;
  double covariate_error_ = 0;
  std::string obstacle_;
};

}  // namespace haldane::analysis
