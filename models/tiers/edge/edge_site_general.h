// Arrivals one by one, where more than a cache decides what becomes of them. Included by
// edge_site.cpp.
#pragma once

#include "models/tiers/edge/edge_site.h"

namespace haldane::models {

// As serve_stretch(), without its haste.
template <class Policy>
[[gnu::noinline]] void EdgeSite<Policy>::serve_generally() {
  const std::uint64_t end = ArrivalStream::end_of_batch(cursor_);
  while (cursor_ != end) {
    const SimTime now = arrivals_.time(cursor_);
    if (now > last_arrival_ || now >= attention_) return;
    RequestTag tag;
    tag.id = id_of(cursor_);
    tag.asked = now;
    tag.object = arrivals_.object(cursor_);
    const std::uint64_t routing_word = arrivals_.routing_word(cursor_);
    tag.canary = is_canary(routing_word);
    ++tally(arm(tag), Tally::requests);
    enter(now, tag, arrivals_.hit_latency(cursor_), routing_word);
    arrivals_.pass(cursor_++);
  }
}

// On its way to the cache a request meets the proxies first, then limits.
template <class Policy>
inline void EdgeSite<Policy>::enter(SimTime now, RequestTag& tag, Duration hit_latency,
                                    std::uint64_t routing_word) {
  if (proxies_) return pass_proxies(now, tag);
  if (node_scaler_) node_scaler_->signals().came(now);
  if (!limiter_ || passes_limit(now, tag, hit_latency))
    look_up(now, tag, hit_latency, routing_word);
}

template <class Policy>
void EdgeSite<Policy>::pass_proxies(SimTime now, const RequestTag& tag) {
  const SimTime done = proxies_->admit(now, tag);
  if (done - now < timeout_) {
    push_local(EdgeEvent::Kind::inspected, done, tag);
  } else {
    push_local(EdgeEvent::Kind::left_proxies, now + timeout_, tag);
  }
}

// The end of an attempt that never came to the cache.
template <class Policy>
void EdgeSite<Policy>::conclude_at_door(SimTime now, const RequestTag& tag, AttemptEnd end) {
  if (budget_) budget_->begin(now, attempt_of(tag));
  conclude_here(now, tag, end);
}

template <class Policy>
void EdgeSite<Policy>::take_inspected(const EdgeEvent& event) {
  const SimTime now = event.order.time;
  RequestTag tag = event.tag;
  if (event.kind == EdgeEvent::Kind::left_proxies)
    return conclude_at_door(now, tag, AttemptEnd::timed_out);
  const RequestDraws words = arrivals_.draw_one(tag.id & 0xffffffffffULL, tag.attempt);
  if (!limiter_ || passes_limit(now, tag, words.hit_latency))
    look_up(now, tag, words.hit_latency, words.routing_word);
}

// Who is turned away hears of it as soon as of a hit.
template <class Policy>
bool EdgeSite<Policy>::passes_limit(SimTime now, const RequestTag& tag, Duration hit_latency) {
  const Duration wait = limiter_->take(now, tag.id);
  if (wait == Duration{}) return true;
  const bool turned_away = wait == Duration::max();
  if (counts(now)) ++tally(arm(tag), turned_away ? Tally::limited : Tally::delayed);
  if (turned_away) {
    push_local(EdgeEvent::Kind::limited, now + hit_latency, tag);
  } else {
    push_local(EdgeEvent::Kind::let_in, now + wait, tag);
  }
  return false;
}

template <class Policy>
void EdgeSite<Policy>::take_limited(const EdgeEvent& event) {
  const SimTime now = event.order.time;
  RequestTag tag = event.tag;
  if (event.kind == EdgeEvent::Kind::limited) return conclude_at_door(now, tag, AttemptEnd::failed);
  if (counts(now)) ++tally(arm(tag), Tally::let_in);
  const RequestDraws words = arrivals_.draw_one(tag.id & 0xffffffffffULL, tag.attempt);
  look_up(now, tag, words.hit_latency, words.routing_word);
}

}  // namespace haldane::models
