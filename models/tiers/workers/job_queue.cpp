#include "models/tiers/workers/job_queue.h"

#include "models/tiers/record/capacity.h"
#include "models/tiers/workers/report_jobs.h"

namespace haldane::models {

JobQueue::Fleet::Fleet(std::uint32_t workers, std::uint32_t slots,
                       std::span<const std::vector<Outage>> outages, const Plan& run,
                       const sim::BinLocator& bins)
    : station(workers, slots, outages),
      lag(bins),
      queue(run.grid.bins()),
      lag_maximum(run.grid.bins()) {}

JobQueue::Arm::Arm(const WorkerArmPlan& arm_plan, const Plan& run, const sim::BinLocator& bins)
    : plan(&arm_plan), recorder(run.grid), busy(bins), waiting(bins) {}

JobQueue::JobQueue(const Plan& plan, std::uint64_t seed, std::uint64_t replication,
                   const sim::BinLocator& bins)
    : WorkerTier(plan),
      plan_(&plan),
      bins_(&bins),
      key_(seed, replication, 0, sim::Purpose::job),
      max_attempts_(plan.scenario.workers->retries.max_attempts) {
  const std::uint32_t slots = plan.scenario.workers->concurrency;
  arms_.reserve(plan.arms());
  fleets_.reserve(plan.arms());
  for (std::uint32_t a = 0; a < plan.arms(); ++a) arms_.emplace_back(plan.workers[a], plan, bins);
  fleets_.emplace_back(plan.workers[0].replicas, slots, plan.worker_outages, plan, bins);
  if (plan.workers[1].replicas > 0) {
    fleets_.emplace_back(plan.workers[1].replicas, slots, std::span<const std::vector<Outage>>{},
                         plan, bins);
  }
}

void JobQueue::deliver(Outbox<Job>& outbox) {
  for (const Job& job : outbox.messages()) pending_.push(job);
  outbox.clear();
}

void JobQueue::advance(SimTime horizon) {
  while (pending_.next_time() < horizon) handle(pending_.pop());
}

void JobQueue::handle(const Job& job) {
  const SimTime now = job.order.time;
  const std::size_t a = job.canary ? 1 : 0;
  Arm& arm = arms_[a];
  Fleet& fleet = fleets_[a < fleets_.size() ? a : 0];
  arm.recorder.advance(now);
  events_ += 2;  // arrival and departure

  const sim::RandomWords service = sim::draw(key_, job.id, std::uint64_t{job.attempt} << 1);
  constexpr std::uint32_t unbounded = 0xffffffffU;
  const Admission admission = fleet.station.admit(now, unbounded, [&](SimTime start) {
    const double slow = arm.plan->slow_down.at(start);
    return Duration::nanoseconds(
        static_cast<std::int64_t>(arm.plan->service.sample(service.first) * slow + 0.5));
  });
  digest_.add(static_cast<std::uint64_t>(now.count_ns()) ^ job.id);
  digest_.add(static_cast<std::uint64_t>(admission.departure.count_ns()));
  const bool counts = now < plan_->end;
  if (counts) measure(arm, fleet, now, admission);
  if (admission.departure == SimTime::never()) {  // queued behind an outage that never ends
    note_visit(job, admission, false);
  } else {
    depart(job, arm, admission, counts);
  }
}

// What becomes of a job is drawn only where it can fail.
void JobQueue::depart(const Job& job, Arm& arm, const Admission& admission, bool counts) {
  const double failure_threshold = arm.plan->failure_threshold.at(admission.start);
  if (failure_threshold == 0 && !admission.crashed) {
    results().write(admission.departure, job);
    return note_visit(job, admission, false);
  }
  const sim::RandomWords outcome = sim::draw(key_, job.id, (std::uint64_t{job.attempt} << 1) | 1);
  const bool failed = static_cast<double>(outcome.first >> 32) < failure_threshold;
  note_visit(job, admission, failed);
  if (failed || admission.crashed) {
    settle_failure(job, arm, admission.departure, outcome.second, counts);
  } else {
    results().write(admission.departure, job);
  }
}

void JobQueue::name_workers() {
  for (Fleet& fleet : fleets_) fleet.station.name_servers();
}

void JobQueue::note_visit(const Job& job, const Admission& admission, bool failed) {
  using End = RequestVisit::End;
  if (!trace().has(job.id)) return;
  const std::uint32_t fleet = job.canary && fleets_.size() == 2 ? 1 : 0;
  const bool served = admission.departure != SimTime::never();
  trace().note({.id = job.id,
                .arrived = job.order.time,
                .place = RequestVisit::Place::worker,
                .attempt = job.attempt,
                .started = admission.start,
                .ended = admission.departure,
                .number = fleet,
                .server = served ? fleets_[fleet].station.last_server() : RequestVisit::nobody,
                .end = admission.crashed ? End::crashed
                       : failed          ? End::failed
                                         : End::done,
                .canary = job.canary});
}

void JobQueue::measure(Arm& arm, Fleet& fleet, SimTime now, const Admission& admission) {
  ++arm.tally(Tally::jobs);
  if (admission.start != SimTime::never()) {
    arm.recorder.histogram(0).record(admission.start - now);
    arm.busy.add(admission.start, admission.departure);
  }
  if (admission.start == now) return;
  const SimTime waits_until = std::min(admission.start, plan_->end);
  arm.waiting.add(now, waits_until);
  // First come, first served: the job is the oldest of the queue once its predecessor has started.
  fleet.lag.add(now, std::max(now, fleet.previous_start), waits_until);
  fleet.previous_start = admission.start;
  const std::size_t bin = arm.recorder.bin();
  fleet.queue.note(bin, static_cast<std::int64_t>(fleet.station.waiting()));
  const std::size_t last = bins_->bin_of(waits_until - Duration::nanoseconds(1));
  fleet.lag_maximum.note(last, (waits_until - now).count_ns());
}

void JobQueue::settle_failure(Job job, Arm& arm, SimTime failed_at, std::uint64_t word,
                              bool counts) {
  if (job.attempt >= max_attempts_) {
    if (counts) ++arm.tally(Tally::dead_letters);
    return;
  }
  if (counts) ++arm.tally(Tally::retries);
  // Attempts count from 1, so that lane 0 is free.
  const Backoff& backoff = plan_->job_backoff;
  const std::uint64_t chain = backoff.chained() ? sim::draw(key_, job.id).first : 0;
  job.order = {failed_at + backoff.pause(job.attempt, word, chain), stamp_()};
  ++job.attempt;
  pending_.push(job);
}

void JobQueue::report(std::vector<sim::Measurements>& measurements) {
  for (std::uint32_t a = 0; a < arms_.size(); ++a) report_jobs(measurements[a], arms_[a]);
  for (std::uint32_t f = 0; f < fleets_.size(); ++f) {
    sim::Measurements& m = measurements[f];
    report_queue(m, fleets_[f]);
    report_worker_capacity(m, *plan_, f, *bins_);
  }
}

}  // namespace haldane::models
