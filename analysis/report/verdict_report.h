// What the judge says, for people (text) and for programs (JSON: contract haldane.verdict/1).
#pragma once

#include <string>
#include <vector>

#include "analysis/judge/verdict.h"
#include "analysis/report/text_table.h"

namespace haldane::analysis {

/// The verdict, its reasons, then a table of the evidence. **Returns** lines of at most style.width
/// columns.
[[nodiscard]] std::string verdict_text(const Verdict& verdict, const TextStyle& style);

/// Contract haldane.verdict/1, and "assumptions" beside it. `policy` has the shape of a policy
/// file, so that it can be saved and given back.
[[nodiscard]] std::string verdict_json(const Verdict& verdict);

/// "promote", "rollback", "inconclusive".
[[nodiscard]] std::string decision_name(Decision decision);
/// "beyond_margin", ... as in the contract.
[[nodiscard]] std::string outcome_name(Evidence::Outcome outcome);
[[nodiscard]] std::string role_name(Role role);
[[nodiscard]] std::string kind_name(MetricKind kind);
/// "p50", "p99", "p99.9": the name of a quantile in policies and tables.
[[nodiscard]] std::string quantile_name(double quantile);
/// "latency_ms p99".
[[nodiscard]] std::string evidence_name(const Evidence& evidence);
/// "release: inconclusive, ..." or "latency_ms: ..." for each difference.
[[nodiscard]] std::vector<std::string> difference_lines(const Verdict& verdict);
/// "Needs about 2 k more requests, about 5 min at this rate for a decision."; empty where it is
/// decided, or not known.
[[nodiscard]] std::string needs_words(const Verdict& verdict);
/// A change on the evidence's scale: "+20.1 %" or "+0.0012".
[[nodiscard]] std::string format_change(double change, Evidence::Scale scale);

}  // namespace haldane::analysis
