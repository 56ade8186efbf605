#include "cli/simulate/slos.h"

#include <utility>

#include <fmt/format.h>

#include "analysis/report/number_format.h"

namespace haldane::cli {
namespace {

void add_alerts(const models::SloSpec& slo, const analysis::BurnOutcome& burn,
                std::vector<analysis::Alert>& alerts) {
  const std::string rule = fmt::format("slo {} burns > {:.3g} x budget over {} and {}", slo.name,
                                       burn.rule.factor, analysis::format_seconds(burn.rule.long_s),
                                       analysis::format_seconds(burn.rule.short_s));
  for (const analysis::BurnFiring& firing : burn.firings)
    alerts.push_back({rule, burn.rule.severity, firing.from_s, firing.to_s});
}

}  // namespace

SloReport check_slos(const models::Scenario& scenario, const analysis::RunEstimator& estimator) {
  SloReport report;
  for (const models::SloSpec& slo : scenario.slos) {
    const auto points = slo.metric.empty() ? estimator.failures("requests.error_ratio")
                                           : estimator.slower_than(slo.metric, slo.limit_ms);
    analysis::SloResult result;
    result.name = slo.name;
    result.good = slo.good;
    result.target = slo.target;
    result.window_s = slo.window.as_seconds();
    result.budget = analysis::spend_budget(points, slo.target, result.window_s);
    for (const analysis::BurnOutcome& burn : result.budget.burns)
      add_alerts(slo, burn, report.alerts);
    report.slos.push_back(std::move(result));
  }
  return report;
}

}  // namespace haldane::cli
