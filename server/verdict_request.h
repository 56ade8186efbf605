// The body of POST /verdict as a value: a policy and the measurements of both arms.
#pragma once

#include <optional>
#include <string>

#include "analysis/ingest/observation_table.h"
#include "analysis/judge/policy.h"
#include "sim/base/diagnostics.h"

namespace haldane::server {

struct VerdictRequest {
  std::optional<analysis::JudgePolicy> policy;  ///< empty = infer one
  analysis::ObservationTable baseline;
  analysis::ObservationTable canary;
  bool full = false;  ///< the whole verdict instead of the short answer
};

/// Reads `{"policy"?, "baseline", "canary", "answer"?}`: a policy is YAML text or the same as JSON;
/// an arm is text of any format that `haldane judge` reads, or `{"text", "format"?, "name"?}`; the
/// answer is "short" (default) or "full". **Errors** SRV-001 to 003 as config::parse_json; SRV-101
/// missing, SRV-102 another type, SRV-104 an unknown member, SRV-105 no such word; and those of the
/// policy (POL-...) and the arms (CSV-..., IN-...), all at once, their paths below "policy",
/// "baseline" and "canary". **Cost** the text, its document and the numbers at once.
[[nodiscard]] Parsed<VerdictRequest> read_verdict_request(const std::string& body);

}  // namespace haldane::server
