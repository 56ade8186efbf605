// One self-contained page of static pictures: opens without a network, needs no script.
#pragma once

#include <string>

#include "analysis/estimate/run_result.h"
#include "analysis/judge/verdict.h"

namespace haldane::analysis {

/// A page with the verdict first and the simulation below; either may be null, not both.
/// **Returns** HTML 5 that names no other resource. **Cost** a few hundred KB at most.
/// **Determinism** pure.
[[nodiscard]] std::string html_report(const RunResult* run, const Verdict* verdict);

}  // namespace haldane::analysis
