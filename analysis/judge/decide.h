// The rules that turn evidence into one of three verdicts, a score, reasons and needs.
#pragma once

#include <vector>

#include "analysis/judge/effect.h"
#include "analysis/judge/judge_metric.h"
#include "analysis/judge/verdict.h"

namespace haldane::analysis {

/// Fills decision, score, reasons, metrics and needs. **Returns** in `score`: 0 for a rollback;
/// otherwise 100 x (entries inside their margin + half of those undecided) / entries, over critical
/// and guardrail entries; 50 without any. It orders canaries for a dashboard and decides nothing.
/// `doubts`: what speaks against the baseline as a yardstick. Nothing is promoted with one.
void decide(const std::vector<Assessment>& assessments, bool arms_are_same, const TablePair& tables,
            const std::vector<std::string>& doubts, Verdict& verdict);

}  // namespace haldane::analysis
