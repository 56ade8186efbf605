// What the broker measured, once the run is over.
#include <utility>

#include "models/tiers/record/capacity.h"
#include "models/tiers/workers/job_broker.h"
#include "models/tiers/workers/report_jobs.h"

namespace haldane::models {

void JobBroker::report(std::vector<sim::Measurements>& measurements) {
  advance(plan_->end);  // what happens to the fleet when there are no jobs
  for (std::uint32_t f = 0; f < fleets_.size(); ++f) report_fleet(measurements[f], f);
  for (std::uint32_t a = 0; a < arms_.size(); ++a) report_arm(measurements[a], a);
}

void JobBroker::report_fleet(sim::Measurements& m, std::uint32_t f) {
  Fleet& fleet = fleets_[f];
  close_head(plan_->end, fleet);
  // Those who wait for workers that never come back.
  while (fleet.line.size() > 0) {
    const Message& message = messages_[fleet.line.pop()];
    if (counts(message.since)) arm_of(message.canary).waiting.add(message.since, plan_->end);
  }
  report_queue(m, fleet);
  if (f == 0 && scaler_) {
    scaler_->report(m, fleet.workers);
    return;
  }
  report_worker_capacity(m, *plan_, f, *bins_, &fleet.turnover);
}

void JobBroker::report_arm(sim::Measurements& m, std::uint32_t a) {
  Arm& arm = arms_[a];
  report_jobs(m, arm);
  static constexpr std::pair<Counter, Tally> later[] = {
      {Counter::jobs_enqueued, Tally::enqueued},    {Counter::jobs_done, Tally::done},
      {Counter::job_copies, Tally::copies},         {Counter::job_drops, Tally::drops},
      {Counter::job_expiries, Tally::expiries},     {Counter::jobs_late, Tally::late},
      {Counter::dead_failed, Tally::dead_failed},   {Counter::dead_crashed, Tally::dead_crashed},
      {Counter::dead_expired, Tally::dead_expired}, {Counter::dead_poison, Tally::dead_poison},
  };
  for (const auto& [to, from] : later)
    arm.recorder.add_counter(static_cast<std::size_t>(from), m.counters[index(to)]);
  if (plan_->jobs.classes.size() > 1)
    arm.recorder.hand_over_slices(1, m.latencies[index(Histogram::worker_urgent_wait)]);
  report_dead_letters(m, arm);
}

void JobBroker::report_dead_letters(sim::Measurements& m, Arm& arm) {
  arm.dead.close();
  if (plan_->scenario.workers->queue) {
    add_series(m.counters[index(Counter::dead_letter_age_time)], arm.dead.age().integrals());
    add_series(m.maxima[index(Gauge::dead_letter_age)], arm.dead.maximum().maxima());
  }
}

}  // namespace haldane::models
