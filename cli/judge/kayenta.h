// What `haldane judge --kayenta` does: a remote-judge request in, a CanaryJudgeResult out.
#pragma once

#include <string>

#include "cli/exit_code.h"
#include "cli/judge/judge.h"

namespace haldane::cli {

/// Reads `request`, judges and writes JSON, whatever `options.format` says. **Returns** Pass 0,
/// Fail 1, Marginal as inconclusive; --on-inconclusive and --exit-zero bend that as for any
/// verdict.
/// **Errors** messages on standard error and the contract's code.
[[nodiscard]] ExitCode judge_kayenta(const std::string& request, const JudgeOptions& options);

}  // namespace haldane::cli
