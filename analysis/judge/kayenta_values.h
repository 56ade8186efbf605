// What Kayenta's rule compares of a metric: one plain value a row.
#pragma once

#include <string>
#include <vector>

#include "analysis/ingest/observation_table.h"
#include "analysis/judge/policy.h"

namespace haldane::analysis {

struct KayentaValues {
  std::vector<double> baseline;
  std::vector<double> canary;
  std::string obstacle;  ///< why an arm has none; empty when both have some
};

/// The values of samples and gauges; events over exposure, row by row, of ratios and counts, where
/// rows without exposure are left out. **Returns** an empty arm where a column is missing, holds
/// bins or percentiles, or does not match its exposure row by row.
[[nodiscard]] KayentaValues kayenta_values(const MetricPolicy& metric,
                                           const ObservationTable& baseline,
                                           const ObservationTable& canary);

}  // namespace haldane::analysis
