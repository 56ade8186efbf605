// Clients: what they ask in closed loops and retries, and how their attempts end. Included by
// edge_site.cpp.
#pragma once

#include "models/tiers/edge/edge_site.h"

namespace haldane::models {

template <class Policy>
void EdgeSite<Policy>::client_retries(const EdgeEvent& event) {
  const SimTime now = event.order.time;
  const std::uint64_t number = event.tag.id & 0xffffffffffULL;
  const RequestDraws again = arrivals_.draw_one(number, event.tag.attempt);
  RequestTag tag = event.tag;
  tag.leader = false;
  tag.alone = false;
  if (counts(now)) ++tally(arm(tag), Tally::repeats);
  enter(now, tag, again.hit_latency, again.routing_word);
}

template <class Policy>
void EdgeSite<Policy>::take_failure(const EdgeEvent& event) {
  const SimTime now = event.order.time;
  const Place at = place(event.tag.object);
  if (event.tag.background) caches_[at.node].entry(at.local).refreshing = false;
  const bool masked = usable_on_error(event.tag.object, now);
  if (event.tag.leader) fail_waiters(now, event.tag.object, masked);
  RequestTag tag = event.tag;
  if (event.kind == EdgeEvent::Kind::held_failure && settles(now, tag, false))
    conclude_failed(now, tag, masked);
}

// An answer that failed ends as an error, unless a stale copy may stand in for it.
template <class Policy>
void EdgeSite<Policy>::conclude_failed(SimTime now, const RequestTag& tag, bool masked) {
  if (masked && counts(now)) ++tally(arm(tag), Tally::stale_on_error);
  conclude_here(now, tag, masked ? AttemptEnd::succeeded : AttemptEnd::failed);
}

template <class Policy>
void EdgeSite<Policy>::client_thinks(const EdgeEvent& event) {
  RequestTag next;
  next.id = event.tag.id + plan_->scenario.traffic.arrivals.clients;
  const std::uint64_t word = sim::draw(think_key_, next.id).first;
  push_local(EdgeEvent::Kind::client_asks, event.order.time + plan_->think.sample_duration(word),
             next);
}

template <class Policy>
void EdgeSite<Policy>::client_asks(const EdgeEvent& event) {
  const SimTime now = event.order.time;
  if (now >= plan_->end) return;
  RequestTag tag = event.tag;
  const std::uint64_t number = tag.id & 0xffffffffffULL;
  const RequestDraws words = arrivals_.draw_one(number, 1);
  tag.asked = now;
  tag.object = arrivals_.object_of_client(number, words.object, now);
  tag.canary = is_canary(words.routing_word);
  ++tally(arm(tag), Tally::requests);
  enter(now, tag, words.hit_latency, words.routing_word);
}

template <class Policy>
bool EdgeSite<Policy>::may_call(SimTime now, const RequestTag& tag, std::uint64_t routing_word) {
  const bool allowed = guard_->allow(now, cell_of(routing_word));
  if (counts(now)) {
    ++tally(arm(tag), Tally::breaker_calls);
    if (!allowed) ++tally(arm(tag), Tally::short_circuits);
  }
  return allowed;
}

template <class Policy>
void EdgeSite<Policy>::note_call(const EdgeEvent& event) {
  const auto call = CallReport::unpacked(event.detail);
  guard_->record(event.order.time, call.cell, call.failed, call.slow);
}

template <class Policy>
bool EdgeSite<Policy>::may_retry(SimTime now, const RequestTag& tag, AttemptEnd end) {
  const bool wants = tag.attempt < plan_->scenario.traffic.client.attempts;
  if (!budget_) return wants;
  const bool granted = budget_->fail(now, {attempt_of(tag), end == AttemptEnd::timed_out, wants});
  if (wants && !granted) ++tally_of_request(tag, Tally::retries_denied);
  return granted;
}

template <class Policy>
void EdgeSite<Policy>::retry_later(SimTime now, RequestTag tag, AttemptEnd end) {
  const Backoff& backoff = plan_->client_backoff;
  const std::uint64_t word = sim::draw(waiter_key_, tag.id, tag.attempt).first;
  // Attempts count from 1, so that lane 0 is free.
  const std::uint64_t chain = backoff.chained() ? sim::draw(waiter_key_, tag.id).first : 0;
  const Duration pause = backoff.pause(tag.attempt, word, chain);
  ++tag.attempt;
  tag.after_timeout = end == AttemptEnd::timed_out;
  push_local(EdgeEvent::Kind::retry, now + pause, tag);
}

// The end of an attempt that the cell does not conclude: a waiter's, a miss where there is no API,
// or any where what follows is for the site to decide.
template <class Policy>
void EdgeSite<Policy>::conclude_here(SimTime now, RequestTag tag, AttemptEnd end) {
  const bool ok = end == AttemptEnd::succeeded;
  if (!ok && may_retry(now, tag, end)) {
    retry_later(now, tag, end);
    return;
  }
  if (ok && budget_) budget_->succeed(now, attempt_of(tag));
  if (!ok) ++tally_of_request(tag, Tally::errors);
  latency(arm(tag), Latency::waited).record(now - tag.asked);
  if (samples_some_) [[unlikely]] {
    sample({.id = tag.id,
            .arrived = tag.asked,
            .attempt = tag.attempt,
            .started = tag.asked,
            .ended = now,
            .end = ok ? RequestVisit::End::done : RequestVisit::End::failed,
            .canary = tag.canary});
  }
  if (closed_loop_) push_local(EdgeEvent::Kind::client_ready, now, tag);
}

}  // namespace haldane::models
