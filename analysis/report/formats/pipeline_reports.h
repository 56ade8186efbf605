// A verdict as pipelines read it: JUnit (Jenkins, GitLab), Markdown (summaries, merge requests),
// GitHub workflow commands and outputs, OpenMetrics (GitLab metrics reports).
//
// All are pure functions of the verdict: no clock, no environment, the same bytes each time. What
// each entry says is in one place here, so that the formats cannot disagree.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "analysis/judge/verdict.h"

namespace haldane::analysis {

/// What an entry amounts to for a pipeline. `failed` is red, so it exists in a rollback only.
enum class EntryState : std::uint8_t { passed, failed, skipped };

struct ReportEntry {
  const Evidence* evidence = nullptr;  ///< null for the entry of the verdict as a whole
  EntryState state = EntryState::passed;
  std::string name;  ///< "latency_ms p99"; a name that is there again has " (2)" behind it
  std::string why;   ///< one sentence with numbers
};

/// One entry a metric and quantile, in the order of the verdict. Where they do not show the
/// decision (same data twice, a censored input, no metric at all), one named "verdict" follows.
[[nodiscard]] std::vector<ReportEntry> report_entries(const Verdict& verdict);

/// "ROLLBACK (score 0 of 100)".
[[nodiscard]] std::string verdict_headline(const Verdict& verdict);

/// One suite, a test case an entry: within its margin or informational = passed, beyond = failure,
/// undecided = skipped. **Returns** XML that fits junit-10.xsd of Jenkins' xUnit plugin; times are
/// 0.
[[nodiscard]] std::string verdict_junit(const Verdict& verdict);

/// The verdict, its reasons, the table of evidence, inputs with digests. **Returns** GitHub
/// Flavored Markdown below 1 MiB (the limit of a step summary): at most 500 rows and 20 sentences,
/// what is left out is counted.
[[nodiscard]] std::string verdict_markdown(const Verdict& verdict);

/// Workflow commands, one a line: ::error for a rollback, ::warning for inconclusive, ::notice for
/// promote; the verdict first, then what decided, at most nine entries more (GitHub shows ten).
[[nodiscard]] std::string verdict_github(const Verdict& verdict);

/// Lines for $GITHUB_OUTPUT: verdict, score, passed, failed, and reasons between delimiters that do
/// not occur in them.
[[nodiscard]] std::string verdict_github_outputs(const Verdict& verdict);

/// OpenMetrics 1.0 text. **Returns** gauges and state sets that end in "# EOF"; numbers that are
/// not known are left out.
[[nodiscard]] std::string verdict_openmetrics(const Verdict& verdict);

}  // namespace haldane::analysis
