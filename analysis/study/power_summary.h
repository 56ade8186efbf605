// What many judged runs of one release say together: how often each judge decided what, how soon,
// and what the release truly changed.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "analysis/study/judged_run.h"
#include "analysis/study/proportion.h"

namespace haldane::analysis {

/// One judge's decisions on all runs of a case.
struct JudgeSummary {
  StudiedJudge judge = StudiedJudge::own;
  CountedShare rollback;
  CountedShare promote;
  CountedShare inconclusive;
  std::vector<std::int64_t> rollback_by_look;  ///< runs rolled back at that look or before
  std::vector<std::int64_t> promote_by_look;
  /// Seconds since the window began, over runs that were decided; empty without any.
  std::optional<double> decide_s_p50;
  std::optional<double> decide_s_p90;
};

/// One entry of the policy over all runs: its true effect, as well as the runs know it.
struct EntrySummary {
  EntryInfo info;
  Evidence::Scale scale = Evidence::Scale::relative;  ///< of most runs; the others say nothing
  double margin = 0;
  std::optional<double> effect;          ///< mean of the estimates at the last look
  std::optional<double> standard_error;  ///< of that mean; empty for one run
  bool beyond = false;                   ///< the mean is beyond the margin by two standard errors
  /// Margins by run at the last look, for advise_margins(): NaN where nothing is shown.
  std::vector<double> inside;
  std::vector<double> beyond_of;
};

struct CaseSummary {
  std::int64_t runs = 0;
  std::vector<JudgeSummary> judges;
  std::vector<EntrySummary> entries;
  /// What a judge that knew the truth would say: rollback where a critical or guardrail entry is
  /// beyond its margin.
  Decision expected = Decision::promote;

  [[nodiscard]] const JudgeSummary& of(StudiedJudge judge) const {
    return judges[static_cast<std::size_t>(judge)];
  }
};

/// **Domain** all runs carry as many entries as `infos`. **Cost** a sort of the runs.
[[nodiscard]] CaseSummary summarize(const std::vector<JudgedRun>& runs,
                                    const std::vector<EntryInfo>& infos,
                                    const LookSchedule& schedule);

/// The first look by which at least `share` of the runs had that decision (rollback or promote);
/// empty when none.
[[nodiscard]] std::optional<std::size_t> first_look_with(const JudgeSummary& summary,
                                                         Decision decision, double share);

}  // namespace haldane::analysis
