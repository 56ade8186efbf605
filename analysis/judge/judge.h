// The judge: two tables of observations and a policy in, one verdict with its evidence out.
//
// It is a pure function: nothing is remembered between looks, because in `sequential` mode every
// number it compares with a margin is valid at all looks at once (docs/statistics/).
#pragma once

#include <string>
#include <vector>

#include "analysis/ingest/observation_table.h"
#include "analysis/judge/policy.h"
#include "analysis/judge/verdict.h"

namespace haldane::analysis {

/// Judges a canary. **Domain** any tables: missing columns, no rows and NaN give `inconclusive`,
/// never a pass. **Returns** DESIGN's rules: rollback when a critical or guardrail metric is shown
/// beyond its margin (alpha split over them); promote when every critical metric is shown within
/// (each at beta) and no guardrail is beyond; else inconclusive. Mode kayenta decides by Kayenta's
/// score instead, which also fails a canary for missing data (kayenta_mode.h). **Cost** one sort a
/// column; metrics are judged on up to `threads` threads.
/// **Determinism** pure; neither the order of rows nor `threads` matters.
[[nodiscard]] Verdict judge(const JudgePolicy& policy, const ObservationTable& baseline,
                            const ObservationTable& canary, unsigned threads = 1);

/// A policy guessed from names and contents of the columns, and the guesses in words.
struct InferredPolicy {
  JudgePolicy policy;
  std::vector<std::string> assumptions;
};

/// Used when no policy is given. **Returns** a policy without metrics when the tables share no
/// column. Judge the tables with `policy` and add `assumptions` to the verdict.
[[nodiscard]] InferredPolicy infer_policy(const ObservationTable& baseline,
                                          const ObservationTable& canary);

/// Infers, judges and records the assumptions in the verdict.
[[nodiscard]] Verdict judge_without_policy(const ObservationTable& baseline,
                                           const ObservationTable& canary, unsigned threads = 1);

}  // namespace haldane::analysis
