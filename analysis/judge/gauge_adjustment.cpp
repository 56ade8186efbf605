#include "analysis/judge/gauge_adjustment.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <utility>

#include <fmt/format.h>

#include "analysis/compare/mean.h"
#include "analysis/judge/compacted_arms.h"

namespace haldane::analysis {
namespace {

using Series = MeanSeries;  // or times and values

Series in_time_order(const ObservationColumn& column) {
  Series series;
  if (column.times_s.size() != column.values.size()) return series;
  for (std::size_t i = 0; i < column.values.size(); ++i) {
    series.emplace_back(column.times_s[i], column.values[i]);
  }
  std::sort(series.begin(), series.end());
  return series;
}

std::array<Series, 4> series_of(const ColumnPair& values, const ColumnPair& covariates) {
  if (!is_compacted(values) && !is_compacted(covariates)) {
    return {in_time_order(*values.baseline), in_time_order(*values.canary),
            in_time_order(*covariates.baseline), in_time_order(*covariates.canary)};
  }
  if (!has_times(values) || !has_times(covariates)) return {};
  std::vector<MeanSeries> all =
      mean_series({values.baseline, values.canary, covariates.baseline, covariates.canary});
  return {std::move(all[0]), std::move(all[1]), std::move(all[2]), std::move(all[3])};
}

double rows_a_value(const ObservationColumn& column, const Series& series) {
  return observations_in(column) / std::max(1.0, static_cast<double>(series.size()));
}

// What all four have at one time.
AdjustableArms joined(const std::array<Series, 4>& all) {
  AdjustableArms arms;
  arms.values.paired = arms.covariates.paired = true;
  std::array<std::size_t, 4> at{};
  const auto every = [&](const auto& holds) {
    return holds(0) && holds(1) && holds(2) && holds(3);
  };
  while (every([&](std::size_t i) { return at[i] < all[i].size(); })) {
    double latest = all[0][at[0]].first;
    for (std::size_t i = 1; i < 4; ++i) latest = std::max(latest, all[i][at[i]].first);
    if (every([&](std::size_t i) { return all[i][at[i]].first == latest; })) {
      arms.values.baseline.push_back(all[0][at[0]++].second);
      arms.values.canary.push_back(all[1][at[1]++].second);
      arms.covariates.baseline.push_back(all[2][at[2]++].second);
      arms.covariates.canary.push_back(all[3][at[3]++].second);
      continue;
    }
    for (std::size_t i = 0; i < 4; ++i) {
      if (all[i][at[i]].first < latest) ++at[i];
    }
  }
  return arms;
}

std::vector<double> difference(const GaugeArms& arms) {
  std::vector<double> differences(arms.canary.size());
  for (std::size_t i = 0; i < differences.size(); ++i) {
    differences[i] = arms.canary[i] - arms.baseline[i];
  }
  return differences;
}

double mean_covariate(std::span<const AdjustableArms> parts) {
  double sum = 0;
  double count = 0;
  for (const AdjustableArms& part : parts) {
    const double size = static_cast<double>(part.covariates.baseline.size());
    sum += size * mean_of(part.covariates.baseline);
    count += size;
  }
  return sum / count;
}

}  // namespace

std::optional<AdjustableArms> adjustable_arms(const ColumnPair& values,
                                              const std::optional<ColumnPair>& covariates) {
  if (!covariates) return AdjustableArms{gauge_arms(values), {}};
  if (!covariates->baseline || !covariates->canary) return std::nullopt;
  const std::array<Series, 4> series = series_of(values, *covariates);
  AdjustableArms arms = joined(series);
  arms.values.rows_a_value = std::max(
      {1.0, rows_a_value(*values.baseline, series[0]), rows_a_value(*values.canary, series[1])});
  const std::size_t smaller = std::min(series[0].size(), series[1].size());
  const std::size_t matched = arms.values.baseline.size();
  if (matched == 0 || matched * 5 < smaller * 4) return std::nullopt;
  return arms;
}

GaugeAdjustment::GaugeAdjustment(const AdjustableArms& before, Evidence::Scale scale)
    : relative_(scale == Evidence::Scale::relative) {
  const double mean_b = mean_of(before.values.baseline);
  const double mean_c = mean_of(before.values.canary);
  offset_ = relative_ ? mean_c / mean_b : mean_c - mean_b;
  baseline_before_ = mean_c;
  if (!before.covariates.baseline.empty()) fit_theta(before);
  if (obstacle_.empty()) measure_error(before);
}

void GaugeAdjustment::fit_theta(const AdjustableArms& before) {
  covaried_ = true;
  covariate_before_ = mean_of(before.covariates.baseline);
  const double mean_c = mean_of(before.covariates.canary);
  if (!(covariate_before_ > 0) || !(mean_c > 0)) {
    obstacle_ = "the covariate's mean before the release is not above zero";
    return;
  }
  covariate_ratio_ = mean_c / covariate_before_;
  const std::vector<double> x = difference(level_covariates(before.covariates));
  const std::vector<double> y = difference(apply(before, 0));
  double xx = 0;
  double xy = 0;
  for (std::size_t i = 0; i < x.size(); ++i) {  // both means are zero
    xx += x[i] * x[i];
    xy += x[i] * y[i];
  }
  theta_ = xx > 0 ? xy / xx : 0;
}

void GaugeAdjustment::measure_error(const AdjustableArms& before) {
  const GaugeContrast level(apply(before));
  const double n = level.n_effective();
  if (n < gauge_n_effective_min) {
    obstacle_ = fmt::format(
        "effective size {:.3g} before the release is below {:.0f}, so nothing is decided", n,
        gauge_n_effective_min);
    return;
  }
  standard_error_ = level.at(1).standard_error;
  if (!covaried_) return;
  // The slope was fitted to the same values, which costs them one more degree of freedom.
  standard_error_ *= std::sqrt((n - 1) / (n - 2));
  covariate_error_ =
      std::abs(theta_) * GaugeContrast(level_covariates(before.covariates)).at(1).standard_error;
}

GaugeArms GaugeAdjustment::level_covariates(const GaugeArms& covariates) const {
  GaugeArms level = covariates;
  for (double& value : level.baseline) value *= covariate_ratio_;
  return level;
}

GaugeArms GaugeAdjustment::apply(const AdjustableArms& arms, double theta) const {
  GaugeArms adjusted = arms.values;
  for (double& value : adjusted.baseline) value = relative_ ? value * offset_ : value + offset_;
  if (!covaried_) return adjusted;
  const std::vector<double> excess = difference(level_covariates(arms.covariates));
  for (std::size_t i = 0; i < excess.size(); ++i) adjusted.canary[i] -= theta * excess[i];
  return adjusted;
}

GaugeContrast GaugeAdjustment::contrast(std::span<const AdjustableArms> after) const {
  std::vector<GaugeArms> parts;
  for (const AdjustableArms& arms : after) parts.push_back(apply(arms));
  LevelError level;
  level.standard_error = standard_error_;
  if (relative_) level.baseline_mean = baseline_before_;
  level.covariate_error = covariate_error_;
  if (covaried_) level.covariate_growth = mean_covariate(after) / covariate_before_;
  return {parts, level};
}

GaugeContrast GaugeAdjustment::covariate_contrast(std::span<const AdjustableArms> after) const {
  std::vector<GaugeArms> parts;
  for (const AdjustableArms& arms : after) parts.push_back(level_covariates(arms.covariates));
  LevelError level;
  level.standard_error = theta_ == 0 ? 0 : covariate_error_ / std::abs(theta_);
  level.baseline_mean = covariate_ratio_ * covariate_before_;
  return {parts, level};
}

Adjustment GaugeAdjustment::summary(std::span<const AdjustableArms> after) const {
  Adjustment adjustment;
  adjustment.before = relative_ ? offset_ - 1 : offset_;
  if (!covaried_) return adjustment;
  adjustment.theta = theta_;
  std::vector<GaugeArms> with;
  std::vector<GaugeArms> without;
  for (const AdjustableArms& arms : after) {
    with.push_back(apply(arms));
    without.push_back(apply(arms, 0));
  }
  const double error = GaugeContrast(with).at(1).standard_error;
  const double plain = GaugeContrast(without).at(1).standard_error;
  if (std::isfinite(error) && plain > 0 && std::isfinite(plain)) {
    adjustment.variance_reduction = 1 - (error / plain) * (error / plain);
  }
  return adjustment;
}

}  // namespace haldane::analysis
