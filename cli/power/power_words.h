// The words of `haldane power`, shared by its text and its page.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "cli/power/power_result.h"

namespace haldane::cli {

/// "12.5" for 0.125: one decimal is what a thousand runs support.
[[nodiscard]] std::string percent(double share);
/// "-" without runs.
[[nodiscard]] std::string percent(const analysis::CountedShare& counted);
/// "3.1 .. 8.4", the interval of percent().
[[nodiscard]] std::string interval(const analysis::CountedShare& counted);
/// Whole seconds in words, "-" for none.
[[nodiscard]] std::string seconds(const std::optional<double>& value);
/// "90 %" as the user would write it.
[[nodiscard]] std::string plain_percent(double share);
/// A margin on its scale, without a sign.
[[nodiscard]] std::string margin_text(double margin, analysis::Evidence::Scale scale);

[[nodiscard]] std::string judge_title(analysis::StudiedJudge judge);
/// What was studied, in three sentences.
[[nodiscard]] std::string heading(const PowerResult& result);
/// `asked`: runs of each case.
[[nodiscard]] std::string case_title(const PowerCase& one, std::uint32_t asked);
/// One entry's true effect.
[[nodiscard]] std::string effect_text(const analysis::EntrySummary& entry);
[[nodiscard]] std::string recommendation(const PowerAdvice& advice);
/// "latency_ms p95, now 5 %: at least ...".
[[nodiscard]] std::string margin_line(const analysis::EntryMargin& entry);
/// Whether the margins held on other runs; empty where they could not be found.
[[nodiscard]] std::string margins_check(const PowerAdvice& advice);
/// What the reader must know before believing the numbers, a sentence each.
[[nodiscard]] std::vector<std::string> warnings(const PowerResult& result);

}  // namespace haldane::cli
