// The contrast canary - ratio * baseline of two gauges: its mean, standard error and effective size
// for any ratio, from moments computed once.
#pragma once

#include <algorithm>
#include <functional>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "analysis/judge/arms.h"
#include "analysis/sequential/mean_sequence.h"

namespace haldane::analysis {

/// Moments of two bucket series, paired by time where possible so that common swings cancel.
class GaugeMoments {
 public:
  /// **Domain** both series not empty.
  explicit GaugeMoments(const GaugeArms& arms);

  [[nodiscard]] bool paired() const { return paired_; }
  [[nodiscard]] double baseline_mean() const { return mean_b_; }
  [[nodiscard]] double canary_mean() const { return mean_c_; }
  /// Of the pairs, or of the smaller arm; values, and independent ones that are worth as much.
  [[nodiscard]] double size() const { return std::min(n_b_, n_c_); }
  [[nodiscard]] double n_effective() const;
  [[nodiscard]] MeanEstimate at(double ratio) const;

 private:
  bool paired_;
  double rows_a_value_;
  double n_b_, n_c_;
  double mean_b_, mean_c_;
  double var_b_, var_c_, cov_;
  double tau_b_ = 1, tau_c_ = 1;  ///< autocorrelation times; of the pairs in tau_c_ when paired
};

/// Error of the level that the arms are measured from, where that was itself estimated before the
/// release: one draw, which every look shares (docs/statistics/covariates.md).
struct LevelError {
  double standard_error = 0;
  /// Baseline's mean before, where the error grows in proportion with it; empty = it stays.
  std::optional<double> baseline_mean;
  /// Part that comes from a covariate, and how that has grown.
  double covariate_error = 0;
  double covariate_growth = 1;

  /// **Returns** the standard error for arms whose baseline has this mean now.
  [[nodiscard]] double at(double baseline_mean_now) const;
};

/// The same for each step of a canary, joined as means of strata: steps weigh as much as they have
/// values, so a step in which one arm has more of them than the other shifts nothing.
class GaugeContrast {
 public:
  explicit GaugeContrast(const GaugeArms& arms) : GaugeContrast(std::span(&arms, 1)) {}
  /// **Domain** not empty, no series either.
  explicit GaugeContrast(std::span<const GaugeArms> steps);
  GaugeContrast(std::span<const GaugeArms> steps, const LevelError& level) : GaugeContrast(steps) {
    level_ = level;
  }

  [[nodiscard]] double baseline_mean() const { return mean(&GaugeMoments::baseline_mean); }
  [[nodiscard]] double canary_mean() const { return mean(&GaugeMoments::canary_mean); }
  [[nodiscard]] double n_effective() const;
  /// Part of the squared error that more values do not shrink: that of the level.
  [[nodiscard]] double lasting_share() const { return 1 - at(1).n_effective / n_effective(); }
  [[nodiscard]] bool paired() const { return steps_.front().paired(); }
  /// Mean of canary - ratio * baseline. **Returns** an infinite standard error while the effective
  /// size of a step is not above 1.
  [[nodiscard]] MeanEstimate at(double ratio) const;

 private:
  [[nodiscard]] double mean(double (GaugeMoments::*of_step)() const) const;
  [[nodiscard]] MeanEstimate of_steps(double ratio) const;

  std::vector<GaugeMoments> steps_;
  double size_ = 0;
  std::optional<LevelError> level_;
};

/// Half width of a one-sided interval around a mean.
using HalfWidth = std::function<double(const MeanEstimate&)>;

/// Bound of the ratio canary / baseline of means: the last ratio whose contrast is not away from
/// zero (Fieller). **Returns** -inf / +inf where the baseline is not clear of zero.
[[nodiscard]] double ratio_bound(const GaugeContrast& gauges, bool lower,
                                 const HalfWidth& half_width);

/// No gauge decides below this effective size: autocorrelation and scatter cannot be told from
/// fewer observations.
inline constexpr double gauge_n_effective_min = 30;

/// Why these gauges cannot decide yet; empty when they can.
[[nodiscard]] std::string gauge_obstacle(const GaugeContrast& gauges);

}  // namespace haldane::analysis
