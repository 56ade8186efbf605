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

Cell::Cell(EventLoop& loop, const models::Plan& plan, const Draws& draws, std::vector<Books>& arms,
           std::uint32_t cell, Listeners listeners)
    : loop_(loop),
      plan_(plan),
      draws_(draws),
      arms_(arms),
      cell_(cell),
      listeners_(std::move(listeners)),
      losses_(plan, draws, arms) {
  if (const auto& tiers = plan.scenario.api->quota; !tiers.empty())
    quota_.emplace(tiers, draws.seed(), draws.replication());
  if (plan.dependency) dependency_.emplace(loop, plan, draws, arms[0], cell);
  for (std::uint32_t a = 0; a < plan.arms(); ++a) {
    const auto outages = a == 0 ? plan.api_outages[cell] : std::vector<std::vector<Outage>>{};
    const std::uint32_t place = 2 * cell + a;
    if (plan.api_by_events) {
      Dependency* needed = dependency_ ? &*dependency_ : nullptr;
      pools_.push_back(std::make_unique<EventPool>(
          loop, plan.api[a], EventPool::Place{place, outages, needed}, draws));
    } else {
      pools_.push_back(std::make_unique<StationPool>(loop, plan.api[a], place, outages));
    }
  }
}

void Cell::close() {
  for (const auto& pool : pools_) pool->close();
}

void Cell::expect(Call sent) {
  const auto call = std::make_shared<Call>(std::move(sent));
  const bool comes = comes_in_time(call);
  if (comes) {
    loop_.schedule({call->arrival, Phase::api_arrival, {call->sender, call->sequence}},
                   [this, call] { arrive(call); });
  }
  watch_patience(call, comes);
}

void Cell::expect_write(Call sent) {
  const auto call = std::make_shared<Call>(std::move(sent));
  const SimTime written = call->arrival - plan_.api_writes->link;
  call->arrival = call->arrival + losses_.delay(Losses::Way::write, written, *call);
  loop_.schedule({call->arrival, Phase::api_arrival, {call->sender, call->sequence}},
                 [this, call] { arrive(call); });
}

// A request that was lost at first comes later; not at all where no answer could be in time then.
bool Cell::comes_in_time(const CallPointer& call) {
  const Duration delay = losses_.delay(Losses::Way::request, call->sent, *call);
  if (delay == Duration{}) return true;
  const bool somebody_waits = !call->background && !call->alone;
  const Duration client = plan_.scenario.traffic.client.timeout;
  const Duration patience =
      somebody_waits ? std::min(client, plan_.fetch_timeout) : plan_.fetch_timeout;
  const Duration link = plan_.scenario.links.edge_to_api;
  if (patience < delay + link + link) return false;
  call->arrival = call->arrival + delay;
  return true;
}

// Who asked hears nothing for so long: the client gives up, or the site.
void Cell::watch_patience(const CallPointer& call, bool comes) {
  const SimTime end = end_of_patience(*call);
  if (end != SimTime::never() && comes && finds_out()) {
    loop_.schedule({end, Phase::api_patience, call->stamp(0)}, [this, call] {
      if (!call->departed) give_up(call);
    });
  } else if (end != SimTime::never()) {
    give_up(call);
  }
  if (plan_.fetch_timeout == Duration::max()) return;
  loop_.schedule({call->sent + plan_.fetch_timeout, Phase::site, call->stamp(2)}, [this, call] {
    if (!std::exchange(call->settled, true)) listeners_.answered(*call, false);
  });
}

SimTime Cell::end_of_patience(const Call& call) const {
  const Duration patience = plan_.scenario.traffic.client.timeout;
  const bool nobody_waits = call.background || call.alone || patience == Duration::max();
  return nobody_waits ? SimTime::never() : call.sent + patience;
}

// Behind a link of 0 a cell that finds out finds it out in the nanosecond in which it happens.
bool Cell::finds_out() const {
  return plan_.api_by_events && plan_.scenario.links.edge_to_api == Duration{};
}

// Once the client's patience ends, unless it has its answer then.
void Cell::give_up(const CallPointer& call) {
  const SimTime end = end_of_patience(*call);
  if (plan_.site_concludes) {
    loop_.schedule({end, Phase::site, call->stamp(3)}, [this, call] {
      if (call->settled) return;
      call->concluded = true;
      listeners_.gave_up(*call);
    });
  } else {
    loop_.schedule({end, Phase::client, call->stamp(1)}, [this, call] {
      if (!call->concluded) conclude(call, false);
    });
  }
}

void Cell::arrive(const CallPointer& call) {
  const std::size_t arm = call->request.canary ? 1 : 0;
  Pool& pool = *pools_[arm];
  const std::uint64_t before = pool.waiting();
  if (!within_quota(*call)) {
    const SimTime now = loop_.now();
    return depart(call, {now, now, now, now, true});
  }
  const bool hashes = plan_.api[0].balancer == models::Balancer::consistent_hash;
  const std::uint64_t word =
      hashes ? mix(call->request.object + 0x7c3aa3f4d1b7e5a9ULL) : draws_.service(*call).second;
  pool.arrive(word, customer_of(call));
  const std::uint64_t waiting = pool.waiting();
  if (waiting == before || loop_.now() >= plan_.end) return;
  arms_[arm].note(Gauge::api_queue, cell_, arms_[arm].bin_of(loop_.now()),
                  static_cast<std::int64_t>(waiting));
}

// Who is refused meets no replica. Quotas are those of clients.
bool Cell::within_quota(const Call& call) {
  const SimTime now = loop_.now();
  if (!quota_ || call.is_write || quota_->admit(now, call.request.id())) return true;
  if (now < plan_.end) arms_[call.request.canary ? 1 : 0].count(Counter::api_over_quota, now);
  return false;
}

Customer Cell::customer_of(const CallPointer& call) {
  Customer customer;
  customer.service = [this, call](SimTime start, std::uint32_t replica) {
    return service(*call, start, replica);
  };
  customer.done = [this, call](const Visit& visit) { depart(call, visit); };
  customer.id = call->request.id();
  customer.lane = Draws::lane(*call);
  customer.deadline = deadline_of(*call);
  customer.urgent = !call->background;
  return customer;
}

Duration Cell::service(const Call& call, SimTime start, std::uint32_t replica) const {
  const models::ApiArmPlan& arm = plan_.api[call.request.canary ? 1 : 0];
  const std::uint64_t word = draws_.service(call).first;
  const bool by_class = !arm.class_services.empty();
  const sim::Distribution& whole =
      by_class ? arm.class_services[plan_.classes.class_of(call.request.object)] : arm.service;
  const bool brief = call.not_modified && arm.not_modified_service;
  double ns = (brief                                ? *arm.not_modified_service
               : call.is_write && arm.write_service ? *arm.write_service
                                                    : whole)
                  .sample(word);
  if ((mix(word) >> 32) < arm.slow_threshold) ns *= arm.slow_factor;
  double factor = arm.slow_down.at(start);
  if (replica < arm.some_replicas.size()) factor *= arm.some_replicas[replica].slow_down.at(start);
  return nanoseconds(ns * factor);
}

// From when on nobody wants the answer.
SimTime Cell::deadline_of(const Call& call) const {
  const models::ReplicaQueueSpec& queue = plan_.api[call.request.canary ? 1 : 0].queue;
  SimTime deadline = SimTime::never();
  if (queue.deadline != Duration::max()) deadline = call.arrival + queue.deadline;
  if (queue.drop_client_gone && !call.background)
    deadline = std::min(deadline, call.sent + plan_.scenario.traffic.client.timeout);
  return deadline;
}

void Cell::depart(const CallPointer& call, const Visit& visit) {
  const models::ApiArmPlan& arm = plan_.api[call->request.canary ? 1 : 0];
  const std::uint64_t word = draws_.outcome(*call).first;
  const bool ok = !visit.rejected && !visit.crashed && !visit.failed &&
                  !falls_below(failure_threshold(arm, visit), word);
  if (visit.arrival < plan_.end) measure(*call, visit, ok);
  if (call->is_write) return end_write(call, visit, ok);
  if (visit.departure == SimTime::never()) return;
  const SimTime now = visit.departure;
  const bool makes_job = (mix(draws_.service(*call).first) & 0xffffffffU) < arm.enqueue_threshold;
  if (ok && makes_job && plan_.scenario.workers) {
    const SimTime there =
        now + plan_.scenario.links.api_to_workers + losses_.delay(Losses::Way::job, now, *call);
    loop_.schedule({there, Phase::worker_arrival, call->stamp(0)},
                   [this, call] { listeners_.job(*call); });
  }
  call->departed = true;
  call->born = now + plan_.scenario.links.edge_to_api;
  const SimTime back = call->born + losses_.delay(Losses::Way::answer, now, *call);
  if (finds_out() && !call->concluded && end_of_patience(*call) < back) give_up(call);
  answer(call, back, ok);
}

// Served, written again to the same cell, or lost: at once, or with who never answers.
void Cell::end_write(const CallPointer& call, const Visit& visit, bool ok) {
  Books& books = arms_[call->request.canary ? 1 : 0];
  const auto count = [&](Counter counter) {
    if (visit.arrival < plan_.end) books.count(counter, visit.arrival);
  };
  count(Counter::api_writes);
  const bool departs = visit.departure != SimTime::never();
  if (departs && ok) return listeners_.written(*call);
  count(Counter::api_write_errors);
  const models::ApiWritesPlan& rules = *plan_.api_writes;
  if (!departs || call->request.attempt >= rules.max_attempts)
    return count(Counter::api_writes_lost);
  Call again = *call;
  again.arrival = visit.departure + rules.link + rules.link + draws_.write_pause(*call);
  if (again.arrival >= plan_.end) return;
  ++again.request.attempt;
  again.sender = 0xfffc;
  again.sequence = mix(call->request.id()) >> 16;
  expect_write(std::move(again));
}

void Cell::answer(const CallPointer& call, SimTime back, bool ok) {
  if (plan_.scenario.edge || plan_.site_concludes) {
    loop_.schedule({back, Phase::site, call->stamp(1)}, [this, call, ok] {
      if (!std::exchange(call->settled, true)) listeners_.answered(*call, ok);
    });
  }
  if (call->background || plan_.site_concludes) return;
  loop_.schedule({back, Phase::client, call->stamp(0)}, [this, call, ok] {
    if (!call->concluded) conclude(call, ok);
  });
}

// What a request measures belongs to the time at which it reached the cell.
void Cell::measure(const Call& call, const Visit& visit, bool ok) {
  Books& books = arms_[call.request.canary ? 1 : 0];
  books.count(Counter::api_requests, visit.arrival);
  if (!ok) books.count(Counter::api_errors, visit.arrival);
  books.occupy(Counter::api_queue_time, visit.arrival, std::min(visit.start, plan_.end));
  if (visit.rejected) return books.count(Counter::api_rejected, visit.arrival);
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

}  // namespace haldane::test::oracle
