#include "models/tiers/workers/job_broker.h"

#include <algorithm>
#include <utility>

#include "models/tiers/record/capacity.h"

namespace haldane::models {

JobBroker::Fleet::Fleet(std::uint32_t count, const Plan& run,
                        std::span<const std::vector<Outage>> outages, WorkerTurnover replaced,
                        const sim::BinLocator& bins)
    : workers(count, run.scenario.workers->concurrency, run.jobs.held_max, outages),
      turnover(std::move(replaced)),
      line(run.jobs.classes.size(), run.jobs.weights),
      lag(bins),
      queue(run.grid.bins()),
      lag_maximum(run.grid.bins()) {}

JobBroker::Arm::Arm(const WorkerArmPlan& arm_plan, const Plan& run, const sim::BinLocator& bins)
    : plan(&arm_plan), recorder(run.grid), busy(bins), waiting(bins), dead(run.jobs.triage, bins) {}

JobBroker::JobBroker(const Plan& plan, std::uint64_t seed, std::uint64_t replication,
                     const sim::BinLocator& bins)
    : WorkerTier(plan),
      plan_(&plan),
      bins_(&bins),
      key_(seed, replication, 0, sim::Purpose::job),
      fate_key_(seed, replication, 0, sim::Purpose::job_fate),
      completed_(plan.jobs.idempotency_window) {
  const WorkersSpec& spec = *plan.scenario.workers;
  arms_.reserve(plan.arms());
  fleets_.reserve(plan.arms());
  for (std::uint32_t a = 0; a < plan.arms(); ++a) arms_.emplace_back(plan.workers[a], plan, bins);
  // Who is scaled is replaced by whom scales.
  const std::span<const WorkerDeploy> deploys = plan.jobs.deploys;
  const sim::StreamKey startup_key(seed, replication, workers_startup_entity,
                                   sim::Purpose::startup);
  const auto add_fleet = [&](std::uint32_t arm, std::span<const std::vector<Outage>> outages,
                             std::span<const WorkerDeploy> replaced_by) {
    const std::uint32_t workers = plan.workers[arm].replicas;
    fleets_.emplace_back(workers, plan, outages, WorkerTurnover(workers, replaced_by, startup_key),
                         bins);
  };
  add_fleet(0, plan.worker_outages, deploys.first(spec.autoscaler ? 0 : deploys.size()));
  if (plan.workers[1].replicas > 0) add_fleet(1, {}, {});
  if (spec.batch) next_batch_ = SimTime::zero() + spec.batch->first;
  if (next_batch_ >= plan.end) next_batch_ = SimTime::never();
  if (spec.autoscaler) add_scaler(startup_key);
}

void JobBroker::add_scaler(sim::StreamKey startup_key) {
  const Plan& plan = *plan_;
  const WorkersSpec& spec = *plan.scenario.workers;
  const ScaledTier tier{&*spec.autoscaler,
                        0,
                        spec.replicas,
                        std::max(spec.replicas, spec.autoscaler->max),
                        spec.concurrency,
                        plan.worker_outages,
                        Counter::worker_replica_time,
                        Counter::worker_slot_time,
                        Gauge::worker_replicas,
                        plan.scenario.cost.worker_replica_per_hour,
                        startup_key,
                        plan.jobs.deploys};
  scaler_ = std::make_unique<ReplicaScaler>(plan, tier, *bins_);
  workers_end_ = spec.autoscaler->kind == AutoscalerSpec::Kind::keda_jobs;
  if (workers_end_) fleets_[0].workers.take_each(spec.autoscaler->takes);
}

void JobBroker::deliver(Outbox<Job>& outbox) {
  for (const Job& job : outbox.messages()) arrivals_.push(job);
  outbox.clear();
}

SimTime JobBroker::next_control() const {
  SimTime next = scaler_ ? scaler_->next_time() : SimTime::never();
  for (const Fleet& fleet : fleets_)
    next = std::min({next, fleet.workers.next_change(), fleet.turnover.next_time()});
  if (!rolled_back_) next = std::min(next, plan_->jobs.rollback);
  return scaler_ && !kept_one_ ? std::min(next, plan_->end) : next;
}

SimTime JobBroker::next_due() const {
  return std::min(
      {arrivals_.next_time(), departures_.next_time(), timers_.next_time(), next_batch_});
}

// What happens to the fleet matters to others only while there are jobs.
SimTime JobBroker::next_time() const {
  return alive_ > 0 ? std::min(next_due(), next_control())
                    : std::min({arrivals_.next_time(), departures_.next_time(), next_batch_});
}

void JobBroker::advance(SimTime horizon) {
  while (true) {
    const SimTime now = std::min(next_due(), next_control());
    if (now >= horizon) return;
    step(now);
  }
}

// One turn of what is due at `now`; what that brings about at the same time takes another one.
void JobBroker::step(SimTime now) {
  for (Arm& arm : arms_) arm.recorder.advance(now);
  while (departures_.next_time() == now) depart(departures_.pop());
  if (next_control() <= now) control(now);
  for (Fleet& fleet : fleets_) serve(now, fleet);
  if (workers_end_) end_idle_workers(now);
  if (next_batch_ == now) arrive_together(now);
  while (std::min(arrivals_.next_time(), timers_.next_time()) == now) {
    const bool arrival =
        timers_.empty() || (!arrivals_.empty() && arrivals_.top().order < timers_.top().order);
    if (arrival) {
      arrive(arrivals_.pop());
    } else {
      ring(now, timers_.pop());
    }
  }
}

void JobBroker::control(SimTime now) {
  for (Fleet& fleet : fleets_) {
    lost_.clear();
    fleet.workers.apply_outages(now, lost_);
    for (const std::uint32_t delivery : lost_) crash(now, delivery);
  }
  if (!rolled_back_ && now >= plan_->jobs.rollback) roll_back(now);
  for (Fleet& fleet : fleets_) fleet.turnover.advance(fleet.workers, now);
  if (scaler_) scaler_->advance(fleets_[0].workers, now);
  for (Fleet& fleet : fleets_) {
    for (const std::uint32_t delivery : fleet.workers.take_back()) give_back(now, delivery);
  }
  if (scaler_ && now >= plan_->end) keep_one_worker(now);
}

// The canary's workers finish what they work on. Its jobs, marked as they are, are the baseline's
// from now on, and so is the code that they meet.
void JobBroker::roll_back(SimTime now) {
  rolled_back_ = true;
  if (fleets_.size() == 1) return;
  Fleet& canary = fleets_[1];
  canary.turnover.retire(canary.workers, now);
  while (canary.line.size() > 0) {
    const std::uint32_t message = canary.line.pop();
    if (counts(messages_[message].since)) {
      arms_[1].waiting.add(messages_[message].since, now);
      arms_[1].wait(Wait::all).record(now - messages_[message].since);
    }
    make_visible(now, message);
  }
  note_head(now, canary);
}

// Nothing is scaled after the end. Jobs that are left still end, so that each of them is accounted
// for: a fleet that is asleep, or had only starting workers, has one that nobody measures, and
// workers that would end stay.
void JobBroker::keep_one_worker(SimTime now) {
  kept_one_ = true;
  Fleet& fleet = fleets_[0];
  if (workers_end_) fleet.workers.take_each(0);
  workers_end_ = false;
  if (fleet.workers.serving(now) == 0) fleet.workers.start(fleet.workers.size(), now);
}

}  // namespace haldane::models
