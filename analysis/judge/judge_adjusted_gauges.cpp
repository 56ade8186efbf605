// Gauges that are measured from how the arms stood before the release.
#include <cmath>
#include <span>
#include <utility>

#include <fmt/format.h>

#include "analysis/compare/mean.h"
#include "analysis/judge/fixed_effects.h"
#include "analysis/judge/gauge_adjustment.h"
#include "analysis/judge/metric_kinds.h"
#include "analysis/judge/planned_end.h"
#include "analysis/judge/sequential_effects.h"

namespace haldane::analysis {
namespace {

std::optional<ColumnPair> covariates_in(const TablePair& tables, const MetricPolicy& metric) {
  if (metric.covariate.empty()) return std::nullopt;
  return columns_of(tables, metric.covariate);
}

// The arms before the release; nothing, and why, where they are not known.
std::optional<AdjustableArms> arms_before(const MetricCase& judged, std::string& obstacle) {
  if (judged.before() == nullptr) {
    obstacle = "not every value has its time, so nothing is known of the time before the release";
    return std::nullopt;
  }
  const ColumnPair columns = columns_of(*judged.before(), judged.metric().name);
  if (!has_observations(columns)) {
    obstacle = "an arm has no data before the release";
    return std::nullopt;
  }
  auto arms = adjustable_arms(columns, covariates_in(*judged.before(), judged.metric()));
  if (!arms) obstacle = "the covariate has no values at the metric's times before the release";
  return arms;
}

// The parts of the release, until a planned end where one is given; fewer than there are where the
// covariate lacks values in one.
std::vector<AdjustableArms> arms_after(const MetricCase& judged, PlannedEnd* end) {
  const std::string& covariate = judged.metric().covariate;
  std::vector<ColumnPair> columns = judged.column_parts();
  std::vector<ColumnPair> covariates =
      covariate.empty() ? std::vector<ColumnPair>{} : judged.column_parts(covariate);
  if (end) {
    columns = end->until(std::move(columns));
    covariates = end->until(std::move(covariates));
  }
  std::vector<AdjustableArms> parts;
  for (std::size_t i = 0; i < columns.size(); ++i) {
    if (!has_observations(columns[i])) continue;
    const auto beside = covariate.empty() ? std::nullopt : std::optional(covariates[i]);
    auto arms = adjustable_arms(columns[i], beside);
    if (arms) parts.push_back(std::move(*arms));
  }
  return parts;
}

// A release that moves its covariate hides behind it what it does, or is blamed for it.
bool covariate_moved(const GaugeContrast& covariates, const ErrorShare& share) {
  const Effect effect = sequential_gauge(covariates, Evidence::Scale::relative);
  const double level = std::log(2 / share.rollback);
  return effect.obstacle.empty() &&
         (effect.log_e_above(0) >= level || effect.log_e_below(0) >= level);
}

Effect adjusted_effect(const GaugeAdjustment& adjustment, std::span<const AdjustableArms> after,
                       MetricCase& judged, Evidence::Scale scale) {
  if (!adjustment.obstacle().empty()) return impossible(adjustment.obstacle());
  const bool covaried = !judged.metric().covariate.empty();
  if (covaried && covariate_moved(adjustment.covariate_contrast(after), judged.share())) {
    return impossible(
        fmt::format("its covariate {} changed with the release, so it explains nothing",
                    judged.metric().covariate));
  }
  GaugeContrast contrast = adjustment.contrast(after);
  if (judged.mode() == Mode::fixed) return fixed_gauge(std::move(contrast), scale);
  const auto until_end = [&](PlannedEnd& end) -> std::optional<GaugeContrast> {
    std::vector<AdjustableArms> until = arms_after(judged, &end);
    if (until.empty()) return std::nullopt;
    for (AdjustableArms& arms : until) arms.values.noise = planned_noise;
    return adjustment.contrast(until);
  };
  return until_horizon(judged, sequential_gauge(std::move(contrast), scale), scale, until_end);
}

void note(const Adjustment& adjustment, const Evidence& evidence, MetricCase& judged) {
  std::string text = fmt::format(
      "{}: measured from before the release, when the canary stood {} from the baseline",
      evidence.name, format_effect(adjustment.before, evidence.scale));
  if (adjustment.theta) {
    text +=
        fmt::format("; covariate {} with theta {:.3g}", adjustment.covariate, *adjustment.theta);
  }
  if (adjustment.variance_reduction) {
    text += fmt::format(" takes {:.3g} % of the variance", 100 * *adjustment.variance_reduction);
  }
  judged.remark(std::move(text));
}

}  // namespace

void judge_adjusted_gauge(MetricCase& judged, Evidence evidence) {
  std::string obstacle;
  const std::optional<AdjustableArms> before = arms_before(judged, obstacle);
  const std::vector<AdjustableArms> after = arms_after(judged, nullptr);
  if (after.size() < judged.column_parts().size()) {
    obstacle = "the covariate has no values at the metric's times";
  }
  if (!obstacle.empty()) {
    judged.add(std::move(evidence), impossible(std::move(obstacle)), {});
    return;
  }
  const bool positive = *evidence.baseline.value > 0 && mean_of(before->values.baseline) > 0 &&
                        mean_of(before->values.canary) > 0;
  const auto scaled = choose_scale(judged.metric().margin, positive);
  if (!scaled) {
    judged.add(std::move(evidence), impossible(zero_baseline), {});
    return;
  }
  const GaugeAdjustment adjustment(*before, scaled->scale);
  evidence.adjustment = adjustment.summary(after);
  evidence.adjustment->covariate = judged.metric().covariate;
  evidence.scale = scaled->scale;
  note(*evidence.adjustment, evidence, judged);
  judged.add(std::move(evidence), adjusted_effect(adjustment, after, judged, scaled->scale),
             scaled);
}

}  // namespace haldane::analysis
