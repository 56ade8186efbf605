#include "tests/support/oracle/api.h"

#include <algorithm>
#include <utility>

#include "sim/base/hash.h"

namespace haldane::test::oracle {

using models::Balancer;
using models::Counter;
using models::Gauge;
using models::Histogram;
using models::Outage;

namespace {

Duration nanoseconds(double ns) {
  return Duration::nanoseconds(static_cast<std::int64_t>(ns + 0.5));
}

double failure_threshold(const models::ApiArmPlan& arm, const Visit& visit) {
  const double all = arm.failure_threshold.at(visit.start);
  if (visit.rejected || visit.server >= arm.some_replicas.size()) return all;
  return std::max(all, arm.some_replicas[visit.server].failure_threshold.at(visit.start));
}

bool falls_below(double threshold, std::uint64_t word) {
  return static_cast<double>(word >> 32) < threshold;
}

}  // namespace

Pool::Pool(EventLoop& loop, const models::ApiArmPlan& plan, std::uint32_t place,
           const std::vector<std::vector<Outage>>& outages)
    : loop_(loop), plan_(plan) {
  Station::Setup setup;
  setup.slots_each = plan.concurrency;
  setup.queue_capacity = plan.queue_capacity;
  if (plan.balancer == Balancer::central_queue) {
    setup.place = place << 16;
    setup.servers = plan.replicas;
    setup.outages = outages;
    stations_.emplace_back(loop, std::move(setup));
    return;
  }
  setup.queue_dies = true;
  for (std::uint32_t r = 0; r < plan.replicas; ++r) {
    setup.place = (place << 16) + r;
    setup.first_server = r;
    setup.outages.clear();
    if (r < outages.size()) setup.outages.push_back(outages[r]);
    stations_.emplace_back(loop, setup);
  }
}

std::uint64_t Pool::waiting() const {
  std::uint64_t sum = 0;
  for (const Station& station : stations_) sum += station.waiting();
  return sum;
}

void Pool::close() {
  for (Station& station : stations_) station.close();
}

void Pool::arrive(std::uint64_t pick_word, Customer customer) {
  if (Station* station = pick(pick_word)) return station->arrive(std::move(customer));
  const SimTime now = loop_.now();
  customer.visit = {now, now, now, now, true, false};
  customer.done(customer.visit);
}

Station* Pool::pick(std::uint64_t word) {
  if (plan_.balancer == Balancer::central_queue) return &stations_[0];
  std::vector<Station*> up;
  for (Station& station : stations_) {
    if (station.is_up(0)) up.push_back(&station);
  }
  if (up.empty()) return nullptr;
  const auto at_random = [&](std::uint64_t half) { return up[(half * up.size()) >> 32]; };
  switch (plan_.balancer) {
    case Balancer::round_robin:
      return up[turn_++ % up.size()];
    case Balancer::random:
      return up[sim::to_index(word, up.size())];
    case Balancer::power_of_two: {
      Station* one = at_random(word >> 32);
      Station* other = at_random(word & 0xffffffffU);
      return load(*other) < load(*one) ? other : one;
    }
    default:
      break;
  }
  // Fewest requests; of equals the first from a random one on.
  const std::size_t first = sim::to_index(word, up.size());
  std::rotate(up.begin(), up.begin() + static_cast<std::ptrdiff_t>(first), up.end());
  return *std::min_element(up.begin(), up.end(),
                           [](const Station* a, const Station* b) { return load(*a) < load(*b); });
}

Cell::Cell(EventLoop& loop, const models::Plan& plan, const Draws& draws, std::vector<Books>& arms,
           std::uint32_t cell, Listeners listeners)
    : loop_(loop),
      plan_(plan),
      draws_(draws),
      arms_(arms),
      cell_(cell),
      listeners_(std::move(listeners)) {
  for (std::uint32_t a = 0; a < plan.arms(); ++a) {
    pools_.emplace_back(loop, plan.api[a], 2 * cell + a,
                        a == 0 ? plan.api_outages[cell] : std::vector<std::vector<Outage>>{});
  }
}

void Cell::close() {
  for (Pool& pool : pools_) pool.close();
}

void Cell::expect(Call sent) {
  const auto call = std::make_shared<Call>(std::move(sent));
  loop_.schedule({call->arrival, Phase::api_arrival, {call->request.site, call->sequence}},
                 [this, call] { arrive(call); });
  const Duration patience = plan_.scenario.traffic.client.timeout;
  if (call->background || patience == Duration::max()) return;
  loop_.schedule({call->sent + patience, Phase::client, call->stamp(1)}, [this, call] {
    if (!call->concluded) conclude(call, false);
  });
}

void Cell::arrive(const CallPointer& call) {
  const std::size_t arm = call->request.canary ? 1 : 0;
  const std::uint64_t before = pools_[arm].waiting();
  const sim::RandomWords words = draws_.service(*call);
  Customer customer;
  customer.service = [&plan = plan_.api[arm], word = words.first](SimTime start,
                                                                  std::uint32_t replica) {
    double ns = plan.service.sample(word);
    if ((mix(word) >> 32) < plan.slow_threshold) ns *= plan.slow_factor;
    ns *= plan.slow_down.at(start);
    if (replica < plan.some_replicas.size()) ns *= plan.some_replicas[replica].slow_down.at(start);
    return nanoseconds(ns);
  };
  customer.done = [this, call](const Visit& visit) { depart(call, visit); };
  pools_[arm].arrive(words.second, std::move(customer));
  const std::uint64_t waiting = pools_[arm].waiting();
  if (waiting == before || loop_.now() >= plan_.end) return;
  arms_[arm].note(Gauge::api_queue, cell_, arms_[arm].bin_of(loop_.now()),
                  static_cast<std::int64_t>(waiting));
}

void Cell::depart(const CallPointer& call, const Visit& visit) {
  const models::ApiArmPlan& arm = plan_.api[call->request.canary ? 1 : 0];
  const std::uint64_t word = draws_.outcome(*call).first;
  const bool ok =
      !visit.rejected && !visit.crashed && !falls_below(failure_threshold(arm, visit), word);
  if (visit.arrival < plan_.end) measure(*call, visit, ok);
  if (visit.departure == SimTime::never()) return;
  if (ok && (word & 0xffffffffU) < arm.enqueue_threshold && plan_.scenario.workers) {
    loop_.schedule({visit.departure + plan_.scenario.links.api_to_workers, Phase::worker_arrival,
                    call->stamp(0)},
                   [this, call] { listeners_.job(*call); });
  }
  const SimTime back = visit.departure + plan_.scenario.links.edge_to_api;
  if (plan_.scenario.edge) {
    loop_.schedule({back, Phase::site, call->stamp(1)},
                   [this, call, ok] { listeners_.answered(*call, ok); });
  }
  if (call->background) return;
  loop_.schedule({back, Phase::client, call->stamp(0)}, [this, call, ok] {
    if (!call->concluded) conclude(call, ok);
  });
}

// What a request measures belongs to the time at which it reached the cell.
void Cell::measure(const Call& call, const Visit& visit, bool ok) {
  Books& books = arms_[call.request.canary ? 1 : 0];
  books.count(Counter::api_requests, visit.arrival);
  if (!ok) books.count(Counter::api_errors, visit.arrival);
  if (visit.rejected) return books.count(Counter::api_rejected, visit.arrival);
  books.occupy(Counter::api_queue_time, visit.arrival, std::min(visit.start, plan_.end));
  if (visit.start == SimTime::never()) return;
  books.occupy(Counter::api_busy_time, visit.start, visit.departure);
  books.record(Histogram::api_wait, visit.arrival, visit.start - visit.arrival);
  books.record(Histogram::api_latency, visit.arrival, visit.departure - visit.arrival);
}

// The end of an attempt as its client sees it.
void Cell::conclude(const CallPointer& call, bool ok) {
  call->concluded = true;
  Request request = call->request;
  const SimTime now = loop_.now();
  if (!ok && request.attempt < plan_.scenario.traffic.client.attempts) {
    const Duration pause = draws_.client_pause(*call);
    ++request.attempt;
    loop_.schedule({now + pause, Phase::site, call->stamp(2)},
                   [this, request] { listeners_.retry(request); });
    return;
  }
  Books& books = arms_[request.canary ? 1 : 0];
  if (!ok) books.count(Counter::request_errors, request.asked);
  books.record(Histogram::client, call->arrival, now - request.asked);
  if (plan_.scenario.traffic.arrivals.process == models::ArrivalsSpec::Process::closed_loop) {
    loop_.schedule({now, Phase::site, call->stamp(2)},
                   [this, request] { listeners_.client_ready(request); });
  }
}

Workers::Workers(EventLoop& loop, const models::Plan& plan, const Draws& draws,
                 std::vector<Books>& arms)
    : loop_(loop), plan_(plan), draws_(draws), arms_(arms) {
  Station::Setup setup;
  setup.slot_phase = Phase::worker_slot;
  setup.outage_phase = Phase::worker_outage;
  setup.servers = plan.workers[0].replicas;
  setup.slots_each = plan.scenario.workers->concurrency;
  setup.queue_capacity = static_cast<std::uint64_t>(-1);
  setup.outages = plan.worker_outages;
  fleets_.emplace_back(loop, setup);
  if (plan.workers[1].replicas == 0) return;
  setup.place = 1;
  setup.servers = plan.workers[1].replicas;
  setup.outages.clear();
  fleets_.emplace_back(loop, setup);
}

void Workers::arrive(const Job& job) {
  const std::size_t arm = job.canary ? 1 : 0;
  const Served served{job, arrived_++, arm < fleets_.size() ? arm : 0};
  Customer customer;
  customer.service = [&plan = plan_.workers[arm], word = draws_.job_service(job.id, job.attempt)](
                         SimTime start, std::uint32_t) {
    return nanoseconds(plan.service.sample(word) * plan.slow_down.at(start));
  };
  customer.done = [this, served](const Visit& visit) { depart(served, visit); };
  Station& fleet = fleets_[served.fleet];
  const std::uint64_t before = fleet.waiting();
  fleet.arrive(std::move(customer));
  if (fleet.waiting() == before || loop_.now() >= plan_.end) return;
  const auto part = static_cast<std::uint32_t>(served.fleet);
  arms_[part].note(Gauge::worker_queue, part, arms_[part].bin_of(loop_.now()),
                   static_cast<std::int64_t>(fleet.waiting()));
}

void Workers::depart(const Served& served, const Visit& visit) {
  const Job& job = served.job;
  const std::size_t arm = job.canary ? 1 : 0;
  const bool counts = visit.arrival < plan_.end;
  if (counts) measure(served, visit);
  if (visit.departure == SimTime::never()) return;
  const bool failed = falls_below(plan_.workers[arm].failure_threshold.at(visit.start),
                                  draws_.job_outcome(job.id, job.attempt).first);
  if (!failed && !visit.crashed) return;
  const bool last = job.attempt >= plan_.scenario.workers->retries.max_attempts;
  if (counts) arms_[arm].count(last ? Counter::dead_letters : Counter::job_retries, visit.arrival);
  if (last) return;
  Job again = job;
  ++again.attempt;
  const Duration pause = draws_.job_pause(job.id, job.attempt);
  loop_.schedule({visit.departure + pause, Phase::worker_arrival, {itself, served.serial}},
                 [this, again] { arrive(again); });
}

void Workers::measure(const Served& served, const Visit& visit) {
  Books& books = arms_[served.job.canary ? 1 : 0];
  books.count(Counter::jobs, visit.arrival);
  if (visit.start != SimTime::never()) {
    books.record(Histogram::worker_wait, visit.arrival, visit.start - visit.arrival);
    books.occupy(Counter::worker_busy_time, visit.start, visit.departure);
  }
  if (visit.start == visit.arrival) return;
  const SimTime until = std::min(visit.start, plan_.end);
  books.occupy(Counter::worker_queue_time, visit.arrival, until);
  const auto part = static_cast<std::uint32_t>(served.fleet);
  arms_[part].age(Counter::worker_lag_time, visit.arrival, visit.head, until);
  arms_[part].note(Gauge::worker_lag, part, books.bin_of(until - Duration::nanoseconds(1)),
                   (until - visit.arrival).count_ns());
}

void Workers::close() {
  for (Station& fleet : fleets_) fleet.close();
}

}  // namespace haldane::test::oracle
