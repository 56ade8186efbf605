#include "models/tiers/job_broker.h"

#include <algorithm>

#include "models/tiers/capacity.h"

namespace haldane::models {

JobBroker::Fleet::Fleet(std::uint32_t count, const Plan& run,
                        std::span<const std::vector<Outage>> outages,
                        std::span<const WorkerDeploy> deploys, const sim::BinLocator& bins)
    : workers(count, run.scenario.workers->concurrency, run.jobs.held_max, outages),
      turnover(count, deploys),
      line(run.jobs.classes.size(), run.jobs.weights),
      lag(bins),
      queue(run.grid.bins()),
      lag_maximum(run.grid.bins()) {}

JobBroker::Arm::Arm(const WorkerArmPlan& arm_plan, const Plan& run, const sim::BinLocator& bins)
    : plan(&arm_plan), recorder(run.grid), busy(bins), waiting(bins), dead(run.jobs.triage, bins) {}

JobBroker::JobBroker(const Plan& plan, std::uint64_t seed, std::uint64_t replication,
                     const sim::BinLocator& bins)
    : plan_(&plan),
      bins_(&bins),
      key_(seed, replication, 0, sim::Purpose::job),
      fate_key_(seed, replication, 0, sim::Purpose::job_fate),
      completed_(plan.jobs.idempotency_window) {
  const WorkersSpec& spec = *plan.scenario.workers;
  arms_.reserve(plan.arms());
  fleets_.reserve(plan.arms());
  for (std::uint32_t a = 0; a < plan.arms(); ++a) arms_.emplace_back(plan.workers[a], plan, bins);
  fleets_.emplace_back(plan.workers[0].replicas, plan, plan.worker_outages, plan.jobs.deploys,
                       bins);
  if (plan.workers[1].replicas > 0)
    fleets_.emplace_back(plan.workers[1].replicas, plan, std::span<const std::vector<Outage>>{},
                         std::span<const WorkerDeploy>{}, bins);
  if (spec.batch) next_batch_ = SimTime::zero() + spec.batch->first;
  if (next_batch_ >= plan.end) next_batch_ = SimTime::never();
  if (spec.autoscaler) add_scaler();
}

void JobBroker::add_scaler() {
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
                        plan.scenario.cost.worker_replica_per_hour};
  scaler_ = std::make_unique<ReplicaScaler>(plan, tier, *bins_);
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

void JobBroker::ring(SimTime now, const Timer& timer) {
  const Message& message = messages_[timer.message];
  if (message.serial != timer.serial || message.receives != timer.receipt) return;
  if (timer.kind == Timer::Kind::expire) {
    if (message.state == Message::State::received) expire(now, timer.message);
  } else {
    make_visible(now, timer.message);
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
// for: a fleet that is asleep, or had only starting workers, has one that nobody measures.
void JobBroker::keep_one_worker(SimTime now) {
  kept_one_ = true;
  Fleet& fleet = fleets_[0];
  if (fleet.workers.serving(now) == 0) fleet.workers.start(fleet.workers.size(), now);
}

std::uint32_t JobBroker::new_message() {
  ++alive_;
  if (free_messages_.empty()) {
    messages_.emplace_back();
    free_messages_.push_back(static_cast<std::uint32_t>(messages_.size() - 1));
  }
  const std::uint32_t index = free_messages_.back();
  free_messages_.pop_back();
  messages_[index] = {};
  messages_[index].serial = ++serials_;
  return index;
}

void JobBroker::remove(std::uint32_t message) {
  messages_[message].serial = 0;
  free_messages_.push_back(message);
  --alive_;
}

void JobBroker::arrive(const Job& job) {
  const JobPlan& jobs = plan_->jobs;
  const SimTime now = job.order.time;
  sim::RandomWords fate;
  if (jobs.fates_matter) fate = sim::draw(fate_key_, job.id);
  const std::uint32_t index = enqueue(now, job.id, job.canary, fate.first);
  Message& message = messages_[index];
  const double place = sim::to_unit(fate.second);
  while (message.job_class + 1U < jobs.classes.size() && place >= jobs.classes[message.job_class])
    ++message.job_class;
  make_visible(now, index);
  if ((fate.first >> 32) >= jobs.duplicate_threshold) return;
  const std::uint32_t copy = enqueue(now, job.id, job.canary, fate.first);
  messages_[copy].copy = true;
  messages_[copy].job_class = messages_[index].job_class;
  if (counts(now)) ++arm_of(job.canary).tally(Tally::copies);
  make_visible(now, copy);
}

// Jobs of the clock: of the baseline, and of nobody's request.
void JobBroker::arrive_together(SimTime now) {
  const BatchSpec& batch = *plan_->scenario.workers->batch;
  constexpr std::uint64_t of_batches = std::uint64_t{1} << 62;
  for (std::uint32_t i = 0; i < batch.jobs; ++i) {
    const std::uint64_t id = of_batches | batch_jobs_++;
    sim::RandomWords fate;
    if (plan_->jobs.fates_matter) fate = sim::draw(fate_key_, id);
    const std::uint32_t index = enqueue(now, id, false, fate.first);
    messages_[index].job_class = static_cast<std::uint8_t>(batch.job_class);
    make_visible(now, index);
  }
  next_batch_ += batch.every;
  if (next_batch_ >= plan_->end) next_batch_ = SimTime::never();
}

std::uint32_t JobBroker::enqueue(SimTime now, std::uint64_t id, bool canary, std::uint64_t fate) {
  const std::uint32_t index = new_message();
  Message& message = messages_[index];
  message.id = id;
  message.arrived = now;
  message.canary = canary;
  message.poison = (fate & 0xffffffffU) < plan_->jobs.poison_threshold;
  if (counts(now)) ++arm_of(canary).tally(Tally::enqueued);
  return index;
}

void JobBroker::make_visible(SimTime now, std::uint32_t index) {
  Message& message = messages_[index];
  message.since = now;
  message.state = Message::State::waiting;
  message.crashed = false;
  ++events_;
  if (counts(now)) ++arm_of(message.canary).tally(Tally::jobs);
  Fleet& fleet = fleet_of(message.canary);
  if (ScaleSignals* signals = signals_of(fleet)) {
    signals->came(now);
    signals->in_system(now, 1);
  }
  fleet.line.push(message.job_class, index);
  const std::uint64_t line = fleet.line.size();
  serve(now, fleet);
  // Somebody waits: the line is longest just after somebody joined it.
  if (counts(now) && fleet.line.size() == line)
    fleet.queue.note(arms_[0].recorder.bin(), static_cast<std::int64_t>(line));
}

void JobBroker::serve(SimTime now, Fleet& fleet) {
  while (fleet.line.size() > 0 && fleet.workers.has_room()) receive(now, fleet);
  note_head(now, fleet);
}

std::uint32_t JobBroker::new_delivery(const Message& message, std::uint32_t index) {
  if (free_deliveries_.empty()) {
    deliveries_.emplace_back();
    free_deliveries_.push_back(static_cast<std::uint32_t>(deliveries_.size() - 1));
  }
  const std::uint32_t number = free_deliveries_.back();
  free_deliveries_.pop_back();
  const std::uint32_t use = deliveries_[number].use + 1;
  Delivery& delivery = deliveries_[number];
  delivery = {};
  delivery.use = use;
  delivery.serial = message.serial;
  delivery.id = message.id;
  delivery.arrived = message.arrived;
  delivery.since = message.since;
  delivery.message = index;
  delivery.receipt = message.receives;
  delivery.canary = message.canary;
  delivery.copy = message.copy;
  delivery.poison = message.poison;
  delivery.urgent = message.job_class == 0;
  return number;
}

void JobBroker::free_delivery(SimTime now, Fleet& fleet, std::uint32_t number) {
  const std::uint32_t worker = deliveries_[number].worker;
  deliveries_[number].serial = 0;
  free_deliveries_.push_back(number);
  if (!fleet.workers.is_gone(worker)) return;
  fleet.turnover.departed(worker, now);
  if (signals_of(fleet) != nullptr) scaler_->departed(worker, now);
}

// A copy meets its own luck.
std::uint64_t JobBroker::address_of(const Delivery& delivery) {
  return delivery.id | (std::uint64_t{delivery.copy} << 61);
}

void JobBroker::receive(SimTime now, Fleet& fleet) {
  const std::uint32_t index = fleet.line.pop();
  Message& message = messages_[index];
  ++message.receives;
  message.state = Message::State::received;
  if (plan_->jobs.visibility_timeout != Duration::max()) {
    timers_.push({{now + plan_->jobs.visibility_timeout, stamp_()},
                  message.serial,
                  index,
                  message.receives,
                  Timer::Kind::expire});
  }
  if (counts(message.since)) arm_of(message.canary).waiting.add(message.since, now);
  const std::uint32_t delivery = new_delivery(message, index);
  deliveries_[delivery].fleet = static_cast<std::uint32_t>(&fleet - fleets_.data());
  deliveries_[delivery].worker = fleet.workers.give(delivery);
  begin_all(now, fleet, deliveries_[delivery].worker);
}

void JobBroker::begin_all(SimTime now, Fleet& fleet, std::uint32_t worker) {
  while (fleet.workers.may_begin(worker)) begin(now, fleet, fleet.workers.begin(worker));
}

void JobBroker::begin(SimTime now, Fleet& fleet, std::uint32_t number) {
  Delivery& delivery = deliveries_[number];
  Arm& arm = arm_of(delivery.canary);
  delivery.begun = now;
  if (counts(delivery.since)) {
    arm.wait(Wait::all).record(now - delivery.since);
    if (delivery.urgent) arm.wait(Wait::urgent).record(now - delivery.since);
  }
  if (completed_.contains(delivery.id, now)) {
    drop(now, fleet, number);
    return;
  }
  if (ScaleSignals* signals = signals_of(fleet)) signals->busy(now, 1);
  const sim::RandomWords word =
      sim::draw(key_, address_of(delivery), std::uint64_t{delivery.receipt} << 1);
  delivery.code = delivery.canary && !rolled_back_ ? 1 : 0;
  const WorkerArmPlan& code = *arms_[delivery.code].plan;
  const double ns = code.service.sample(word.first) * code.slow_down.at(now);
  const SimTime end = now + Duration::nanoseconds(static_cast<std::int64_t>(ns + 0.5));
  digest_.add(static_cast<std::uint64_t>(now.count_ns()) ^ delivery.id);
  departures_.push({{end, stamp_()}, number, delivery.use});
}

// Somebody has done the job: it is deleted without being worked on.
void JobBroker::drop(SimTime now, Fleet& fleet, std::uint32_t number) {
  const Delivery& delivery = deliveries_[number];
  ++events_;
  if (ScaleSignals* signals = signals_of(fleet)) signals->in_system(now, -1);
  if (is_current(delivery)) {
    if (counts(delivery.arrived)) ++arm_of(delivery.canary).tally(Tally::drops);
    remove(delivery.message);
  }
  fleet.workers.end(delivery.worker, number);
  free_delivery(now, fleet, number);
}

void JobBroker::depart(const Departure& departure) {
  const std::uint32_t number = departure.delivery;
  const Delivery& delivery = deliveries_[number];
  if (delivery.use != departure.use || delivery.serial == 0) return;  // crashed meanwhile
  const SimTime now = departure.order.time;
  Fleet& fleet = fleets_[delivery.fleet];
  ++events_;
  digest_.add(static_cast<std::uint64_t>(now.count_ns()));
  if (ScaleSignals* signals = signals_of(fleet)) {
    signals->busy(now, -1);
    signals->in_system(now, -1);
  }
  finish(now, delivery);
  const std::uint32_t worker = delivery.worker;
  fleet.workers.end(worker, number);
  free_delivery(now, fleet, number);
  begin_all(now, fleet, worker);
}

// Whether what the worker says of the job still counts.
bool JobBroker::is_current(const Delivery& delivery) const {
  const Message& message = messages_[delivery.message];
  return message.serial == delivery.serial && message.receives == delivery.receipt &&
         message.state == Message::State::received;
}

void JobBroker::finish(SimTime now, const Delivery& delivery) {
  Arm& arm = arm_of(delivery.canary);
  if (counts(delivery.since)) arm.busy.add(delivery.begun, now);
  const sim::RandomWords outcome =
      sim::draw(key_, address_of(delivery), (std::uint64_t{delivery.receipt} << 1) | 1);
  const StepFunction& threshold = arms_[delivery.code].plan->failure_threshold;
  const bool failed =
      delivery.poison || static_cast<double>(outcome.first >> 32) < threshold.at(delivery.begun);
  note_visit(now, delivery, failed ? RequestVisit::End::failed : RequestVisit::End::done);
  const bool current = is_current(delivery);
  if (failed) {
    if (current) fail(now, delivery, outcome.second);
    return;
  }
  completed_.add(delivery.id, now);
  if (!current) {  // others have it again
    if (counts(delivery.arrived)) ++arm.tally(Tally::late);
    return;
  }
  if (counts(delivery.arrived)) ++arm.tally(Tally::done);
  Fleet& fleet = fleets_[delivery.fleet];
  if (ScaleSignals* signals = signals_of(fleet)) signals->answered(now, now - delivery.arrived);
  remove(delivery.message);
}

void JobBroker::note_visit(SimTime now, const Delivery& delivery, RequestVisit::End end) {
  if (!trace().has(delivery.id)) return;
  trace().note({.id = delivery.id,
                .arrived = delivery.since,
                .place = RequestVisit::Place::worker,
                .attempt = delivery.receipt,
                .started = delivery.begun,
                .ended = now,
                .end = end,
                .canary = delivery.canary});
}

void JobBroker::crash(SimTime now, std::uint32_t number) {
  const Delivery& delivery = deliveries_[number];
  Fleet& fleet = fleets_[delivery.fleet];
  ++events_;
  if (ScaleSignals* signals = signals_of(fleet)) {
    if (delivery.begun != SimTime::never()) signals->busy(now, -1);
    signals->in_system(now, -1);
  }
  if (delivery.begun != SimTime::never() && counts(delivery.since))
    arm_of(delivery.canary).busy.add(delivery.begun, now);
  note_visit(now, delivery, RequestVisit::End::crashed);
  if (is_current(delivery)) {
    messages_[delivery.message].crashed = true;
    // Of an at-least-once queue nobody knows before the visibility time-out ends.
    if (plan_->jobs.visibility_timeout == Duration::max()) {
      const sim::RandomWords outcome =
          sim::draw(key_, address_of(delivery), (std::uint64_t{delivery.receipt} << 1) | 1);
      fail(now, delivery, outcome.second);
    }
  }
  free_delivery(now, fleet, number);
}

// A worker that leaves returns what it has not begun.
void JobBroker::give_back(SimTime now, std::uint32_t number) {
  const Delivery& delivery = deliveries_[number];
  Fleet& fleet = fleets_[delivery.fleet];
  if (ScaleSignals* signals = signals_of(fleet)) signals->in_system(now, -1);
  const bool current = is_current(delivery);
  const std::uint32_t message = delivery.message;
  free_delivery(now, fleet, number);
  if (current) make_visible(now, message);
}

void JobBroker::expire(SimTime now, std::uint32_t index) {
  const Message& message = messages_[index];
  if (counts(message.arrived)) ++arm_of(message.canary).tally(Tally::expiries);
  if (message.receives < plan_->jobs.max_receives) {
    make_visible(now, index);
  } else {
    bury(now, index, message.crashed ? Tally::dead_crashed : Tally::dead_expired);
  }
}

void JobBroker::fail(SimTime now, const Delivery& delivery, std::uint64_t word) {
  Message& message = messages_[delivery.message];
  if (message.receives >= plan_->jobs.max_receives) {
    bury(now, delivery.message, message.crashed ? Tally::dead_crashed : Tally::dead_failed);
    return;
  }
  if (counts(message.since)) ++arm_of(message.canary).tally(Tally::retries);
  message.state = Message::State::hidden;
  // Receipts count from 1, so that lane 0 is free.
  const Backoff& backoff = plan_->job_backoff;
  const std::uint64_t chain = backoff.chained() ? sim::draw(key_, address_of(delivery)).first : 0;
  const SimTime back = now + backoff.pause(message.receives, word, chain);
  timers_.push(
      {{back, stamp_()}, message.serial, delivery.message, message.receives, Timer::Kind::visible});
}

void JobBroker::bury(SimTime now, std::uint32_t index, Tally cause) {
  const Message& message = messages_[index];
  Arm& arm = arm_of(message.canary);
  if (counts(message.arrived)) {
    ++arm.tally(Tally::dead_letters);
    ++arm.tally(message.poison ? Tally::dead_poison : cause);
  }
  arm.dead.add(now);
  remove(index);
}

// The oldest job of the line, and since when it has been that.
void JobBroker::note_head(SimTime now, Fleet& fleet) {
  SimTime head = SimTime::never();
  fleet.line.each_front(
      [&](std::uint32_t message) { head = std::min(head, messages_[message].since); });
  if (head == fleet.head) return;
  close_head(now, fleet);
  fleet.head = head;
  fleet.head_from = now;
  if (ScaleSignals* signals = signals_of(fleet)) signals->oldest(now, head);
}

void JobBroker::close_head(SimTime now, Fleet& fleet) {
  const SimTime until = std::min(now, plan_->end);
  if (fleet.head >= until || fleet.head_from >= until) return;
  fleet.lag.add(fleet.head, fleet.head_from, until);
  fleet.lag_maximum.note(bins_->bin_of(until - Duration::nanoseconds(1)),
                         (until - fleet.head).count_ns());
}

}  // namespace haldane::models
