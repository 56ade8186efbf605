// An API cell whose replicas are served by events.
//
// What admission would say is said when it happens: a request is settled at its departure, with the
// code and the draws of settling at admission, and its records go to the time of its arrival. Only
// the client and the site cannot wait for it: once an answer would come too late, the client has
// given up, or the fetch has failed, whatever becomes of the request.
//
// At one instant departures come first, then arrivals, then the patience of clients and sites.
// Messages carry the number of their request's arrival, so that what coincides at a site has one
// order however it was found out.
#include <algorithm>
#include <iterator>
#include <utility>

#include "models/tiers/api/api_cell.h"

namespace haldane::models {

void ApiCell::add_pools(std::uint64_t seed, std::uint64_t replication) {
  by_events_ = std::make_unique<ByEvents>();
  if (plan_->dependency)
    by_events_->dependency = std::make_unique<Dependency>(*plan_, seed, replication, *bins_);
  for (std::uint32_t a = 0; a < arms_.size(); ++a) {
    EventPool::Place place{
        {}, seed, replication, 2 * std::uint64_t{cell_} + a, by_events_->dependency.get()};
    if (a == 0) place.outages = plan_->api_outages[cell_];
    by_events_->pools.emplace_back(*arms_[a].plan, place);
  }
  if (!scaler_) return;
  by_events_->pools[0].tell(scaler_->signals());
  by_events_->next_scale = std::exchange(next_scale_, SimTime::never());
}

SimTime ApiCell::next_event() const {
  SimTime next = next_patience();
  for (const EventPool& pool : by_events_->pools) next = std::min(next, pool.next_time());
  // Who waits for replicas that come later is answered then.
  if (by_events_->pools[0].awaits_replicas()) next = std::min(next, by_events_->next_scale);
  return next;
}

void ApiCell::advance_by_events(std::span<const ApiRequest> due, SimTime horizon) {
  while (!due.empty()) {
    const auto requests = due.first(std::min(batch_of(due), leaving));
    draw_for(requests);
    for (std::size_t i = 0; i < requests.size(); ++i) {
      happen_until(requests[i].order.time);
      if (losses_ && never_arrives(requests[i])) {
        never_arrive(requests[i]);
      } else {
        arrive(requests[i], i);
      }
    }
    due = due.subspan(requests.size());
  }
  happen_before(horizon);
}

void ApiCell::happen_before(SimTime horizon) {
  happen_until(horizon - Duration::nanoseconds(1));
  while (next_patience() < horizon) lose_patience();
}

SimTime ApiCell::next_patience() const {
  SimTime next = SimTime::never();
  for (const auto* some : {&by_events_->patience, &by_events_->patience_of_sites})
    if (!some->empty()) next = std::min(next, some->front().until);
  return next;
}

// Departures and changes of the replicas up to and including `now`, in this order at one instant,
// and patience that ended before.
void ApiCell::happen_until(SimTime now) {
  auto& pools = by_events_->pools;
  while (true) {
    std::uint32_t arm = 0;
    if (pools.size() == 2 && pools[1].next_time() < pools[0].next_time()) arm = 1;
    const SimTime departure = pools[arm].next_time();
    const SimTime patience = next_patience();
    SimTime& scale = by_events_->next_scale;
    if (std::min({departure, patience, scale}) > now) return;
    if (departure <= std::min(patience, scale)) {
      step_pool(arm);
    } else if (scale <= std::min(patience, now)) {
      scaler_->advance(pools[0], scale);
      scale = scaler_->next_time();
    } else if (patience < now) {
      lose_patience();
    } else {
      return;
    }
  }
}

// From when on nobody wants the answer.
SimTime ApiCell::deadline_of(const ApiRequest& request) const {
  const ReplicaQueueSpec& queue = arms_[request.tag.canary ? 1 : 0].plan->queue;
  SimTime deadline = SimTime::never();
  if (queue.deadline != Duration::max()) deadline = request.order.time + queue.deadline;
  if (queue.drop_client_gone && !request.tag.background)
    deadline = std::min(deadline, sent_at(request) + timeout_);
  return deadline;
}

void ApiCell::arrive(const ApiRequest& request, std::size_t i) {
  const std::uint32_t a = request.tag.canary ? 1 : 0;
  Arm& arm = arms_[a];
  EventPool& pool = by_events_->pools[a];
  const SimTime now = request.order.time;
  const Arrival arrival{request, batch_.service_ns[i], batch_.pick_words[i], by_events_->arrivals++,
                        deadline_of(request)};
  const std::uint64_t before = pool.waiting();
  const auto leaves = [this, a](const InFlight& done, const Admission& admission) {
    leave(a, done, admission);
  };
  const bool within = within_quota(arm, request);
  const std::uint32_t index = within ? pool.arrive(arrival, leaves) : EventPool::nobody;
  if (index == EventPool::nobody) {
    InFlight rejected;
    rejected.tag = request.tag;
    rejected.tag.concluded = rejected.tag.failed = false;
    rejected.arrival = now;
    rejected.number = arrival.number;
    return leave(a, rejected, {now, now, true, false});
  }
  if (pool.waiting() > before && now < plan_->end)
    arm.queue.note(arm.recorder.bin(), static_cast<std::int64_t>(pool.waiting()));
  // Who is as patient as its site hears that the fetch has failed.
  if (timeout_ < fetch_timeout_ && !request.tag.background && !request.tag.alone)
    expect_answer(request, arrival.number, index);
  if (fetch_timeout_ != Duration::max() && !request.tag.is_write())
    expect_fetch(request, arrival.number, index);
}

// Only lost packets make an older call come later.
void ApiCell::insert(std::deque<ByEvents::Patience>& into, const ByEvents::Patience& patience) {
  auto place = into.end();
  while (place != into.begin() && patience.until < std::prev(place)->until) --place;
  into.insert(place, patience);
}

void ApiCell::expect_fetch(const ApiRequest& request, std::uint64_t number, std::uint32_t index) {
  const std::uint32_t a = request.tag.canary ? 1 : 0;
  InFlight& kept = by_events_->pools[a].at(index);
  if (kept.number != number) return;  // it has left already
  const SimTime until = sent_at(request) + fetch_timeout_ - link_;
  if (until >= request.order.time) {
    insert(by_events_->patience_of_sites, {until, number, a, index});
  } else {
    give_up_fetch(kept);
  }
}

void ApiCell::expect_answer(const ApiRequest& request, std::uint64_t number, std::uint32_t index) {
  const std::uint32_t a = request.tag.canary ? 1 : 0;
  InFlight& kept = by_events_->pools[a].at(index);
  if (kept.number != number) return;  // it has left already
  const SimTime until = sent_at(request) + timeout_ - link_;
  if (until >= request.order.time) {
    insert(by_events_->patience, {until, number, a, index});
  } else {
    kept.tag.concluded = true;
    give_up(arms_[a], request, number);
  }
}

void ApiCell::step_pool(std::uint32_t arm) {
  EventPool& pool = by_events_->pools[arm];
  const SimTime now = pool.next_time();
  pool.step([this, arm](const InFlight& request, const Admission& admission) {
    leave(arm, request, admission);
  });
  if (scaler_ && arm == 0 && pool.emptied() != EventPool::nobody)
    scaler_->departed(pool.emptied(), now);
}

void ApiCell::lose_patience() {
  const auto& clients = by_events_->patience;
  if (clients.empty() || clients.front().until > next_patience()) return lose_patience_of_site();
  const ByEvents::Patience client = by_events_->patience.front();
  by_events_->patience.pop_front();
  InFlight& request = by_events_->pools[client.arm].at(client.index);
  if (request.number != client.number) return;
  const ApiRequest who{{request.arrival, 0}, request.tag};  // as it came: its client may ask again
  request.tag.concluded = true;
  give_up(arms_[client.arm], who, client.number);
}

void ApiCell::lose_patience_of_site() {
  const ByEvents::Patience site = by_events_->patience_of_sites.front();
  by_events_->patience_of_sites.pop_front();
  InFlight& request = by_events_->pools[site.arm].at(site.index);
  if (request.number == site.number) give_up_fetch(request);
}

// As leave_to_site() says it of a fetch that takes too long.
void ApiCell::give_up_fetch(InFlight& request) {
  using Kind = EdgeEvent::Kind;
  const ApiRequest who{{request.arrival, 0}, request.tag};
  const RequestTag& tag = who.tag;
  stamp_ = sim::KeyStamp(1 + cell_, messages_each * request.number + messages_each / 4 * 3);
  const bool late = timeout_ < fetch_timeout_ && !tag.background && !tag.alone;
  if (!late && slow_call_ != Duration::max()) report_call(who, fetch_timeout_, true);
  const bool held = !late && !tag.background;
  tell_site(held ? Kind::held_failure : Kind::failed_response, sent_at(who) + fetch_timeout_, tag);
  request.tag.alone = request.tag.concluded = true;
}

// At an instant, what its answer says goes before.
void ApiCell::give_up(Arm& arm, const ApiRequest& request, std::uint64_t number) {
  stamp_ = sim::KeyStamp(1 + cell_, messages_each * number + messages_each / 2);
  const std::uint64_t lane = request.tag.lane();
  const std::uint64_t word =
      outcome_matters_ ? sim::draw(outcome_key_, request.tag.id, lane).second : 0;
  record_at(arm, request.order.time, [&] { conclude_late(arm, request, word); });
}

// With the records of the bin of an arrival that may be long ago.
template <class Record>
void ApiCell::record_at(Arm& arm, SimTime arrival, const Record& record) {
  const std::size_t bin = arrival < plan_->end ? bins_->bin_of(arrival) : plan_->grid.bins() - 1;
  arm.recorder.swap_counters(bin);
  record();
  arm.recorder.swap_counters(bin);
  arm.recorder.record(static_cast<std::size_t>(Latency::wait), bin, arm.waits);
  arm.recorder.record(static_cast<std::size_t>(Latency::total), bin, arm.totals);
  arm.recorder.record(static_cast<std::size_t>(Latency::client), bin, arm.clients);
}

// What draw_for() drew when it came has been written over.
void ApiCell::draw_for_leaving(const Arm& arm, const RequestTag& tag) {
  draws_.ids[leaving] = tag.id;
  if (arm.plan->enqueue_threshold > 0)
    draws_.service_words[leaving] = sim::draw(service_key_, tag.id, tag.lane()).first;
  if (!outcome_matters_) return;
  const sim::RandomWords words = sim::draw(outcome_key_, tag.id, tag.lane());
  draws_.outcome_words[leaving] = words.first;
  draws_.backoff_words[leaving] = words.second;
}

void ApiCell::leave(std::uint32_t a, const InFlight& request, const Admission& admission) {
  Arm& arm = arms_[a];
  const ApiRequest done{{request.arrival, 0}, request.tag};
  const SimTime arrival = done.order.time;
  batch_.times[leaving] = arrival;
  batch_.set(leaving, admission);
  draw_for_leaving(arm, done.tag);
  const auto word = static_cast<double>(draws_.outcome_words[leaving] >> 32);
  batch_.replicas[leaving] = request.station;
  const bool failed = failures_matter_ && word < failure_threshold(*arm.plan, leaving);
  outcomes_.ok[leaving] = batch_.fates[leaving] == Fate::served && !failed && !done.tag.failed;
  by_events_->pools[a].tell_outcome(admission.departure, request, outcomes_.ok[leaving]);
  if (fills_ && !lifetimes_.for_ever())
    outcomes_.expiries[leaving] =
        lifetimes_.expiry_of(done.tag.object, admission.departure + link_, done.tag.id);
  stamp_ = sim::KeyStamp(1 + cell_, messages_each * request.number);
  events_ += 2;  // arrival and departure
  record_at(arm, arrival, [&] {
    measure_leaving(arm, done);
    follow_leaving(done);
    if (admission.rejected && arrival < plan_->end) arm.waiting.add(arrival, admission.departure);
  });
  if (losses_) losses_->forget(done.tag);
}

// Behind outages that never end.
void ApiCell::abandon_waiting() {
  for (std::uint32_t a = 0; a < arms_.size(); ++a) {
    EventPool& pool = by_events_->pools[a];
    if (pool.next_time() != SimTime::never()) continue;  // the run was stopped
    pool.abandon([this, a](const InFlight& request) {
      const ApiRequest lost{{request.arrival, 0}, request.tag};
      batch_.times[leaving] = request.arrival;
      batch_.set(leaving, {SimTime::never(), SimTime::never(), false, true});
      batch_.replicas[leaving] = RequestVisit::nobody;
      outcomes_.ok[leaving] = false;
      events_ += 2;
      record_at(arms_[a], request.arrival, [&] { measure_leaving(arms_[a], lost); });
    });
  }
}

void ApiCell::report_events(std::vector<sim::Measurements>& measurements) {
  if (by_events_->dependency) by_events_->dependency->report(measurements[0]);
  for (std::uint32_t a = 0; a < arms_.size(); ++a) {
    const OutlierDetector* outliers = by_events_->pools[a].outliers();
    if (outliers == nullptr) continue;
    sim::IntervalSeries ejected(*bins_);
    for (const OutlierDetector::Ejection& ejection : outliers->log()) {
      if (ejection.from < plan_->end) ejected.add(ejection.from, std::min(ejection.to, plan_->end));
    }
    add_series(measurements[a].counters[index(Counter::api_ejected_time)], ejected.integrals());
  }
}

}  // namespace haldane::models
