#include "tests/support/oracle/event_pool.h"

#include <algorithm>
#include <utility>

namespace haldane::test::oracle {

using models::Balancer;
using models::Outage;

EventPool::EventPool(EventLoop& loop, const models::ApiArmPlan& plan, Place place,
                     const Draws& draws)
    : loop_(loop),
      plan_(plan),
      place_(std::move(place)),
      draws_(draws),
      balancer_(plan),
      central_(plan.balancer == Balancer::central_queue) {
  if (plan.pauses) pauses_.emplace(*plan.pauses, plan.replicas, draws.pauses(place_.number));
  for (std::uint32_t r = 0; r < plan.replicas; ++r) {
    Replica& replica = replicas_.emplace_back(
        Replica{WaitingLine(plan.queue), {}, 0, models::PeakEwma(plan.peak_ewma_decay)});
    if (plan.limit.kind != models::LimitSpec::Kind::none) replica.limit.emplace(plan.limit);
    if (!central_) continue;
    free_.insert(free_.end(), plan.concurrency, {SimTime::zero(), r});
    if (r >= place_.outages.size()) continue;
    for (const Outage& outage : place_.outages[r]) {
      if (outage.up == SimTime::never()) continue;
      loop_.schedule({outage.up, Phase::api_outage, {place_.number, r}}, [this] { match(); });
    }
  }
}

// Who still waits waits for replicas that never come back.
void EventPool::close() {
  for (const WaitingLine::Ticket& ticket : replicas_[0].line.all()) {
    ticket.customer->visit.crashed = true;
    ticket.customer->done(ticket.customer->visit);
  }
}

EventPool::Replica& EventPool::queue_of(std::uint32_t replica) {
  return replicas_[central_ ? 0 : replica];
}

bool EventPool::is_up(std::uint32_t replica) const {
  const Outage* outage = next_outage(replica);
  return outage == nullptr || loop_.now() < outage->down;
}

// The slot that has been free longest; one that is found to be down is free from its return on.
std::optional<std::uint32_t> EventPool::longest_free() {
  while (true) {
    const auto slot = std::ranges::min_element(free_);
    if (slot == free_.end() || slot->first > loop_.now()) return std::nullopt;
    if (is_up(slot->second)) {
      std::iter_swap(free_.begin(), slot);
      return free_.front().second;
    }
    slot->first = next_outage(slot->second)->up;
  }
}

void EventPool::arrive_at_queue(Customer customer) {
  Replica& queue = replicas_[0];
  const auto replica = longest_free();
  std::uint64_t inside = queue.line.size();
  for (const Replica& each : replicas_) inside += each.busy;
  if (queue.limit && !queue.limit->admits(inside)) return reject(customer);
  customer.in_system = static_cast<std::uint32_t>(inside + 1);
  if (replica) {
    free_.erase(free_.begin());
    ++replicas_[*replica].busy;
    return start(*replica, std::make_shared<Customer>(std::move(customer)));
  }
  if (queue.line.size() >= plan_.queue_capacity) return reject(customer);
  queue.line.push(loop_.now(), std::move(customer));
}

// Gives those who wait to replicas that have come up.
void EventPool::match() {
  while (waiting() > 0) {
    const auto replica = longest_free();
    if (!replica) return;
    free_.erase(free_.begin());
    ++replicas_[*replica].busy;
    serve_next(*replica);
  }
}

std::uint64_t EventPool::waiting() const {
  std::uint64_t sum = 0;
  for (const Replica& replica : replicas_) sum += replica.line.size();
  return sum;
}

std::uint64_t EventPool::load(std::uint32_t replica) const {
  return replicas_[replica].busy + replicas_[replica].line.size();
}

// The outage that lasts, or the next one.
const Outage* EventPool::next_outage(std::uint32_t replica) const {
  if (replica >= place_.outages.size()) return nullptr;
  const auto& outages = place_.outages[replica];
  const auto next =
      std::ranges::find_if(outages, [this](const Outage& o) { return loop_.now() < o.up; });
  return next == outages.end() ? nullptr : &*next;
}

// Whether some replica has gone or come back since somebody looked; who came back has forgotten
// its limit.
bool EventPool::has_changed() {
  const SimTime before = std::exchange(looked_, loop_.now());
  const auto since = [&](SimTime t) { return before < t && t <= looked_; };
  bool changed = false;
  for (std::uint32_t r = 0; r < std::min(place_.outages.size(), replicas_.size()); ++r) {
    for (const Outage& outage : place_.outages[r]) {
      changed = changed || since(outage.down) || since(outage.up);
      if (since(outage.up) && replicas_[r].limit) replicas_[r].limit.emplace(plan_.limit);
    }
  }
  return changed;
}

std::optional<std::uint32_t> EventPool::pick(std::uint64_t word) {
  const bool changed = has_changed();
  std::vector<std::uint32_t> up;
  for (std::uint32_t r = 0; r < replicas_.size(); ++r) {
    if (is_up(r)) up.push_back(r);
  }
  if (up.empty()) return std::nullopt;
  if (plan_.balancer == Balancer::peak_ewma) return cheaper_of_two(word, up);
  return balancer_.pick(word, up, changed, [this](std::uint32_t r) { return load(r); });
}

// Two different ones at random.
std::uint32_t EventPool::cheaper_of_two(std::uint64_t word, const std::vector<std::uint32_t>& up) {
  const std::size_t first = ((word >> 32) * up.size()) >> 32;
  if (up.size() == 1) return up[first];
  std::size_t second = ((word & 0xffffffffU) * (up.size() - 1)) >> 32;
  if (second >= first) ++second;
  const double one = replicas_[up[first]].cost.load(loop_.now());
  const double other = replicas_[up[second]].cost.load(loop_.now());
  return one <= other ? up[first] : up[second];
}

void EventPool::arrive(std::uint64_t pick_word, Customer customer) {
  const SimTime now = loop_.now();
  customer.visit = {now, now, SimTime::never(), SimTime::never()};
  if (central_) return arrive_at_queue(std::move(customer));
  const auto picked = pick(pick_word);
  if (!picked) return reject(customer);
  Replica& replica = replicas_[*picked];
  replica.cost.begin();
  if (replica.limit && !replica.limit->admits(load(*picked))) return refuse(*picked, customer);
  customer.in_system = static_cast<std::uint32_t>(load(*picked) + 1);
  if (replica.busy < plan_.concurrency) {
    ++replica.busy;
    return start(*picked, std::make_shared<Customer>(std::move(customer)));
  }
  if (replica.line.size() >= plan_.queue_capacity) return refuse(*picked, customer);
  replica.line.push(now, std::move(customer));
}

void EventPool::reject(Customer& customer) {
  customer.visit.start = customer.visit.departure = loop_.now();
  customer.visit.rejected = true;
  customer.done(customer.visit);
}

// An error that came at once.
void EventPool::refuse(std::uint32_t replica, Customer& customer) {
  replicas_[replica].cost.end(loop_.now(), Duration{});
  reject(customer);
}

void EventPool::start(std::uint32_t replica, std::shared_ptr<Customer> customer) {
  const SimTime now = loop_.now();
  customer->visit.start = now;
  customer->visit.server = replica;
  const auto service = std::make_shared<Service>();
  service->customer = std::move(customer);
  service->replica = replica;
  service->started = started_++;
  service->ready = now;
  if (pauses_) {
    service->ready = now + pauses_->start(replica, now);
    service->paused = pauses_->begun(replica, now);
  }
  schedule_crash(service);
  if (place_.dependency == nullptr) return work(service, true);
  const Customer& who = *service->customer;
  place_.dependency->ask(who.id, who.lane, [this, service](bool ok) { work(service, ok); });
}

// Has what it needs. Without it there is nothing left to do.
void EventPool::work(const ServicePointer& service, bool answered) {
  if (service->over) return;
  Visit& visit = service->customer->visit;
  visit.failed = !answered;
  const SimTime begin = std::max(service->ready, loop_.now());
  const Duration needed =
      answered ? service->customer->service(visit.start, service->replica) : Duration{};
  schedule_end(service, begin + needed);
}

void EventPool::schedule_end(const ServicePointer& service, SimTime at) {
  loop_.schedule({at, Phase::api_slot, {place_.number, service->started, 0}}, [this, service] {
    if (!service->over) end(service);
  });
}

// Work that reaches into an outage fails when that begins, and so does who would start within it.
void EventPool::schedule_crash(const ServicePointer& service) {
  const Outage* outage = next_outage(service->replica);
  if (outage == nullptr) return;
  const SimTime down = std::max(loop_.now(), outage->down);
  const std::uint64_t started = service->started;
  loop_.schedule({down, Phase::api_slot, {place_.number, started, 1}}, [this, service, started] {
    if (!service->over && service->started == started) leave(service, true);
  });
}

// Due, but later by the pauses that have begun meanwhile.
void EventPool::end(const ServicePointer& service) {
  if (pauses_) {
    const Duration paused = pauses_->begun(service->replica, loop_.now());
    const Duration held_up = paused - std::exchange(service->paused, paused);
    if (held_up > Duration{}) {
      service->started = started_++;
      schedule_crash(service);
      return schedule_end(service, loop_.now() + held_up);
    }
  }
  leave(service, false);
}

void EventPool::leave(const ServicePointer& service, bool crashed) {
  service->over = true;
  Customer& customer = *service->customer;
  customer.visit.departure = loop_.now();
  customer.visit.crashed = crashed;
  release(service->replica, customer, crashed);
  customer.done(customer.visit);
  serve_next(service->replica);
}

void EventPool::serve_next(std::uint32_t replica) {
  if (central_ && !is_up(replica)) {
    --replicas_[replica].busy;
    return free_.push_back({next_outage(replica)->up, replica});
  }
  const auto next = queue_of(replica).line.take(loop_.now(), [&](const WaitingLine::Ticket& late) {
    release(replica, *late.customer, true);
    reject(*late.customer);
  });
  if (next) return start(replica, next->customer);
  --replicas_[replica].busy;
  if (central_) free_.push_back({loop_.now(), replica});
}

void EventPool::release(std::uint32_t replica, const Customer& customer, bool dropped) {
  const SimTime arrived = customer.visit.arrival;
  replicas_[replica].cost.end(loop_.now(), loop_.now() - arrived);
  if (!queue_of(replica).limit) return;
  queue_of(replica).limit->add(
      {arrived, loop_.now() - arrived, customer.in_system, dropped}, [&](std::uint64_t probes) {
        return draws_.probe_jitter(place_.number, probes, central_ ? 0 : replica);
      });
}

}  // namespace haldane::test::oracle
