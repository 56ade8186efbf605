// What `haldane judge` does once its command line is understood.
#pragma once

#include <optional>
#include <string>

#include "analysis/ingest/observation_table.h"
#include "analysis/judge/verdict.h"
#include "cli/exit_code.h"
#include "cli/judge/follow_options.h"
#include "cli/result_files.h"

namespace haldane::cli {

/// A live server instead of files: both inputs are queries then.
struct PrometheusOptions {
  std::string server;                        ///< empty = files
  Duration since = Duration::seconds(1800);  ///< how far back one look goes
  Duration step = Duration::seconds(15);
};

struct JudgeOptions {
  std::string baseline;  ///< a file, or a query
  std::string canary;
  PrometheusOptions prometheus;
  std::string policy;                    ///< empty = infer one
  std::string input_format;              ///< empty = by content
  std::string format = "text";           ///< one of verdict_formats()
  std::string out;                       ///< empty = standard output
  std::string html;                      ///< empty = no page
  std::string on_inconclusive = "hold";  ///< pass, fail or hold
  bool exit_zero = false;
  int looks = 0;  ///< of the evidence over time; 0 = only where a page shows it
  FollowOptions follow;
};

/// Reads, judges and writes. **Errors** messages on standard error and the contract's code.
[[nodiscard]] ExitCode judge(const JudgeOptions& options);

/// Reads a policy file; an empty path leaves `policy` empty. **Errors** as judge().
[[nodiscard]] ExitCode load_policy(const std::string& path,
                                   std::optional<analysis::JudgePolicy>& policy);

/// Adds the evidence over time where --looks or a page asks for it.
void add_over_time(const analysis::ObservationTable& baseline,
                   const analysis::ObservationTable& canary, const JudgeOptions& options,
                   analysis::Verdict& verdict);

/// Reports a verdict as the options say: to `files` as judge() opened them. **Errors**
/// output_failed after a message.
[[nodiscard]] ExitCode write_verdict(const analysis::Verdict& verdict, const JudgeOptions& options,
                                     ResultFiles& files);

/// The exit code of a decision, as --on-inconclusive and --exit-zero bend it.
[[nodiscard]] ExitCode exit_code_of(analysis::Decision decision, const JudgeOptions& options);

}  // namespace haldane::cli
