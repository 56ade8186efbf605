// The broker's queue: jobs that come, become visible, come back, or are dead letters.
#include <algorithm>

#include "models/tiers/workers/job_broker.h"

namespace haldane::models {

void JobBroker::ring(SimTime now, const Timer& timer) {
  const Message& message = messages_[timer.message];
  if (message.serial != timer.serial || message.receives != timer.receipt) return;
  if (timer.kind == Timer::Kind::expire) {
    if (message.state == Message::State::received) expire(now, timer.message);
  } else {
    make_visible(now, timer.message);
  }
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
  message.object = job.object;
  const double place = sim::to_unit(fate.second);
  while (message.job_class + 1U < jobs.classes.size() && place >= jobs.classes[message.job_class])
    ++message.job_class;
  const std::uint8_t job_class = message.job_class;
  make_visible(now, index);  // it may be gone at once, and its place the copy's
  if ((fate.first >> 32) >= jobs.duplicate_threshold) return;
  const std::uint32_t copy = enqueue(now, job.id, job.canary, fate.first);
  messages_[copy].copy = true;
  messages_[copy].object = job.object;
  messages_[copy].job_class = job_class;
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
    messages_[index].scheduled = true;
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
