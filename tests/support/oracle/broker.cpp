#include "tests/support/oracle/broker.h"

#include <algorithm>
#include <numeric>
#include <tuple>
#include <utility>

namespace haldane::test::oracle {

using models::Counter;
using models::Gauge;
using models::Histogram;
using models::Outage;

namespace {
constexpr std::uint64_t of_a_copy = std::uint64_t{1} << 61;
constexpr std::uint64_t of_the_clock = std::uint64_t{1} << 62;
}  // namespace

Broker::Broker(EventLoop& loop, const models::Plan& plan, const Draws& draws,
               std::vector<Books>& arms, JobDone tell)
    : loop_(loop),
      plan_(plan),
      rule_(plan.jobs),
      draws_(draws),
      arms_(arms),
      tell_(std::move(tell)),
      emptied_(plan.arms()) {
  add_fleet(plan.workers[0].replicas, plan.worker_outages);
  if (plan.workers[1].replicas > 0) add_fleet(plan.workers[1].replicas, {});
  if (plan.scenario.workers->batch)
    come_by_the_clock(SimTime::zero() + plan.scenario.workers->batch->first);
}

void Broker::add_fleet(std::uint32_t workers, const std::vector<std::vector<Outage>>& outages) {
  Fleet& fleet = fleets_.emplace_back();
  fleet.number = static_cast<std::uint32_t>(fleets_.size() - 1);
  fleet.workers.resize(workers);
  fleet.lines.resize(rule_.classes.size());
  fleet.credits.resize(rule_.classes.size());
  for (std::uint32_t w = 0; w < std::min<std::size_t>(workers, outages.size()); ++w) {
    for (const Outage& outage : outages[w]) {
      const Order order{outage.down, Phase::worker_outage, {fleet.number, w}};
      loop_.schedule(order, [this, &fleet, w] { go_down(fleet, w); });
      if (outage.up == SimTime::never()) continue;
      loop_.schedule({outage.up, Phase::worker_outage, order.stamp},
                     [this, &fleet, w] { come_up(fleet, w); });
    }
  }
}

void Broker::later(SimTime at, std::function<void()> action) {
  loop_.schedule({at, Phase::worker_arrival, {itself, scheduled_++}}, std::move(action));
}

// When everybody who leaves, or comes back, at this instant has done so.
void Broker::serve_soon(Fleet& fleet) {
  loop_.schedule({loop_.now(), Phase::worker_serve, {fleet.number}},
                 [this, &fleet] { serve(fleet); });
}

void Broker::come_by_the_clock(SimTime at) {
  if (at >= plan_.end) return;
  loop_.schedule({at, Phase::worker_batch}, [this, at] {
    const models::BatchSpec& batch = *plan_.scenario.workers->batch;
    for (std::uint32_t i = 0; i < batch.jobs; ++i) {
      const std::uint64_t id = of_the_clock | clock_jobs_++;
      const MessagePointer message = enqueue(id, false, draws_.job_fate(id).first);
      message->job_class = batch.job_class;
      message->scheduled = true;
      make_visible(message);
    }
    come_by_the_clock(at + batch.every);
  });
}

void Broker::arrive(const Job& job) {
  const sim::RandomWords fate = draws_.job_fate(job.id);
  const MessagePointer message = enqueue(job.id, job.canary, fate.first);
  message->object = job.object;
  const double place = sim::to_unit(fate.second);
  const auto last = rule_.classes.end() - 1;
  message->job_class = static_cast<std::size_t>(
      std::find_if(rule_.classes.begin(), last, [place](double below) { return place < below; }) -
      rule_.classes.begin());
  make_visible(message);
  if ((fate.first >> 32) >= rule_.duplicate_threshold) return;
  const MessagePointer copy = enqueue(job.id, job.canary, fate.first);
  copy->address |= of_a_copy;
  copy->object = job.object;
  copy->job_class = message->job_class;
  if (counts(loop_.now())) count(*copy, Counter::job_copies);
  make_visible(copy);
}

Broker::MessagePointer Broker::enqueue(std::uint64_t id, bool canary, std::uint64_t fate) {
  const auto message = std::make_shared<Message>();
  message->id = message->address = id;
  message->arrived = loop_.now();
  message->canary = canary;
  message->poison = (fate & 0xffffffffU) < rule_.poison_threshold;
  if (counts(loop_.now())) count(*message, Counter::jobs_enqueued);
  return message;
}

std::uint64_t Broker::waiting(const Fleet& fleet) {
  return std::accumulate(fleet.lines.begin(), fleet.lines.end(), std::uint64_t{0},
                         [](std::uint64_t sum, const auto& line) { return sum + line.size(); });
}

void Broker::make_visible(const MessagePointer& message) {
  const SimTime now = loop_.now();
  message->since = now;
  message->state = Message::State::waiting;
  message->crashed = false;
  if (counts(now)) count(*message, Counter::jobs);
  Fleet& fleet = fleets_[message->canary && fleets_.size() > 1 ? 1 : 0];
  fleet.lines[message->job_class].push_back(message);
  const std::uint64_t line = waiting(fleet);
  serve(fleet);
  if (!counts(now) || waiting(fleet) != line) return;
  Books& books = arms_[fleet.number];
  books.note(Gauge::worker_queue, fleet.number, books.bin_of(now), static_cast<std::int64_t>(line));
}

// Fewest jobs in hand; of equals who finished one longest ago.
Broker::Worker* Broker::with_room(Fleet& fleet) const {
  Worker* best = nullptr;
  for (Worker& worker : fleet.workers) {
    if (!worker.up || worker.held() >= rule_.held_max) continue;
    const bool better = best == nullptr || std::tuple(worker.held(), worker.turn) <
                                               std::tuple(best->held(), best->turn);
    if (better) best = &worker;
  }
  return best;
}

void Broker::serve(Fleet& fleet) {
  while (waiting(fleet) > 0 && with_room(fleet) != nullptr) receive(fleet);
  note_head(fleet);
}

// Strict: the most urgent class that has a job. Weighted: each that has one gains its weight, and
// the richest pays for all.
Broker::MessagePointer Broker::take(Fleet& fleet) {
  std::size_t next = rule_.classes.size();
  std::int64_t gained = 0;
  for (std::size_t c = 0; c < fleet.lines.size(); ++c) {
    if (fleet.lines[c].empty()) continue;
    if (!rule_.weights.empty()) {
      fleet.credits[c] += rule_.weights[c];
      gained += rule_.weights[c];
    }
    if (next == rule_.classes.size() || fleet.credits[c] > fleet.credits[next]) next = c;
  }
  fleet.credits[next] -= gained;
  MessagePointer message = fleet.lines[next].front();
  fleet.lines[next].pop_front();
  return message;
}

void Broker::receive(Fleet& fleet) {
  const SimTime now = loop_.now();
  const MessagePointer message = take(fleet);
  const std::uint32_t receipt = ++message->receives;
  message->state = Message::State::received;
  if (rule_.visibility_timeout != Duration::max()) {
    later(now + rule_.visibility_timeout, [this, message, receipt] {
      if (message->state == Message::State::received && message->receives == receipt)
        expire(message);
    });
  }
  if (counts(message->since))
    books(*message).occupy(Counter::worker_queue_time, message->since, now);
  const auto delivery = std::make_shared<Delivery>();
  delivery->message = message;
  delivery->receipt = receipt;
  delivery->since = message->since;
  Worker* worker = with_room(fleet);
  worker->prefetched.push_back(delivery);
  begin_all(fleet, static_cast<std::uint32_t>(worker - fleet.workers.data()));
}

void Broker::begin_all(Fleet& fleet, std::uint32_t number) {
  Worker& worker = fleet.workers[number];
  while (worker.running.size() < plan_.scenario.workers->concurrency &&
         !worker.prefetched.empty()) {
    const DeliveryPointer delivery = worker.prefetched.front();
    worker.prefetched.pop_front();
    worker.running.push_back(delivery);
    begin(fleet, number, delivery);
  }
}

bool Broker::done_lately(std::uint64_t id) const {
  const auto done = done_.find(id);
  return done != done_.end() && loop_.now() - done->second < rule_.idempotency_window;
}

void Broker::begin(Fleet& fleet, std::uint32_t worker, const DeliveryPointer& delivery) {
  const SimTime now = loop_.now();
  const MessagePointer& message = delivery->message;
  delivery->begun = now;
  if (counts(delivery->since)) {
    Books& of_arm = books(*message);
    of_arm.record(Histogram::worker_wait, now, now - delivery->since);
    if (message->job_class == 0 && rule_.classes.size() > 1)
      of_arm.record(Histogram::worker_urgent_wait, now, now - delivery->since);
  }
  if (done_lately(message->id)) {  // deleted without being worked on
    if (is_current(*delivery)) {
      if (counts(message->arrived)) count(*message, Counter::job_drops);
      message->state = Message::State::deleted;
    }
    return end(fleet, worker, delivery);
  }
  const models::WorkerArmPlan& code = plan_.workers[message->canary ? 1 : 0];
  const double ns = code.service.sample(draws_.job_service(message->address, delivery->receipt)) *
                    code.slow_down.at(now);
  const SimTime departure = now + Duration::nanoseconds(static_cast<std::int64_t>(ns + 0.5));
  loop_.schedule({departure, Phase::worker_slot, {scheduled_++}}, [this, &fleet, worker, delivery] {
    if (delivery->lost) return;
    finish(*delivery);
    end(fleet, worker, delivery);
    begin_all(fleet, worker);
    serve_soon(fleet);
  });
}

void Broker::end(Fleet& fleet, std::uint32_t number, const DeliveryPointer& delivery) {
  Worker& worker = fleet.workers[number];
  std::erase(worker.running, delivery);
  worker.turn = ++fleet.turns;
}

// Whether what the worker says of the job still counts.
bool Broker::is_current(const Delivery& delivery) {
  return delivery.message->state == Message::State::received &&
         delivery.message->receives == delivery.receipt;
}

void Broker::finish(const Delivery& delivery) {
  const SimTime now = loop_.now();
  const MessagePointer& message = delivery.message;
  if (counts(delivery.since))
    books(*message).occupy(Counter::worker_busy_time, delivery.begun, now);
  const models::WorkerArmPlan& code = plan_.workers[message->canary ? 1 : 0];
  const std::uint64_t word = draws_.job_outcome(message->address, delivery.receipt).first;
  const bool failed = message->poison ||
                      static_cast<double>(word >> 32) < code.failure_threshold.at(delivery.begun);
  if (failed) {
    if (is_current(delivery)) fail(message);
    return;
  }
  done_[message->id] = now;
  if (!message->scheduled)
    tell_({message->id, message->object, delivery.receipt, message->canary}, scheduled_++);
  const bool late = !is_current(delivery);
  if (counts(message->arrived)) count(*message, late ? Counter::jobs_late : Counter::jobs_done);
  if (!late) message->state = Message::State::deleted;
}

void Broker::go_down(Fleet& fleet, std::uint32_t number) {
  Worker& worker = fleet.workers[number];
  worker.up = false;
  worker.turn = ++fleet.turns;
  const std::vector<DeliveryPointer> running = std::exchange(worker.running, {});
  const std::deque<DeliveryPointer> prefetched = std::exchange(worker.prefetched, {});
  for (const DeliveryPointer& delivery : running) crash(delivery);
  for (const DeliveryPointer& delivery : prefetched) crash(delivery);
}

void Broker::come_up(Fleet& fleet, std::uint32_t number) {
  fleet.workers[number].up = true;
  fleet.workers[number].turn = ++fleet.turns;
  serve_soon(fleet);
}

// Of an at-least-once queue nobody knows before the time-out ends.
void Broker::crash(const DeliveryPointer& delivery) {
  delivery->lost = true;
  const MessagePointer& message = delivery->message;
  if (delivery->begun != SimTime::never() && counts(delivery->since))
    books(*message).occupy(Counter::worker_busy_time, delivery->begun, loop_.now());
  if (!is_current(*delivery)) return;
  message->crashed = true;
  if (rule_.visibility_timeout == Duration::max()) fail(message);
}

void Broker::fail(const MessagePointer& message) {
  const std::uint32_t receipt = message->receives;
  if (receipt >= rule_.max_receives)
    return bury(message, message->crashed ? Counter::dead_crashed : Counter::dead_failed);
  if (counts(message->since)) count(*message, Counter::job_retries);
  message->state = Message::State::hidden;
  later(loop_.now() + draws_.job_pause(message->address, receipt),
        [this, message] { make_visible(message); });
}

void Broker::expire(const MessagePointer& message) {
  if (counts(message->arrived)) count(*message, Counter::job_expiries);
  if (message->receives < rule_.max_receives) return make_visible(message);
  bury(message, message->crashed ? Counter::dead_crashed : Counter::dead_expired);
}

void Broker::bury(const MessagePointer& message, Counter cause) {
  message->state = Message::State::deleted;
  if (counts(message->arrived)) {
    count(*message, Counter::dead_letters);
    count(*message, message->poison ? Counter::dead_poison : cause);
  }
  if (plan_.scenario.workers->queue) note_dead_letter(message->canary);
}

// The age of the oldest one, from its death to the next time when somebody looks.
void Broker::note_dead_letter(bool canary) {
  const SimTime now = loop_.now();
  SimTime& emptied = emptied_[canary ? 1 : 0];
  if (!counts(now) || now < emptied) return;
  emptied = SimTime::never();
  if (rule_.triage != Duration::max()) {
    emptied = SimTime::zero() + rule_.triage;
    while (emptied <= now) emptied = emptied + rule_.triage;
  }
  const SimTime until = std::min(emptied, plan_.end);
  Books& books = arms_[canary ? 1 : 0];
  books.age(Counter::dead_letter_age_time, now, now, until);
  const std::size_t last = books.bin_of(until - Duration::nanoseconds(1));
  for (std::size_t bin = books.bin_of(now); bin <= last; ++bin) {
    const SimTime seen = std::min(until, plan_.grid.bin_bounds[bin + 1]);
    books.note(Gauge::dead_letter_age, 0, bin, (seen - now).count_ns());
  }
}

// The oldest job of the line, and since when it has been that.
void Broker::note_head(Fleet& fleet) {
  SimTime head = SimTime::never();
  for (const auto& line : fleet.lines) {
    if (!line.empty()) head = std::min(head, line.front()->since);
  }
  if (head == fleet.head) return;
  close_head(fleet, loop_.now());
  fleet.head = head;
  fleet.head_from = loop_.now();
}

void Broker::close_head(Fleet& fleet, SimTime now) {
  const SimTime until = std::min(now, plan_.end);
  if (fleet.head >= until || fleet.head_from >= until) return;
  Books& books = arms_[fleet.number];
  books.age(Counter::worker_lag_time, fleet.head, fleet.head_from, until);
  books.note(Gauge::worker_lag, fleet.number, books.bin_of(until - Duration::nanoseconds(1)),
             (until - fleet.head).count_ns());
}

void Broker::close() {
  for (Fleet& fleet : fleets_) {
    close_head(fleet, plan_.end);
    for (const auto& line : fleet.lines) {
      for (const MessagePointer& message : line) {
        if (counts(message->since))
          books(*message).occupy(Counter::worker_queue_time, message->since, plan_.end);
      }
    }
  }
}

}  // namespace haldane::test::oracle
