#include "models/tiers/job_broker.h"

#include <algorithm>

#include "models/tiers/capacity.h"

namespace haldane::models {

JobBroker::Fleet::Fleet(std::uint32_t count, const Plan& run,
                        std::span<const std::vector<Outage>> outages, const sim::BinLocator& bins)
    : workers(count, run.scenario.workers->concurrency, run.scenario.workers->concurrency, outages),
      lag(bins),
      queue(run.grid.bins()),
      lag_maximum(run.grid.bins()) {}

JobBroker::Arm::Arm(const WorkerArmPlan& arm_plan, const Plan& run, const sim::BinLocator& bins)
    : plan(&arm_plan), recorder(run.grid), busy(bins), waiting(bins) {}

JobBroker::JobBroker(const Plan& plan, std::uint64_t seed, std::uint64_t replication,
                     const sim::BinLocator& bins)
    : plan_(&plan), bins_(&bins), key_(seed, replication, 0, sim::Purpose::job) {
  const WorkersSpec& spec = *plan.scenario.workers;
  arms_.reserve(plan.arms());
  fleets_.reserve(plan.arms());
  for (std::uint32_t a = 0; a < plan.arms(); ++a) arms_.emplace_back(plan.workers[a], plan, bins);
  fleets_.emplace_back(plan.workers[0].replicas, plan, plan.worker_outages, bins);
  if (plan.workers[1].replicas > 0)
    fleets_.emplace_back(plan.workers[1].replicas, plan, std::span<const std::vector<Outage>>{},
                         bins);
  if (!spec.autoscaler) return;
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
  scaler_ = std::make_unique<ReplicaScaler>(plan, tier, bins);
}

void JobBroker::deliver(Outbox<Job>& outbox) {
  for (const Job& job : outbox.messages()) arrivals_.push(job);
  outbox.clear();
}

SimTime JobBroker::next_control() const {
  SimTime next = scaler_ ? scaler_->next_time() : SimTime::never();
  for (const Fleet& fleet : fleets_) next = std::min(next, fleet.workers.next_change());
  return scaler_ && !kept_one_ ? std::min(next, plan_->end) : next;
}

SimTime JobBroker::next_due() const {
  return std::min({arrivals_.next_time(), departures_.next_time(), timers_.next_time()});
}

// What happens to the fleet matters to others only while there are jobs.
SimTime JobBroker::next_time() const {
  return alive_ > 0 ? std::min(next_due(), next_control())
                    : std::min(arrivals_.next_time(), departures_.next_time());
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
  while (std::min(arrivals_.next_time(), timers_.next_time()) == now) {
    const bool arrival =
        timers_.empty() || (!arrivals_.empty() && arrivals_.top().order < timers_.top().order);
    if (arrival) {
      arrive(arrivals_.pop());
      continue;
    }
    const Timer timer = timers_.pop();
    const Message& message = messages_[timer.message];
    if (message.serial == timer.serial && message.receives == timer.receipt)
      make_visible(now, timer.message);
  }
}

void JobBroker::control(SimTime now) {
  for (Fleet& fleet : fleets_) {
    lost_.clear();
    fleet.workers.apply_outages(now, lost_);
    for (const std::uint32_t delivery : lost_) crash(now, delivery);
  }
  if (!scaler_) return;
  scaler_->advance(fleets_[0].workers, now);
  if (now >= plan_->end) keep_one_worker(now);
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
  const SimTime now = job.order.time;
  const std::uint32_t index = new_message();
  Message& message = messages_[index];
  message.id = job.id;
  message.arrived = now;
  message.canary = job.canary;
  if (counts(now)) ++arm_of(job.canary).tally(Tally::enqueued);
  make_visible(now, index);
}

void JobBroker::make_visible(SimTime now, std::uint32_t index) {
  Message& message = messages_[index];
  message.since = now;
  ++events_;
  if (counts(now)) ++arm_of(message.canary).tally(Tally::jobs);
  Fleet& fleet = fleet_of(message.canary);
  if (ScaleSignals* signals = signals_of(fleet)) {
    signals->came(now);
    signals->in_system(now, 1);
  }
  fleet.line.push(index);
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
  deliveries_[number] = {message.serial,
                         message.id,
                         message.arrived,
                         message.since,
                         SimTime::never(),
                         index,
                         message.receives,
                         0,
                         use,
                         message.canary};
  return number;
}

void JobBroker::receive(SimTime now, Fleet& fleet) {
  const std::uint32_t index = fleet.line.pop();
  Message& message = messages_[index];
  ++message.receives;
  if (counts(message.since)) arm_of(message.canary).waiting.add(message.since, now);
  const std::uint32_t delivery = new_delivery(message, index);
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
  if (counts(delivery.since)) arm.recorder.histogram(0).record(now - delivery.since);
  if (ScaleSignals* signals = signals_of(fleet)) signals->busy(now, 1);
  const sim::RandomWords word = sim::draw(key_, delivery.id, std::uint64_t{delivery.receipt} << 1);
  const double ns = arm.plan->service.sample(word.first) * arm.plan->slow_down.at(now);
  const SimTime end = now + Duration::nanoseconds(static_cast<std::int64_t>(ns + 0.5));
  digest_.add(static_cast<std::uint64_t>(now.count_ns()) ^ delivery.id);
  departures_.push(
      {{end, stamp_()}, number, delivery.use, static_cast<std::uint32_t>(&fleet - fleets_.data())});
}

void JobBroker::depart(const Departure& departure) {
  Delivery& delivery = deliveries_[departure.delivery];
  if (delivery.use != departure.use || delivery.serial == 0) return;  // crashed meanwhile
  const SimTime now = departure.order.time;
  Fleet& fleet = fleets_[departure.fleet];
  ++events_;
  digest_.add(static_cast<std::uint64_t>(now.count_ns()));
  if (ScaleSignals* signals = signals_of(fleet)) {
    signals->busy(now, -1);
    signals->in_system(now, -1);
  }
  finish(now, delivery);
  const std::uint32_t worker = delivery.worker;
  fleet.workers.end(worker, departure.delivery);
  delivery.serial = 0;
  free_deliveries_.push_back(departure.delivery);
  if (fleet.workers.is_gone(worker) && scaler_) scaler_->departed(worker, now);
  begin_all(now, fleet, worker);
}

// Whether what the worker says of the job still counts.
bool JobBroker::is_current(const Delivery& delivery) const {
  const Message& message = messages_[delivery.message];
  return message.serial == delivery.serial && message.receives == delivery.receipt;
}

void JobBroker::finish(SimTime now, const Delivery& delivery) {
  Arm& arm = arm_of(delivery.canary);
  if (counts(delivery.since)) arm.busy.add(delivery.begun, now);
  const sim::RandomWords outcome =
      sim::draw(key_, delivery.id, (std::uint64_t{delivery.receipt} << 1) | 1);
  const bool failed =
      static_cast<double>(outcome.first >> 32) < arm.plan->failure_threshold.at(delivery.begun);
  if (failed) {
    fail(now, delivery, outcome.second);
    return;
  }
  if (counts(delivery.arrived)) ++arm.tally(Tally::done);
  Fleet& fleet = fleet_of(delivery.canary);
  if (ScaleSignals* signals = signals_of(fleet)) signals->answered(now, now - delivery.arrived);
  remove(delivery.message);
}

void JobBroker::crash(SimTime now, std::uint32_t number) {
  Delivery& delivery = deliveries_[number];
  Fleet& fleet = fleet_of(delivery.canary);
  ++events_;
  if (ScaleSignals* signals = signals_of(fleet)) {
    if (delivery.begun != SimTime::never()) signals->busy(now, -1);
    signals->in_system(now, -1);
  }
  if (delivery.begun != SimTime::never() && counts(delivery.since))
    arm_of(delivery.canary).busy.add(delivery.begun, now);
  const sim::RandomWords outcome =
      sim::draw(key_, delivery.id, (std::uint64_t{delivery.receipt} << 1) | 1);
  fail(now, delivery, outcome.second);
  const std::uint32_t worker = delivery.worker;
  delivery.serial = 0;
  free_deliveries_.push_back(number);
  if (fleet.workers.is_gone(worker) && scaler_) scaler_->departed(worker, now);
}

void JobBroker::fail(SimTime now, const Delivery& delivery, std::uint64_t word) {
  Arm& arm = arm_of(delivery.canary);
  const Message& message = messages_[delivery.message];
  if (message.receives >= plan_->jobs.max_receives) {
    if (counts(message.arrived)) ++arm.tally(Tally::dead_letters);
    remove(delivery.message);
    return;
  }
  if (counts(message.since)) ++arm.tally(Tally::retries);
  const SimTime back = now + plan_->job_backoff.pause(message.receives, word);
  timers_.push({{back, stamp_()}, message.serial, delivery.message, message.receives});
}

// The oldest job of the line, and since when it has been that.
void JobBroker::note_head(SimTime now, Fleet& fleet) {
  const SimTime head =
      fleet.line.size() > 0 ? messages_[fleet.line.front()].since : SimTime::never();
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
