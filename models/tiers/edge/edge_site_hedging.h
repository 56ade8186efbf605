// Calls to the API that are made a second time when the first takes long. Included by
// edge_site.cpp.
#pragma once

#include "models/tiers/edge/edge_site.h"

namespace haldane::models {

// The site alone keeps count of a call that may be hedged, its client's patience included.
template <class Policy>
void EdgeSite<Policy>::begin_hedged(SimTime now, RequestTag& tag) {
  tag.alone = true;
  hedges_->begin(now, call_of(tag));
  if (timeout_ != Duration::max()) push_local(EdgeEvent::Kind::client_gave_up, now + timeout_, tag);
  if (const std::optional<Duration> delay = hedges_->delay(now))
    push_local(EdgeEvent::Kind::hedge_due, now + *delay, tag);
}

// The second copy draws its own cell, replica and service time.
template <class Policy>
void EdgeSite<Policy>::hedge(const EdgeEvent& event) {
  const SimTime now = event.order.time;
  RequestTag tag = event.tag;
  if (!hedges_->is_open(call_of(tag))) return;
  const auto lane = static_cast<std::uint8_t>(tag.attempt | RequestTag::hedge_bit);
  const RequestDraws draws = arrivals_.draw_one(tag.id & 0xffffffffffULL, lane);
  if (guard_ && !may_call(now, tag, draws.routing_word)) return;
  const bool granted = hedges_->grant(now, call_of(tag));
  if (counts(now)) ++tally(arm(tag), granted ? Tally::hedges : Tally::hedges_denied);
  if (!granted) return;
  tag.attempt = lane;
  tag.version = version_;
  note_fetch(now, tag);
  forward(now, tag.canary, draws.routing_word).tag = tag;
}

// Whether an answer is the one that its client gets; `tag` is then the client's.
template <class Policy>
bool EdgeSite<Policy>::settles_hedged(SimTime now, RequestTag& tag, bool ok) {
  const bool second = (tag.attempt & RequestTag::hedge_bit) != 0;
  const Hedges::Copy copy = second ? Hedges::Copy::second : Hedges::Copy::first;
  if (!hedges_->end(now, call_of(tag), copy, ok)) return false;
  if (second && ok && counts(now)) ++tally(arm(tag), Tally::hedges_won);
  tag.attempt = call_of(tag).attempt;
  return true;
}

}  // namespace haldane::models
