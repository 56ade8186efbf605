// Those who wait for another's fetch of the same object, and what becomes of them. Included by
// edge_site.cpp.
#pragma once

#include <algorithm>

#include "models/tiers/edge/edge_site.h"

namespace haldane::models {

template <class Policy>
void EdgeSite<Policy>::join_fetch(SimTime now, const RequestTag& tag) {
  if (counts(now)) ++tally(arm(tag), Tally::collapsed);
  if (shares_fetches_ && fill_on_miss_) fill(now, tag, expiry_of(now, tag));
  const std::uint32_t slot = waiters_.join(lock_of(tag.object), {tag, now, node_at_hand()});
  if (timeout_ != Duration::max())
    push_local(EdgeEvent::Kind::waiter_timeout, now + timeout_, tag, slot);
  if (waiting_.max_wait < timeout_)
    push_local(EdgeEvent::Kind::lock_timeout, now + waiting_.max_wait, tag, slot);
}

// A stale copy of one node, where another node fetches the object: no client waits, but the node
// does.
template <class Policy>
bool EdgeSite<Policy>::refreshes_with_another(SimTime now, const RequestTag& tag,
                                              CacheEntry& entry) {
  if (!waiters_.in_flight(lock_of(tag.object))) return false;
  entry.refreshing = true;
  waiters_.join(lock_of(tag.object), {tag, now, node_at_hand()});
  return true;
}

template <class Policy>
void EdgeSite<Policy>::waited_long_enough(const EdgeEvent& event) {
  using OnTimeout = CacheSpec::Waiting::OnTimeout;
  if (!waiters_.give_up(event.detail, event.tag)) return;
  go_to(waiters_.node_of(event.detail));
  const SimTime now = event.order.time;
  const bool masked =
      waiting_.on_timeout != OnTimeout::fetch && usable_on_error(event.tag.object, now);
  if (masked || waiting_.on_timeout == OnTimeout::fail) {
    conclude_failed(now, event.tag, masked);
  } else {
    fetch_alone(now, event.tag);
  }
}

// A fetch by one who has waited. Its answer is not stored, and the client's patience, which began
// with the waiting, is watched here.
template <class Policy>
void EdgeSite<Policy>::fetch_alone(SimTime now, RequestTag tag, bool leader) {
  const RequestDraws draws = arrivals_.draw_one(tag.id & 0xffffffffffULL, tag.attempt);
  if (guard_ && !may_call(now, tag, draws.routing_word)) {
    const bool masked = usable_on_error(tag.object, now);
    if (leader) fail_waiters(now, tag.object, masked);
    conclude_failed(now, tag, masked);
    return;
  }
  tag.leader = leader;
  tag.alone = true;
  tag.version = version_;
  if (revalidates_) revalidate(tag, false);
  unsettled_.insert({tag.id, tag.attempt});
  if (counts(now)) ++tally(arm(tag), Tally::own_fetches);
  note_fetch(now, tag);
  forward(now, tag.canary, draws.routing_word).tag = tag;
}

template <class Policy>
void EdgeSite<Policy>::take_held(const EdgeEvent& event) {
  const SimTime now = event.order.time;
  RequestTag tag = event.tag;
  if (is_uncacheable(tag.object)) {
    if (tag.leader) pass_on_uncacheable(now, tag.object);
  } else if (!tag.alone || hedges_) {
    take_response(event);
  }
  if (event.kind == EdgeEvent::Kind::held_response && settles(now, tag, true))
    conclude_here(now, tag, AttemptEnd::succeeded);
}

// An answer that may not be given to others: who waits must ask, all at once where a marker says
// that this will stay so, else one after the other, for each hopes that the next answer may be
// shared.
template <class Policy>
void EdgeSite<Policy>::pass_on_uncacheable(SimTime now, std::uint32_t object) {
  const Duration marker = plan_->scenario.edge->cache.uncacheable.marker;
  RequestTag next;
  if (marker == Duration{} && waiters_.take_oldest(lock_of(object), next)) {
    fetch_alone(now, next, true);
    return;
  }
  if (marker > Duration{}) {  // nothing is stored in its entry, which is free to remember this
    const Place at = place(object);
    caches_[at.node].entry(at.local).expiry = tick(now + marker);
    for (std::uint32_t node = 0; shares_fetches_ && node < nodes_; ++node)
      caches_[node].entry(object).expiry = tick(now + marker);
  }
  woken_.clear();
  waiters_.end_fetch(lock_of(object), woken_);
  for (const WaitingRequest& waiting : woken_) {
    go_to(waiting.node);
    fetch_alone(now, waiting.tag);
  }
}

// The answer to a fetch is there for all who wait for it, and for their nodes.
template <class Policy>
void EdgeSite<Policy>::share_answer(const EdgeEvent& event) {
  woken_.clear();
  waiters_.end_fetch(lock_of(event.tag.object), woken_);
  if (shares_fetches_) fill_nodes_of_woken(event);
  for (const WaitingRequest& waiting : woken_) {
    if (!waiting.tag.background) wake(event.order.time, waiting, true, false);
  }
}

// Each once, as the node that asked. What fills caches at the miss has done so when they joined.
template <class Policy>
void EdgeSite<Policy>::fill_nodes_of_woken(const EdgeEvent& event) {
  const std::uint32_t asked = node_at_hand();
  nodes_of_woken_.clear();
  for (const WaitingRequest& waiting : woken_) {
    if (waiting.node != asked && (!fill_on_miss_ || waiting.tag.background))
      nodes_of_woken_.push_back(waiting.node);
  }
  std::ranges::sort(nodes_of_woken_);
  const auto repeated = std::ranges::unique(nodes_of_woken_);
  nodes_of_woken_.erase(repeated.begin(), repeated.end());
  for (const std::uint32_t node : nodes_of_woken_) {
    go_to(node);
    fill(event.order.time, event.tag, event.detail);
  }
}

// Of the copies that may stand in for the answer each waiter has that of its own node.
template <class Policy>
void EdgeSite<Policy>::fail_waiters(SimTime now, std::uint32_t object, bool masked) {
  woken_.clear();
  waiters_.end_fetch(lock_of(object), woken_);
  for (const WaitingRequest& waiting : woken_) {
    if (shares_fetches_) {
      go_to(waiting.node);
      masked = usable_on_error(object, now);
      if (waiting.tag.background) caches_[waiting.node].entry(object).refreshing = false;
    }
    if (!waiting.tag.background) wake(now, waiting, false, masked);
  }
}

template <class Policy>
void EdgeSite<Policy>::wake(SimTime now, const WaitingRequest& waiting, bool ok, bool masked) {
  const SimTime at = release_time(waiting.since, now);
  if (at == now) {
    settle_waiter(now, waiting.tag, ok, masked);
    return;
  }
  unsettled_.insert({waiting.tag.id, waiting.tag.attempt});
  push_local(EdgeEvent::Kind::waiter_released, at, waiting.tag,
             (ok ? 1U : 0U) | (masked ? 2U : 0U));
}

template <class Policy>
void EdgeSite<Policy>::settle_waiter(SimTime now, const RequestTag& tag, bool ok, bool masked) {
  if (ok) {
    conclude_here(now, tag, AttemptEnd::succeeded);
  } else {
    conclude_failed(now, tag, masked);
  }
}

// When one who looks every so often, and at last when the wait is over, sees the answer.
template <class Policy>
SimTime EdgeSite<Policy>::release_time(SimTime since, SimTime now) const {
  const std::int64_t poll = waiting_.poll.count_ns();
  if (poll == 0) return now;
  const std::int64_t looks = ((now - since).count_ns() + poll - 1) / poll;
  const Duration wait = std::min(Duration::nanoseconds(looks * poll), waiting_.max_wait);
  return std::max(since + wait, now);
}

}  // namespace haldane::models
