#include "cli/simulate/objectives.h"

#include <algorithm>

#include "models/spec/relation.h"

namespace haldane::cli {
std::vector<analysis::ObjectiveResult> check_objectives(
    const std::vector<models::ObjectiveSpec>& objectives,
    const std::vector<analysis::MetricEstimate>& metrics) {
  std::vector<analysis::ObjectiveResult> results;
  for (const models::ObjectiveSpec& objective : objectives) {
    analysis::ObjectiveResult result;
    result.expr = objective.expr;
    const auto metric = std::find_if(metrics.begin(), metrics.end(), [&](const auto& candidate) {
      return candidate.name == objective.metric;
    });
    if (metric != metrics.end() && metric->value) {
      result.value = metric->value;
      result.ci_low = metric->ci_low;
      result.ci_high = metric->ci_high;
      result.met = models::holds(*metric->value, objective.relation, objective.bound);
    }
    results.push_back(std::move(result));
  }
  return results;
}

bool any_missed(const std::vector<analysis::ObjectiveResult>& results) {
  return std::any_of(results.begin(), results.end(),
                     [](const analysis::ObjectiveResult& result) { return result.met == false; });
}

}  // namespace haldane::cli
