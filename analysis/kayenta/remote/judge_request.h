// Answers a remote-judge request: Kayenta's result by Kayenta's rule, and beside each metric what
// our own judge decides on the same data and why that differs.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "analysis/judge/verdict.h"
#include "analysis/kayenta/classify.h"
#include "analysis/kayenta/remote/request.h"
#include "analysis/kayenta/score.h"

namespace haldane::analysis::kayenta {

/// Our judge on one metric alone, as the only and critical one.
struct OwnDecision {
  Decision decision = Decision::inconclusive;
  std::optional<Evidence> evidence;
  bool differs = false;            ///< Pass is not promote, High and Low are not rollback, ...
  std::string why;                 ///< one sentence or two with numbers
  std::vector<std::string> notes;  ///< what was taken for granted
};

struct MetricAnswer {
  Classified classified;
  OwnDecision own;
};

struct JudgeAnswer {
  std::vector<MetricAnswer> metrics;  ///< in the order of the request's pairs
  Score score;
  std::vector<std::string>
      remarks;  ///< about the request: misordered thresholds, lost weights, ...
};

/// **Cost** one sort an arm and metric for each judge. **Determinism** pure.
[[nodiscard]] JudgeAnswer judge_request(const JudgeRequest& request);

/// Our judge on one pair: a gauge paired by time, with the configured effect size as its margin, or
/// the default one of gauges. **Returns** `why` empty; `differs` false.
[[nodiscard]] OwnDecision own_decision(const MetricConfig& config, const MetricPair& pair);

/// The CanaryJudgeResult as text, with the additional member `haldane`. Absent reasons and metadata
/// are left out and NaN is "NaN", as Kayenta writes them.
[[nodiscard]] std::string judge_result_json(const JudgeRequest& request, const JudgeAnswer& answer);

}  // namespace haldane::analysis::kayenta
