// How alpha and beta are shared: alpha over everything that can roll back, beta to each critical
// metric whole (to promote, all of them must be shown inside, and the weakest link bounds the
// error: an intersection-union test).
#pragma once

#include "analysis/judge/effect.h"
#include "analysis/judge/policy.h"

namespace haldane::analysis {

/// What each metric may spend of both. **Cost** O(metrics) to build.
class ErrorAllocation {
 public:
  explicit ErrorAllocation(const JudgePolicy& policy);

  /// The share of each entry (metric or metric at a quantile) of that metric. Informational metrics
  /// report at an unshared alpha, since they decide nothing. A metric with both margins may be
  /// tested against either, so its share is halved.
  [[nodiscard]] ErrorShare share_of(const MetricPolicy& metric) const;

 private:
  double alpha_;
  double beta_;
  int entries_ = 0;
};

/// Entries that a metric gives in the evidence: its quantiles, or one.
[[nodiscard]] int entries_of(const MetricPolicy& metric, Mode mode);

}  // namespace haldane::analysis
