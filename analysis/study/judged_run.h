// One release as every judge of a study sees it: at each look the rows up to then, as follow mode
// would have had them, and what was decided when.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "analysis/ingest/observation_table.h"
#include "analysis/judge/policy.h"
#include "analysis/judge/verdict.h"

namespace haldane::analysis {

/// Who judges the same runs.
enum class StudiedJudge : std::uint8_t {
  own,                 ///< our judge, until its first decision
  kayenta,             ///< Kayenta's rule with its defaults, once, at the last look
  kayenta_margins,     ///< the same with the policy's relative margins as allowed effect sizes
  kayenta_every_look,  ///< defaults, at every look: the first Fail ends the canary
  count
};
inline constexpr std::size_t studied_judges = static_cast<std::size_t>(StudiedJudge::count);

/// "haldane", "kayenta", "kayenta_margins" or "kayenta_every_look".
[[nodiscard]] std::string_view judge_name(StudiedJudge judge);

/// When the judges look. **Units** seconds on the clock of the tables.
struct LookSchedule {
  double begin_s = 0;
  std::vector<double> looks_s;  ///< ascending, not empty; the last one ends the window
  double step_s = 60;           ///< between two values of a metric that Kayenta sees
};

/// A judge's last word. `look`: the index of the look at which it was spoken.
struct StudiedDecision {
  Decision decision = Decision::inconclusive;
  std::uint32_t look = 0;
};

/// One entry of the evidence at the last look. Which scale it is on may differ from run to run: a
/// relative margin gives way to an absolute one where a baseline is zero.
struct EntryReading {
  Evidence::Scale scale = Evidence::Scale::relative;
  double margin = 0;
  std::optional<double> estimate;  ///< as the verdict states it
  std::optional<double> inside;    ///< the narrowest margin that the effect is shown to be within
  std::optional<double> beyond;    ///< the widest margin that it is shown to be beyond
};

struct JudgedRun {
  std::array<StudiedDecision, studied_judges> decisions;
  std::vector<EntryReading> entries;  ///< in the order of the verdict's metrics
};

/// What an entry is, the same for all runs of a study.
struct EntryInfo {
  std::string name;
  std::optional<double> quantile;
  Role role = Role::critical;
  Worse worse = Worse::higher;
};

/// Judges a release at each look. A policy that is not sequential allows one look, the last.
/// **Domain** tables with times, each column's ascending. **Cost** a judgement a look until the
/// first decision, and one at the end. **Determinism** pure.
[[nodiscard]] JudgedRun judge_run(const JudgePolicy& policy, const ObservationTable& baseline,
                                  const ObservationTable& canary, const LookSchedule& schedule);

/// The entries that judge_run() reads, in its order.
[[nodiscard]] std::vector<EntryInfo> entry_infos(const JudgePolicy& policy);

}  // namespace haldane::analysis
