#include "cli/simulate/alerts.h"

#include <algorithm>
#include <optional>

#include <fmt/format.h>

#include "analysis/estimate/alerts.h"
#include "models/spec/relation.h"

namespace haldane::cli {
namespace {

using analysis::Curve;
using analysis::Firing;

// A canary of 5 % has a twentieth of the rate: what grows with traffic is compared by share.
double exposure_ratio(const Curve& curve, const models::CanarySpec& canary) {
  return curve.grows_with_traffic ? (1 - canary.share) / canary.share : 1;
}

std::vector<Firing> against_arm(const models::AlertSpec& rule, const models::CanarySpec& canary,
                                const analysis::RunEstimator& estimator, double from_s) {
  const Curve watched = estimator.curve(rule.metric, "canary");
  const Curve baseline = estimator.curve(rule.metric, "baseline");
  const double exposure = exposure_ratio(watched, canary);
  return find_firings(watched, from_s, rule.lasting.as_seconds(), [&](std::size_t i, double value) {
    const std::optional<double>& level = baseline.points[i].value;
    return level && models::holds(value * exposure, rule.relation, rule.bound * *level);
  });
}

std::vector<Firing> against_level(const models::AlertSpec& rule, const Curve& watched, double level,
                                  double from_s) {
  return find_firings(watched, from_s, rule.lasting.as_seconds(), [&](std::size_t, double value) {
    return models::holds(value, rule.relation, level);
  });
}

// Before the first change.
std::optional<double> earlier_level(const models::Scenario& scenario, const Curve& watched,
                                    double from_s) {
  if (scenario.timeline.empty()) return std::nullopt;
  return analysis::mean_between(watched, from_s, scenario.timeline.front().at.as_seconds());
}

std::vector<Firing> firings_of(const models::AlertSpec& rule, const models::Scenario& scenario,
                               const analysis::RunEstimator& estimator, double from_s,
                               std::vector<std::string>& notes) {
  if (rule.of_baseline && scenario.canary) {
    return against_arm(rule, *scenario.canary, estimator, from_s);
  }
  const Curve watched = estimator.curve(rule.metric);
  if (!rule.of_baseline) return against_level(rule, watched, rule.bound, from_s);
  const auto level = earlier_level(scenario, watched, from_s);
  if (level) return against_level(rule, watched, rule.bound * *level, from_s);
  notes.push_back(
      fmt::format("alert \"{}\" was not evaluated: nothing was measured between the warm-up and "
                  "the first event",
                  rule.rule));
  return {};
}

}  // namespace

AlertReport check_alerts(const models::Scenario& scenario,
                         const analysis::RunEstimator& estimator) {
  AlertReport report;
  if (scenario.alerts.empty()) return report;
  const double from_s = estimator.warmup().seconds;
  for (const models::AlertSpec& rule : scenario.alerts) {
    for (const Firing& firing : firings_of(rule, scenario, estimator, from_s, report.notes)) {
      report.alerts.push_back({rule.rule, rule.severity, firing.from_s, firing.to_s});
    }
  }
  std::stable_sort(report.alerts.begin(), report.alerts.end(),
                   [](const auto& a, const auto& b) { return a.from_s < b.from_s; });
  return report;
}

}  // namespace haldane::cli
