#include "analysis/judge/error_allocation.h"

#include <algorithm>

namespace haldane::analysis {

int entries_of(const MetricPolicy& metric, Mode mode) {
  if (metric.kind != MetricKind::samples) return 1;
  const bool by_quantile =
      mode == Mode::sequential || !metric.test || *metric.test == FixedTest::quantile;
  return by_quantile ? std::max(1, static_cast<int>(metric.quantiles.size())) : 1;
}

ErrorAllocation::ErrorAllocation(const JudgePolicy& policy)
    : alpha_(policy.alpha), beta_(policy.beta) {
  for (const MetricPolicy& metric : policy.metrics) {
    if (metric.role != Role::informational) entries_ += entries_of(metric, policy.mode);
  }
}

ErrorShare ErrorAllocation::share_of(const MetricPolicy& metric) const {
  const bool both = metric.margin.relative && metric.margin.absolute;
  const double divisor =
      (both ? 2.0 : 1.0) * (metric.role == Role::informational ? 1 : std::max(1, entries_));
  return {alpha_ / divisor, beta_};
}

}  // namespace haldane::analysis
