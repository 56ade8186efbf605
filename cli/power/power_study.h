// Releases simulated and judged many times on all threads: the cases of a power study, each run a
// replication of its own, all runs of all cases in one queue of work.
#pragma once

#include <atomic>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "analysis/judge/policy.h"
#include "analysis/study/judged_run.h"
#include "analysis/study/power_summary.h"
#include "cli/power/power_effects.h"
#include "cli/progress.h"
#include "models/plan.h"
#include "models/run_replication.h"

namespace haldane::cli {

/// What does not change between the cases.
struct StudySettings {
  std::uint64_t seed = 1;
  std::uint32_t runs = 0;  ///< of each case
  unsigned threads = 1;
  double sample_share = 1;  ///< of the requests, whose latencies the judges see
  analysis::LookSchedule schedule;
};

/// A release to be studied.
struct StudyCase {
  CanaryEffect effect;
  std::string change;  ///< what the effect set
  models::Plan plan;
};

/// One run of one case. **Returns** nothing when `control` stopped it. **Cost** a replication and
/// its judgements; memory for one replication and its sampled rows. **Determinism** depends on the
/// plan, the policy, the settings (threads aside) and `replication` alone.
[[nodiscard]] std::optional<analysis::JudgedRun> run_and_judge(const models::Plan& plan,
                                                               const analysis::JudgePolicy& policy,
                                                               const StudySettings& settings,
                                                               std::uint32_t replication,
                                                               models::RunControl* control);

/// Runs on one thread at a time may call run(); the others may watch and stop.
class PowerStudy {
 public:
  /// The references must outlive the study.
  PowerStudy(const std::vector<StudyCase>& cases, const analysis::JudgePolicy& policy,
             const StudySettings& settings);

  /// Runs everything, or what had finished when stop() was called.
  void run();
  void stop() { control_.stop = true; }
  [[nodiscard]] Progress progress() const;
  /// By case, over the runs that finished, in order of the replications. **Domain** after run().
  [[nodiscard]] std::vector<analysis::CaseSummary> summaries() const;
  [[nodiscard]] bool complete() const;

 private:
  const std::vector<StudyCase>& cases_;
  const analysis::JudgePolicy& policy_;
  const StudySettings& settings_;
  models::RunControl control_;
  std::atomic<std::uint32_t> finished_ = 0;
  /// [replication * cases + case]: a stop then leaves all cases about equally far.
  std::vector<std::optional<analysis::JudgedRun>> runs_;
};

}  // namespace haldane::cli
