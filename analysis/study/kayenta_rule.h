// The release of a policy as Kayenta would judge it: each entry of the policy a metric with one
// value a step, as its queries give them, and the class, score and label of NetflixACAJudge-v1.0.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "analysis/ingest/observation_table.h"
#include "analysis/judge/policy.h"
#include "analysis/judge/verdict.h"

namespace haldane::analysis {

/// Both arms' values of one metric, a value a step.
struct KayentaSeries {
  std::string name;
  Worse worse = Worse::higher;
  bool critical = false;
  std::optional<double> relative_margin;
  std::vector<double> control;
  std::vector<double> experiment;
};

/// The steps that end within [begin_s, end_s]. **Domain** step_s > 0.
struct StepSpan {
  double begin_s = 0;
  double end_s = 0;
  double step_s = 60;
};

/// Samples become a metric for each quantile, ratios and counts the rate by exposure, gauges the
/// mean of each step. Informational metrics are left out (Kayenta would mute them), steps without a
/// value are NaN. **Domain** raw columns with times.
[[nodiscard]] std::vector<KayentaSeries> kayenta_series(const JudgePolicy& policy,
                                                        const ObservationTable& baseline,
                                                        const ObservationTable& canary,
                                                        const StepSpan& span);

/// Effect sizes that Kayenta is given: none, or 1 + the relative margin where there is one.
enum class KayentaLimits : std::uint8_t { defaults, margins };

/// The thresholds of Spinnaker's documentation: Pass from 95, Marginal from 75.
inline constexpr double kayenta_pass = 95;
inline constexpr double kayenta_marginal = 75;

/// **Returns** promote for Pass, rollback for Fail, inconclusive for Marginal and where there is
/// no complete step.
[[nodiscard]] Decision kayenta_decision(const std::vector<KayentaSeries>& series,
                                        KayentaLimits limits);

}  // namespace haldane::analysis
