// Those who wait for another's fetch of the same object, and what becomes of them. Included by
// edge_site.cpp.
#pragma once

#include <algorithm>

#include "models/tiers/edge/edge_site.h"

namespace haldane::models {

template <class Policy>
void EdgeSite<Policy>::join_fetch(SimTime now, const RequestTag& tag) {
  if (counts(now)) ++tally(arm(tag), Tally::collapsed);
  const std::uint32_t slot = waiters_.join(lock_of(tag.object), tag, now);
  if (timeout_ != Duration::max())
    push_local(EdgeEvent::Kind::waiter_timeout, now + timeout_, tag, slot);
  if (waiting_.max_wait < timeout_)
    push_local(EdgeEvent::Kind::lock_timeout, now + waiting_.max_wait, tag, slot);
}

template <class Policy>
void EdgeSite<Policy>::waited_long_enough(const EdgeEvent& event) {
  using OnTimeout = CacheSpec::Waiting::OnTimeout;
  if (!waiters_.give_up(event.detail, event.tag)) return;
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
    if (leader) wake_waiters(now, tag.object, false, masked);
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
  }
  woken_.clear();
  waiters_.end_fetch(lock_of(object), woken_);
  for (const WaitingRequest& waiting : woken_) fetch_alone(now, waiting.tag);
}

template <class Policy>
void EdgeSite<Policy>::wake_waiters(SimTime now, std::uint32_t object, bool ok, bool masked) {
  woken_.clear();
  waiters_.end_fetch(lock_of(object), woken_);
  for (const WaitingRequest& waiting : woken_) {
    const SimTime at = release_time(waiting.since, now);
    if (at == now) {
      settle_waiter(now, waiting.tag, ok, masked);
      continue;
    }
    unsettled_.insert({waiting.tag.id, waiting.tag.attempt});
    push_local(EdgeEvent::Kind::waiter_released, at, waiting.tag,
               (ok ? 1U : 0U) | (masked ? 2U : 0U));
  }
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
