#include "models/tiers/api/api_cell.h"

#include <algorithm>

#include "models/tiers/record/capacity.h"

namespace haldane::models {
namespace {

bool may_fail(const ApiArmPlan& arm) {
  return !arm.some_replicas.empty() || !arm.failure_threshold.is_constant() ||
         arm.failure_threshold.at(SimTime::zero()) > 0;
}

Duration slow_call(const ClientSpec& client) {
  return client.breaker ? client.breaker->slow_call : Duration::max();
}

}  // namespace

ApiCell::Arm::Arm(const ApiArmPlan& arm_plan, std::span<const std::vector<Outage>> outages,
                  const Plan& run, const sim::BinLocator& bins)
    : plan(&arm_plan),
      pool(arm_plan, outages),
      recorder(run.grid),
      busy(bins),
      waiting(bins),
      queue(run.grid.bins()) {}

ApiCell::ApiCell(const Plan& plan, std::uint32_t cell, std::uint64_t seed,
                 std::uint64_t replication, const sim::BinLocator& bins,
                 std::uint64_t sample_threshold)
    : plan_(&plan),
      cell_(cell),
      bins_(&bins),
      // Keyed by request, not by cell: a request meets the same luck wherever it is served.
      service_key_(seed, replication, 0, sim::Purpose::service),
      outcome_key_(seed, replication, 1, sim::Purpose::service),
      link_(plan.scenario.links.edge_to_api),
      job_link_(plan.scenario.links.api_to_workers),
      timeout_(plan.scenario.traffic.client.timeout),
      slow_call_(slow_call(plan.scenario.traffic.client)),
      attempts_(plan.scenario.traffic.client.attempts),
      closed_loop_(plan.scenario.traffic.arrivals.process == ArrivalsSpec::Process::closed_loop),
      fills_(plan.responses_needed && plan.tiers.edge),
      site_concludes_(plan.site_concludes),
      fetch_timeout_(plan.fetch_timeout),
      failures_matter_(may_fail(plan.api[0]) || (plan.arms() == 2 && may_fail(plan.api[1]))),
      outcome_matters_(attempts_ > 1 || failures_matter_ || plan.api_writes),
      sample_threshold_(sample_threshold),
      samples_some_(sample_threshold != 0),
      lifetimes_(plan, seed, replication),
      stamp_(1 + cell),
      to_sites_(plan.sites()) {
  outcomes_.expiries.fill(CacheEntry::never);
  add_arms();
  if (plan.scenario.api->autoscaler) add_scaler(seed, replication);
  add_options(seed, replication);
}

void ApiCell::add_options(std::uint64_t seed, std::uint64_t replication) {
  hedges_ = plan_->scenario.traffic.client.hedge.has_value();
  if (plan_->api_by_events) add_pools(seed, replication);
  shield_ = make_shield(*plan_, seed, replication);
  losses_ = make_link_losses(*plan_, seed, replication, *bins_);
  if (plan_->api_writes) writes_ = std::make_unique<WriteBacks>(*plan_);
  if (losses_ || writes_) answers_plainly_ = false;
  const std::vector<QuotaTier>& tiers = plan_->scenario.api->quota;
  if (!tiers.empty()) quota_ = std::make_unique<QuotaGate>(tiers, seed, replication);
}

void ApiCell::add_arms() {
  arms_.reserve(2);
  arms_.emplace_back(plan_->api[0], plan_->api_outages[cell_], *plan_, *bins_);
  if (plan_->arms() == 2)
    arms_.emplace_back(plan_->api[1], std::span<const std::vector<Outage>>{}, *plan_, *bins_);
  answers_plainly_ = arms_.size() == 1 && !closed_loop_ && !site_concludes_;
}

void ApiCell::add_scaler(std::uint64_t seed, std::uint64_t replication) {
  const ApiArmPlan& arm = plan_->api[0];
  const ScaledTier tier{&*plan_->scenario.api->autoscaler,
                        cell_,
                        arm.replicas,
                        arm.replicas_max,
                        arm.concurrency,
                        plan_->api_outages[cell_],
                        Counter::api_replica_time,
                        Counter::api_slot_time,
                        Gauge::api_replicas,
                        plan_->scenario.cost.api_replica_per_hour,
                        {seed, replication, cell_, sim::Purpose::startup}};
  scaler_ = std::make_unique<ReplicaScaler>(*plan_, tier, *bins_);
  next_scale_ = SimTime::zero();
}

void ApiCell::deliver(Outbox<ApiRequest>& outbox) {
  if (outbox.empty()) return;
  // One site's requests come in order; only a second site's make sorting necessary.
  if (inbox_.empty()) {
    inbox_.swap(outbox);
  } else {
    inbox_.append(outbox.messages());
    sorted_ = false;
  }
  outbox.clear();
}

SimTime ApiCell::next_time() const {
  SimTime next = SimTime::never();
  for (const ApiRequest& request : inbox_.messages()) next = std::min(next, request.order.time);
  if (by_events_) next = std::min(next, next_event());
  if (writes_) next = std::min(next, writes_->coming.next_time());
  return next;
}

void ApiCell::sort_inbox() {
  if (sorted_) return;
  const std::span<ApiRequest> requests = inbox_.messages();
  std::sort(requests.begin(), requests.end(),
            [](const ApiRequest& a, const ApiRequest& b) { return a.order < b.order; });
  sorted_ = true;
}

void ApiCell::advance(SimTime horizon) {
  earliest_to_sites_ = SimTime::never();
  if (writes_) take_writes(horizon);
  if (losses_) delay_arrivals();
  sort_inbox();
  const std::span<const ApiRequest> waiting = inbox_.messages();
  const auto end = std::partition_point(
      waiting.begin(), waiting.end(),
      [horizon](const ApiRequest& request) { return request.order.time < horizon; });
  std::span<const ApiRequest> due(waiting.begin(), end);
  const std::size_t count = due.size();
  if (by_events_) {
    advance_by_events(due, horizon);
    due = {};
  } else if (shield_) {
    advance_behind_shield(due);
    due = {};
  } else if (losses_) {
    advance_with_losses(due);
    due = {};
  }
  while (!due.empty()) {
    const auto requests = due.first(batch_of(due));
    admit(requests);
    settle(requests);
    due = due.subspan(requests.size());
  }
  inbox_.drop_front(count);
  examined_ = inbox_.size();
}

// A batch lies within one time bin, so that its counts belong together, and sees one set of
// replicas. Opens that bin.
std::size_t ApiCell::batch_of(std::span<const ApiRequest> due) {
  const SimTime first = due.front().order.time;
  for (Arm& arm : arms_) arm.recorder.advance(first);
  if (first >= next_scale_) [[unlikely]]
    scale(first);
  const SimTime end = std::min(arms_[0].recorder.bin_end(), next_scale_);
  std::size_t size = std::min(due.size(), batch_capacity);
  while (due[size - 1].order.time >= end) --size;
  return size;
}

void ApiCell::scale(SimTime now) {
  scaler_->advance(arms_[0].pool, now);
  next_scale_ = scaler_->next_time();
}

void ApiCell::tell_scaler(std::span<const ApiRequest> requests) {
  for (std::size_t i = 0; i < requests.size(); ++i) {
    if (requests[i].tag.canary || (quota_ && outcomes_.over_quota[i])) continue;
    if (batch_.fates[i] == Fate::rejected) {
      scaler_->signals().came(batch_.times[i]);
    } else {
      scaler_->signals().served(batch_.times[i], batch_.starts[i], batch_.departures[i]);
    }
  }
}

// First come, first served, nothing that follows from one admission can change another: all are
// made in one loop of their own, which processors run several customers deep.
void ApiCell::admit(std::span<const ApiRequest> requests) {
  draw_for(requests);
  batch_.size = requests.size();
  if (quota_) {
    admit_within_quota(requests);
    return;
  }
  if (arms_.size() == 1) {
    arms_[0].pool.admit(batch_, Everybody());
    return;
  }
  for (const bool canary : {false, true}) {
    arms_[canary ? 1 : 0].pool.admit(
        batch_, [&](std::size_t i) { return requests[i].tag.canary == canary; });
  }
}

bool ApiCell::within_quota(Arm& arm, const ApiRequest& request) {
  const SimTime now = request.order.time;
  if (!quota_ || request.tag.is_write() || quota_->admit(now, request.tag.id)) return true;
  if (now < plan_->end) ++arm.tally(Tally::over_quota);
  return false;
}

// Who is refused meets no replica: it costs no service and moves no balancer.
void ApiCell::admit_within_quota(std::span<const ApiRequest> requests) {
  for (std::size_t i = 0; i < requests.size(); ++i) {
    outcomes_.over_quota[i] = !within_quota(arm_of(requests[i]), requests[i]);
    if (outcomes_.over_quota[i]) batch_.set(i, {batch_.times[i], batch_.times[i], true, false});
  }
  for (std::size_t a = 0; a < arms_.size(); ++a) {
    arms_[a].pool.admit(batch_, [&](std::size_t i) {
      return !outcomes_.over_quota[i] && requests[i].tag.canary == (a == 1);
    });
  }
}

[[gnu::always_inline]] inline void ApiCell::measure(Arm& arm, std::size_t i) {
  const SimTime now = batch_.times[i];
  const SimTime start = batch_.starts[i];
  ++arm.tally(Tally::requests);
  if (!outcomes_.ok[i]) ++arm.tally(Tally::errors);
  if (batch_.fates[i] == Fate::rejected) {
    ++arm.tally(Tally::rejected);
    return;
  }
  if (start == SimTime::never()) {  // waits behind an outage that never ends
    arm.waiting.add(now, plan_->end);
    if (!by_events_) note_queue(arm, now, start);
    return;
  }
  arm.waits.add(start - now);
  arm.totals.add(batch_.departures[i] - now);
  arm.busy.add(start, batch_.departures[i]);
  if (start == now) return;
  arm.waiting.add(now, start);
  if (!by_events_) note_queue(arm, now, start);
}

// The queue is longest just after somebody joined it, so looking then finds its true maximum.
void ApiCell::note_queue(Arm& arm, SimTime now, SimTime start) {
  while (arm.starts.next_time() <= now) arm.starts.pop();
  arm.starts.push({{start, stamp_()}});
  arm.queue.note(arm.recorder.bin(), static_cast<std::int64_t>(arm.starts.size()));
}

[[gnu::always_inline]] inline void ApiCell::follow(const ApiRequest& request, std::size_t i) {
  const SimTime departure = batch_.departures[i];
  const bool ok = outcomes_.ok[i];
  Arm& arm = arm_of(request);
  digest_.add(word_of(request, departure, ok));
  if (request.tag.is_write()) [[unlikely]]
    return end_write(request, arm, i);
  if (departure == SimTime::never()) [[unlikely]]  // queued behind an outage that never ends
    return be_lost(request, arm, i);
  if (ok && makes_job(arm.plan->enqueue_threshold, draws_.service_words[i]))
    enqueue(request.tag, departure + link_of_job(request.tag, departure), stamp_());
  if (site_concludes_) return leave_to_site(request, i);
  answer(request, arm, i);
}

// No answer ever comes: a client may give up.
void ApiCell::be_lost(const ApiRequest& request, Arm& arm, std::size_t i) {
  if (site_concludes_) return leave_to_site(request, i);
  if (timeout_ == Duration::max() || request.tag.background) return;
  conclude(request, arm, sent_at(request) + timeout_, AttemptEnd::timed_out,
           draws_.backoff_words[i]);
}

// What a breaker learns, when its caller does.
void ApiCell::report_call(const ApiRequest& request, Duration took, bool failed) {
  if (took == Duration::max()) return;
  const CallReport call{failed, slow_call_ < took, cell_};
  tell_site(EdgeEvent::Kind::call_ended, sent_at(request) + took, request.tag, call.packed());
}

void ApiCell::enqueue(const RequestTag& tag, SimTime at, std::uint64_t stamp) {
  Job& job = to_workers_.append();
  job.order = {at, stamp};
  job.id = tag.id;
  job.object = tag.object;
  job.attempt = 1;
  job.canary = tag.canary;
}

// The site hears of the answer, or that it took too long, and settles with the client itself.
void ApiCell::leave_to_site(const ApiRequest& request, std::size_t i) {
  using Kind = EdgeEvent::Kind;
  const SimTime sent = sent_at(request);
  const bool lost = batch_.departures[i] == SimTime::never();
  const Duration took = lost ? Duration::max() : answer_time(request, i) - sent;
  if (is_given_up(request.tag)) return;  // it has been told, though its answer is sent
  const bool too_long = fetch_timeout_ < took;
  const Duration settled = std::min(took, fetch_timeout_);
  const bool late = timeout_ < settled && !request.tag.background && !request.tag.alone;
  if (!request.tag.concluded) {
    if (slow_call_ != Duration::max())
      report_call(request, late ? timeout_ : settled, late || too_long || !outcomes_.ok[i]);
    if (late) tell_site(Kind::client_gave_up, sent + timeout_, request.tag);
  }
  if (settled == Duration::max()) return;
  if (outcomes_.ok[i] && !too_long) {
    const Kind kind = request.tag.background ? Kind::response
                      : late                 ? Kind::late_response
                                             : Kind::held_response;
    tell_site(kind, sent + settled, request.tag, outcomes_.expiries[i]);
  } else {
    const bool held = !late && !request.tag.background;
    tell_site(held ? Kind::held_failure : Kind::failed_response, sent + settled, request.tag);
  }
}

[[gnu::always_inline]] inline void ApiCell::answer(const ApiRequest& request, Arm& arm,
                                                   std::size_t i) {
  const SimTime answered = answer_time(request, i);
  const bool ok = outcomes_.ok[i];
  if (fills_) {
    tell_site(ok ? EdgeEvent::Kind::response : EdgeEvent::Kind::failed_response, answered,
              request.tag, outcomes_.expiries[i]);
  }
  if (request.tag.background | request.tag.concluded) return;
  const SimTime sent = sent_at(request);
  const bool late = timeout_ < answered - sent;
  const AttemptEnd end = late ? AttemptEnd::timed_out
                         : ok ? AttemptEnd::succeeded
                              : AttemptEnd::failed;
  conclude(request, arm, late ? sent + timeout_ : answered, end, draws_.backoff_words[i]);
}

// What follow() does, for an answer that is not the cell's.
void ApiCell::hand_on(const ApiRequest& request) {
  Arm& arm = arm_of(request);
  if (batch_.departures[0] == SimTime::never()) return be_lost(request, arm, 0);
  if (site_concludes_) return leave_to_site(request, 0);
  answer(request, arm, 0);
}

// The end of one attempt as the client sees it: success, another attempt, or giving up.
inline void ApiCell::conclude(const ApiRequest& request, Arm& arm, SimTime at, AttemptEnd end,
                              std::uint64_t word) {
  const RequestTag& tag = request.tag;
  const bool ok = end == AttemptEnd::succeeded;
  if (!ok && tag.attempt < attempts_) {
    const Backoff& backoff = plan_->client_backoff;
    // Attempts count from 1, so that lane 0 is free.
    const std::uint64_t chain = backoff.chained() ? sim::draw(outcome_key_, tag.id).first : 0;
    const Duration pause = backoff.pause(tag.attempt, word, chain);
    RequestTag again = tag;
    ++again.attempt;
    tell_site(EdgeEvent::Kind::retry, at + pause, again);
    return;
  }
  if (!ok) {  // belongs with the request, which was counted when it was asked
    ++arm.recorder.in_bin(bins_->bin_of(tag.asked), static_cast<std::size_t>(Tally::client_errors));
  }
  const Duration latency = at - tag.asked;
  arm.clients.add(latency);
  if (closed_loop_) tell_site(EdgeEvent::Kind::client_ready, at, tag);
  if (samples_some_) [[unlikely]]
    sample(tag, at, ok);
}

// Column by column rather than request by request: each loop is short enough for a processor to
// work on many requests at once.
void ApiCell::settle(std::span<const ApiRequest> requests) {
  events_ += 2 * requests.size();  // arrival and departure
  find_outcomes(requests);
  if (scaler_) tell_scaler(requests);
  if (!settled_ordinarily(requests)) settle_one_by_one(requests);
  for (Arm& arm : arms_) {
    arm.latency(Latency::wait).record(arm.waits);
    arm.latency(Latency::total).record(arm.totals);
    arm.latency(Latency::client).record(arm.clients);
  }
}

void ApiCell::settle_one_by_one(std::span<const ApiRequest> requests) {
  for (std::size_t i = 0; i < requests.size(); ++i) {
    if (batch_.times[i] < plan_->end) measure(arm_of(requests[i]), i);
  }
  if (trace_.on()) [[unlikely]] {
    for (std::size_t i = 0; i < requests.size(); ++i) note_visit(requests[i], i);
  }
  for (std::size_t i = 0; i < requests.size(); ++i) follow(requests[i], i);
}

void ApiCell::measure_leaving(Arm& arm, const ApiRequest& request) {
  if (request.order.time < plan_->end) measure(arm, leaving);
  if (trace_.on()) [[unlikely]]
    note_visit(request, leaving);
}

void ApiCell::follow_leaving(const ApiRequest& request) {
  follow(request, leaving);
}

void ApiCell::conclude_late(Arm& arm, const ApiRequest& request, std::uint64_t word) {
  const SimTime at = sent_at(request) + timeout_;
  if (!site_concludes_) return conclude(request, arm, at, AttemptEnd::timed_out, word);
  if (slow_call_ != Duration::max()) report_call(request, timeout_, true);
  tell_site(EdgeEvent::Kind::client_gave_up, at, request.tag);
}

}  // namespace haldane::models
