// What `haldane judge` does once its command line is understood.
#pragma once

#include <string>

#include "analysis/judge/verdict.h"
#include "cli/exit_code.h"

namespace haldane::cli {

struct JudgeOptions {
  std::string baseline;
  std::string canary;
  std::string policy;                    ///< empty = infer one
  std::string input_format;              ///< empty = by content
  std::string format = "text";           ///< text or json
  std::string out;                       ///< empty = standard output
  std::string html;                      ///< empty = no page
  std::string on_inconclusive = "hold";  ///< pass, fail or hold
  bool exit_zero = false;
};

/// Reads, judges and writes. **Errors** messages on standard error and the contract's code.
[[nodiscard]] ExitCode judge(const JudgeOptions& options);

/// The exit code of a decision, as --on-inconclusive and --exit-zero bend it.
[[nodiscard]] ExitCode exit_code_of(analysis::Decision decision, const JudgeOptions& options);

}  // namespace haldane::cli
