#include "analysis/judge/default_margins.h"

#include <fmt/format.h>

namespace haldane::analysis {

Margin default_margin(MetricKind kind, bool has_exposure) {
  switch (kind) {
    case MetricKind::samples:
      return {0.05, std::nullopt};
    case MetricKind::ratio:
      return {std::nullopt, 0.001};
    case MetricKind::count:
      // Events a row have no natural unit, so only a change in proportion can be guessed.
      return has_exposure ? Margin{std::nullopt, 0.0001} : Margin{0.5, std::nullopt};
    case MetricKind::gauge:
      return {0.5, std::nullopt};
  }
  return {};
}

JudgePolicy with_margins(JudgePolicy policy, std::vector<std::string>& remarks) {
  for (MetricPolicy& metric : policy.metrics) {
    if (metric.margin.relative || metric.margin.absolute) continue;
    metric.margin = default_margin(metric.kind, !metric.exposure.empty());
    const bool relative = metric.margin.relative.has_value();
    remarks.push_back(
        fmt::format("{}: no margin is given, so {:g} % {} is assumed", metric.name,
                    100 * (relative ? *metric.margin.relative : *metric.margin.absolute),
                    relative ? "of the baseline" : "in absolute terms"));
  }
  return policy;
}

}  // namespace haldane::analysis
