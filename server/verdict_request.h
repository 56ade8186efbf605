// The body of POST /verdict as a value: a policy and the measurements of both arms.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "analysis/ingest/observation_table.h"
#include "analysis/judge/policy.h"
#include "sim/base/diagnostics.h"

namespace haldane::server {

struct VerdictRequest {
  std::optional<analysis::JudgePolicy> policy;  ///< empty = infer one
  analysis::ObservationTable baseline;
  analysis::ObservationTable canary;
  std::string baseline_query;  ///< PromQL that fills the table (live_arms.h); empty = it is there
  std::string canary_query;
  double since_s = 3600;  ///< of queries: how far back the canary may have begun
  double step_s = 15;
  bool full = false;                  ///< the whole verdict instead of the short answer
  std::vector<std::string> warnings;  ///< of the arms
};

/// Prometheus gives at most this many points of a series in one answer.
inline constexpr double range_points_max = 11'000;

/// Reads `{"policy"?, "baseline", "canary", "since"?, "step"?, "answer"?}`: a policy is YAML text
/// or the same as JSON; an arm is text of any format that `haldane judge` reads, `{"text",
/// "format"?, "name"?}` or `{"query"}`; since and step are durations; the answer is "short"
/// (default) or "full". **Errors** SRV-001 to 003 as config::parse_json; SRV-101 missing, SRV-102
/// another type, SRV-104 an unknown member, SRV-105 no such word, SRV-106 no such duration; and
/// those of the policy (POL-...) and the arms (CSV-..., IN-...), all at once, their paths below
/// "policy", "baseline" and "canary". **Cost** the text, its document and the numbers at once.
[[nodiscard]] Parsed<VerdictRequest> read_verdict_request(const std::string& body);

}  // namespace haldane::server
