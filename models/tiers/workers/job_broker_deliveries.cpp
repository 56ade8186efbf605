// What workers do with the jobs that the broker gives them.
#include "models/tiers/workers/job_broker.h"

namespace haldane::models {

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
  delivery.scheduled = message.scheduled;
  delivery.object = message.object;
  delivery.urgent = message.job_class == 0;
  return number;
}

void JobBroker::free_delivery(SimTime now, Fleet& fleet, std::uint32_t number) {
  const std::uint32_t worker = deliveries_[number].worker;
  deliveries_[number].serial = 0;
  free_deliveries_.push_back(number);
  if (workers_end_ && fleet.workers.is_spent(worker)) end_worker(now, worker);
  if (!fleet.workers.is_gone(worker)) return;
  fleet.turnover.departed(worker, now);
  if (signals_of(fleet) != nullptr) scaler_->departed(worker, now);
}

// Who was started for jobs of which none is left has nothing to do.
void JobBroker::end_idle_workers(SimTime now) {
  const Fleet& fleet = fleets_[0];
  while (fleet.line.size() == 0 && fleet.workers.idle() != WorkerFleet::none)
    end_worker(now, fleet.workers.idle());
}

void JobBroker::end_worker(SimTime now, std::uint32_t worker) {
  fleets_[0].workers.stop(worker, now);
  scaler_->ended(fleets_[0].workers, worker, now);
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
  write_back(now, delivery);
  if (!current) {  // others have it again
    if (counts(delivery.arrived)) ++arm.tally(Tally::late);
    return;
  }
  if (counts(delivery.arrived)) ++arm.tally(Tally::done);
  Fleet& fleet = fleets_[delivery.fleet];
  if (ScaleSignals* signals = signals_of(fleet)) signals->answered(now, now - delivery.arrived);
  remove(delivery.message);
}

// Before the worker says that it is done: a duplicate is written as well.
void JobBroker::write_back(SimTime now, const Delivery& delivery) {
  if (delivery.scheduled) return;
  Job job;
  job.id = delivery.id;
  job.object = delivery.object;
  job.canary = delivery.canary;
  results().write(now, job);
}

void JobBroker::note_visit(SimTime now, const Delivery& delivery, RequestVisit::End end) {
  if (!trace().has(delivery.id)) return;
  trace().note({.id = delivery.id,
                .arrived = delivery.since,
                .place = RequestVisit::Place::worker,
                .attempt = delivery.receipt,
                .started = delivery.begun,
                .ended = now,
                .number = delivery.fleet,
                .server = delivery.worker,
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

}  // namespace haldane::models
