// From a question to studies, and from studies to a recommendation: the smallest share of the
// canary, or else a longer window, at which simulated releases get the right verdict often enough.
//
// There is no formula behind it: every share and window that is recommended was simulated, and the
// result names all that were tried with their counts.
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "analysis/judge/policy.h"
#include "cli/power/power_effects.h"
#include "cli/power/power_options.h"
#include "cli/power/power_result.h"
#include "cli/power/power_study.h"
#include "models/spec/scenario.h"
#include "sim/base/expected.h"

namespace haldane::cli {

/// What all studies of one question share.
struct PowerQuestion {
  models::Scenario scenario;  ///< as read, with the warm-up that will be left out
  analysis::JudgePolicy policy;
  std::vector<CanaryEffect> effects;  ///< the first is none
  StudySettings settings;             ///< without a schedule and a sampled share
  LookWish looks;
  double latencies = 0;
  double kayenta_step_s = 60;
};

/// Cases ready to run, with the schedule of their looks.
struct PlannedStudy {
  std::vector<StudyCase> cases;
  StudySettings settings;
};

/// Looks over a window. **Domain** window_s > 0; more than looks_max looks are thinned to one every
/// window_s / looks_max.
[[nodiscard]] std::vector<double> look_times(const LookWish& wish, double begin_s, double window_s);

/// **Errors** what an effect asks that cannot be had at this share.
[[nodiscard]] Expected<PlannedStudy, std::string> plan_study(
    const PowerQuestion& question, double share, double window_s,
    const std::vector<CanaryEffect>& effects);

struct StudyAnswer {
  std::vector<analysis::CaseSummary> summaries;
  bool complete = false;
};
using StudyRunner = std::function<StudyAnswer(const PlannedStudy&)>;

/// The cases with what was found about them.
[[nodiscard]] std::vector<PowerCase> power_cases(const PlannedStudy& study, StudyAnswer answer);

/// Whether a trial's releases are decided rightly often enough: the unchanged one promoted, and
/// not shown to raise more false alarms than alpha; those that are expected to be, rolled back.
/// Fills `enough` and `decided_s`.
void weigh(PowerTrial& trial, const analysis::LookSchedule& schedule, double power, double alpha);

/// Tries shares by bisection on 1, 2, 5, 10, 20, 30 and 50 %, taking power to grow with the share;
/// where 50 % is not enough, windows twice and four times as long. `asked`: the study that was
/// asked about, complete. **Cost** at most four more studies.
[[nodiscard]] PowerAdvice search_power(const PowerQuestion& question, const PowerResult& asked,
                                       double power, const StudyRunner& run);

}  // namespace haldane::cli
