// One look of a watch: a line for people, a JSON object for programs.
#pragma once

#include <cstdint>
#include <string>

#include "analysis/judge/verdict.h"

namespace haldane::cli {

/// What was read of one arm when it was looked at.
struct LookedInput {
  std::string path;
  std::uint64_t bytes = 0;
  std::int64_t rows = 0;
};

struct Look {
  std::int64_t number = 0;  ///< from 1; counted on over restarts
  double at_s = 0;          ///< Unix seconds
  double elapsed_s = 0;     ///< since the watch began
  LookedInput baseline;
  LookedInput canary;
  std::string ended_by;  ///< "decision", "deadline" or "signal"; empty while it goes on
};

/// "look 3  +20 s  inconclusive  score 50  rows 900 / 1000  latency_ms p99: ..." and a line end.
[[nodiscard]] std::string look_line(const Look& look, const analysis::Verdict& verdict);

/// Contract haldane.look/1 on one line: the look, and the whole haldane.verdict/1 as `report`.
[[nodiscard]] std::string look_json(const Look& look, const analysis::Verdict& verdict);

/// haldane.policy/1 of a verdict as JSON on one line: equal texts are equal policies.
[[nodiscard]] std::string policy_text(const analysis::Verdict& verdict);

}  // namespace haldane::cli
