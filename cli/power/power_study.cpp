#include "cli/power/power_study.h"

#include <algorithm>

#include "cli/simulate/arms_verdict.h"
#include "sim/parallel/parallel_for.h"

namespace haldane::cli {
namespace {

models::ReplicationResult simulate(const models::Plan& plan, const StudySettings& settings,
                                   std::uint32_t replication, models::RunControl* control) {
  models::ReplicationOptions options;
  options.seed = settings.seed;
  options.replication = replication;
  options.sample_share = settings.sample_share;
  return models::run_replication(plan, options, control);
}

struct Arms {
  analysis::ObservationTable baseline;
  analysis::ObservationTable canary;
};

Arms arms_of(const models::ReplicationResult& result, double from_s) {
  return {arm_table(result.measurements, result.samples, models::Block::baseline, from_s),
          arm_table(result.measurements, result.samples, models::Block::canary, from_s)};
}

double duration_s(const models::Plan& plan) {
  return (plan.end - SimTime::zero()).as_seconds();
}

}  // namespace

std::optional<analysis::JudgedRun> run_and_judge(const models::Plan& plan,
                                                 const analysis::JudgePolicy& policy,
                                                 const StudySettings& settings,
                                                 std::uint32_t replication,
                                                 models::RunControl* control) {
  std::optional<Arms> arms;
  {
    const models::ReplicationResult result = simulate(plan, settings, replication, control);
    if (result.stopped) return std::nullopt;
    arms = arms_of(result, settings.schedule.begin_s);
  }
  return analysis::judge_run(policy, arms->baseline, arms->canary, settings.schedule);
}

PowerStudy::PowerStudy(const std::vector<StudyCase>& cases, const analysis::JudgePolicy& policy,
                       const StudySettings& settings)
    : cases_(cases), policy_(policy), settings_(settings), runs_(cases.size() * settings.runs) {}

void PowerStudy::run() {
  sim::parallel_for(runs_.size(), settings_.threads, [this](std::size_t i) {
    if (control_.stop) return;
    const models::Plan& plan = cases_[i % cases_.size()].plan;
    const auto replication = static_cast<std::uint32_t>(i / cases_.size());
    runs_[i] = run_and_judge(plan, policy_, settings_, replication, &control_);
    if (runs_[i]) ++finished_;
  });
}

bool PowerStudy::complete() const {
  return std::all_of(runs_.begin(), runs_.end(), [](const auto& run) { return run.has_value(); });
}

Progress PowerStudy::progress() const {
  Progress progress;
  for (const StudyCase& one : cases_) progress.total_s += duration_s(one.plan) * settings_.runs;
  progress.done_s = static_cast<double>(control_.simulated_ns.load()) * 1e-9;
  progress.replications_done = finished_;
  progress.replications = static_cast<std::uint32_t>(runs_.size());
  progress.events = control_.events;
  return progress;
}

std::vector<analysis::CaseSummary> PowerStudy::summaries() const {
  std::vector<analysis::CaseSummary> all;
  for (std::size_t which = 0; which < cases_.size(); ++which) {
    std::vector<analysis::JudgedRun> runs;
    for (std::size_t i = which; i < runs_.size(); i += cases_.size()) {
      if (runs_[i]) runs.push_back(*runs_[i]);
    }
    all.push_back(analysis::summarize(runs, analysis::entry_infos(policy_), settings_.schedule));
  }
  return all;
}

}  // namespace haldane::cli
