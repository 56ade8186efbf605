// One metric of the policy: finds its columns, chooses scale and margin, runs the method of its
// kind, and returns one assessment a quantile.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "analysis/ingest/observation_table.h"
#include "analysis/judge/arms.h"
#include "analysis/judge/cut_tables.h"
#include "analysis/judge/effect.h"
#include "analysis/judge/error_allocation.h"
#include "analysis/judge/policy.h"

namespace haldane::analysis {

struct TablePair {
  const ObservationTable& baseline;
  const ObservationTable& canary;
};

/// The columns of a name; null where an arm lacks it.
[[nodiscard]] inline ColumnPair columns_of(const TablePair& tables, std::string_view name) {
  return {tables.baseline.find(name), tables.canary.find(name)};
}

/// What each step of the policy saw: none where it has no steps, empty where the data cannot be
/// cut.
using Steps = std::optional<std::vector<StepTables>>;

struct MetricJudgement {
  std::vector<Assessment> assessments;    ///< never empty
  std::optional<EcdfPair> distributions;  ///< kind samples
  std::vector<std::string> doubts;        ///< what speaks against the baseline as a yardstick
  std::vector<std::string> remarks;       ///< about the data: cells left out, exposure assumed
};

/// `metric`: one of the policy's. `before`: what both arms observed before the release, or null.
[[nodiscard]] MetricJudgement judge_metric(const JudgePolicy& policy, const MetricPolicy& metric,
                                           const ErrorAllocation& allocation,
                                           const TablePair& tables, const Steps& steps,
                                           const TablePair* before);

}  // namespace haldane::analysis
