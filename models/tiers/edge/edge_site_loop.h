// The loop of a site: what happens for every arrival and every answer. Included by edge_site.cpp,
// which has the rest.
//
// Small functions, inlined by force where it was measured to matter: a call here costs more than
// its instructions, for processors look ahead about two requests and every register saved and
// restored is one thing less that they see (bench/README.md).
#pragma once

#include <algorithm>
#include <cstdint>

#include "models/tiers/edge/edge_site.h"

namespace haldane::models {

// Each block of as many objects as there are nodes gives every node one of them, in an order turned
// by a hash. Divides by multiplying with a reciprocal of 64 bits, which is exact for 32-bit
// numbers (Lemire, Kaser & Kurz 2019): a division a place would cost more than all the rest.
template <class Policy>
inline typename EdgeSite<Policy>::Place EdgeSite<Policy>::place_among_nodes(
    std::uint32_t object) const {
  const auto block = static_cast<std::uint32_t>(sim::to_index(objects_to_blocks_, object));
  const std::uint32_t rank = object - block * nodes_;
  const auto turn = static_cast<std::uint32_t>(sim::to_index(mix(block), nodes_));
  const std::uint32_t node = rank + turn;
  return {node < nodes_ ? node : node - nodes_, block};
}

template <class Policy>
inline void EdgeSite<Policy>::note_look_up(SiteRecorder& recorder, SimTime now,
                                           std::uint32_t object, bool fetches) {
  look_up_digest_.add(word_of_look_up(now, object));
  if (!has_sizes_ || !counts(now)) return;
  tally(recorder, Tally::bytes) += plan_->object_bytes[object];
  if (fetches) tally(recorder, Tally::fetch_bytes) += plan_->object_bytes[object];
}

template <class Policy>
inline std::uint32_t EdgeSite<Policy>::cell_of(std::uint64_t routing_word) const {
  const std::uint64_t route = routing_word & 0xffffffffU;
  if (route >= route_.threshold) return own_cell_;
  for (const Plan::CellRoute::Other& other : route_.others) {
    if (route < other.below) return other.cell;
  }
  const auto other = static_cast<std::uint32_t>(route * (plan_->cells() - 1) / route_.threshold);
  return other < own_cell_ ? other : other + 1;
}

// Asks the API: the caller writes the tag.
template <class Policy>
inline ApiRequest& EdgeSite<Policy>::forward(SimTime now, bool canary, std::uint64_t routing_word) {
  if (counts(now)) ++tally(arm(canary), Tally::fetches);
  ApiRequest& request = to_cells_.append(cell_of(routing_word));
  request.order = {now + link_, stamp_()};
  return request;
}

// The tag is written where it is sent from: one that was written elsewhere just before would have
// to be read back in wider pieces, for which processors wait (bench/README.md).
template <class Policy>
[[gnu::always_inline]] inline void EdgeSite<Policy>::miss_plainly(SimTime now, std::uint64_t number,
                                                                  bool canary, Freshness found) {
  const std::uint32_t object = arrivals_.object(number);
  note_look_up(arm(canary), now, object, true);
  tally(arm(canary), Tally::fwd_stale) += found == Freshness::expired ? 1 : 0;
  forward(now, canary, arrivals_.routing_word(number)).tag = {id_of(number), now, object,
                                                              version_,      1,   canary};
}

// Content fetched before a purge never becomes fresh after it: a hard purge drops it, a soft one
// keeps it stale.
template <class Policy>
[[gnu::always_inline]] inline void EdgeSite<Policy>::fill(SimTime now, const RequestTag& tag,
                                                          std::uint32_t expiry) {
  const Place at = place(tag.object);
  CacheEntry& entry = caches_[at.node].entry(at.local);
  entry.refreshing = false;
  if (written_ && is_outdated(tag)) [[unlikely]]
    return;
  Purged purged;
  if (tag.version != version_) [[unlikely]]
    purged = purged_since(tag.object, tag.version);
  if (!purged.soft) return;
  store(at, purged.any() ? tick(now) : expiry);
}

template <class Policy>
[[gnu::always_inline]] inline void EdgeSite<Policy>::store(Place at, std::uint32_t expiry) {
  Policy& cache = caches_[at.node];
  CacheEntry& entry = cache.entry(at.local);
  if (entry.resident) {
    cache.hit(at.local);
  } else {
    cache.insert(at.local);
  }
  entry.expiry = expiry;
  entry.version = version_;
}

// Their order among the arrivals, which have a digest of their own, is that of the times in both.
template <class Policy>
inline std::uint64_t EdgeSite<Policy>::word_of(const EdgeEvent& event) {
  return static_cast<std::uint64_t>(event.order.time.count_ns()) ^ (event.tag.id << 3) ^
         static_cast<std::uint64_t>(event.kind);
}

template <class Policy>
[[gnu::always_inline]] inline void EdgeSite<Policy>::take_response(const EdgeEvent& event) {
  if (!fill_on_miss_ || event.tag.background) fill(event.order.time, event.tag, event.detail);
  if (event.tag.leader) share_answer(event);
}

template <class Policy>
void EdgeSite<Policy>::advance(SimTime horizon) {
  const SimTime end = horizon - Duration::nanoseconds(1);
  while (true) {
    // Of equal times the arrival goes first.
    last_arrival_ = std::min(events_pending_.next_time(), end);
    if (const SimTime next = arrivals_.time(cursor_); next <= last_arrival_) {
      attend(next);
      serve_some(end);
    } else if (events_pending_.next_time() <= end) {
      attend(events_pending_.next_time());
      ++events_;
      const EdgeEvent event = events_pending_.pop();
      event_digest_.add(word_of(event));
      handle_event(event);
    } else {
      return;
    }
  }
}

template <class Policy>
[[gnu::always_inline]] inline void EdgeSite<Policy>::prefetch_for(const EdgeEvent& event) const {
  const Place at = place(event.tag.object);
  caches_[at.node].prefetch(at.local);
}

// Up to `end` at most.
template <class Policy>
inline void EdgeSite<Policy>::serve_some(SimTime end) {
  if (mostly_misses_) {
    return nodes_ == 1 ? serve_missing_stretch<Nodes::one>(end)
                       : serve_missing_stretch<Nodes::many>(end);
  }
  if (watches_hits_) [[unlikely]] {
    if (serves_generally_) return serve_generally();
    return nodes_ == 1 ? serve_stretch<Nodes::one, Hits::watched>(end)
                       : serve_stretch<Nodes::many, Hits::watched>(end);
  }
  return nodes_ == 1 ? serve_stretch<Nodes::one, Hits::counted>(end)
                     : serve_stretch<Nodes::many, Hits::counted>(end);
}

// The innermost loop: nothing but arrivals and answers, until another event or attention is due or
// others must be drawn. What a miss brings about may be due even earlier, and then lowers the
// bound. Hits that nobody watches are counted all at once when it ends, and misses that nobody
// watches are sent together.
template <class Policy>
template <typename EdgeSite<Policy>::Nodes Count, typename EdgeSite<Policy>::Hits How>
inline void EdgeSite<Policy>::serve_stretch(SimTime end) {
  const std::uint64_t first = cursor_;
  const std::uint64_t batch_end = ArrivalStream::end_of_batch(first);
  end = std::min(end, attention_ - Duration::nanoseconds(1));
  SimTime last = std::min(last_arrival_, end);
  sim::LatencyTotals hits;
  std::uint64_t number = first;
  do {
    const SimTime now = arrivals_.time(number);
    if (now > last) {
      last = last_arrival_ = take_responses(now, end);
      if (now > last) break;
    }
    prefetch_ahead<Count>(number);
    if (serve_hit<Count, How>(number, now, hits)) [[likely]]
      continue;
    if constexpr (How == Hits::counted) {
      if (misses_plainly<Count>(number, now)) continue;
    }
    cursor_ = number;
    if constexpr (How == Hits::counted) ask_for_missed();
    handle_unfresh(now, number);
    last = std::min(last, last_arrival_);
  } while (++number != batch_end);
  cursor_ = number;
  if constexpr (How == Hits::counted) finish_stretch(number - first, hits);
  if (number == batch_end) arrivals_.pass(number - 1);
}

template <class Policy>
inline void EdgeSite<Policy>::finish_stretch(std::uint64_t arrivals,
                                             const sim::LatencyTotals& hits) {
  ask_for_missed();
  choose_loop(arrivals, hits);
  tally(recorders_[0], Tally::requests) += static_cast<std::int64_t>(arrivals);
  tally(recorders_[0], Tally::hits) += hits.count;
  latency(recorders_[0], Latency::hit).add(hits);
}

// Answers that come before `arrival`, and not after `end`. **Returns** how far arrivals may
// go then: not to that one if something else is due first.
template <class Policy>
[[gnu::noinline]] SimTime EdgeSite<Policy>::take_responses(SimTime arrival, SimTime end) {
  for (SimTime next = events_pending_.next_time(); next < arrival && next <= end;
       next = events_pending_.next_time()) {
    const EdgeEvent& event = events_pending_.top();
    if (event.kind != EdgeEvent::Kind::response || event.tag.leader) return next;
    ++events_;
    prefetch_for(events_pending_.about(3));
    event_digest_.add(word_of(event));
    take_response(event);
    events_pending_.drop();
  }
  return std::min(events_pending_.next_time(), end);
}

// Whether the object is there and fresh; then the request is over.
template <class Policy>
template <typename EdgeSite<Policy>::Nodes Count, typename EdgeSite<Policy>::Hits How>
[[gnu::always_inline]] inline bool EdgeSite<Policy>::serve_hit(std::uint64_t number, SimTime now,
                                                               sim::LatencyTotals& hits) {
  const Place at = place_among<Count>(arrivals_.object(number));
  Policy& cache = caches_[at.node];
  if constexpr (How == Hits::watched) watch_arrival(number);
  if (!is_fresh(cache.entry(at.local), now)) return false;
  cache.hit(at.local);
  const ArrivalStream::Hit hit = arrivals_.hit(number);
  hits.add(hit.latency);
  if constexpr (How == Hits::counted) {
    latency(recorders_[0], Latency::hit).count(hit.bucket);
  } else {
    watch_hit(number);
  }
  return true;
}

// Two stages: what an arrival reads first, and then, when that is near, what it points to. Inlined
// by force: gcc takes a function that only prefetches for one without effect, and drops its calls.
template <class Policy>
template <typename EdgeSite<Policy>::Nodes Count>
[[gnu::always_inline]] inline void EdgeSite<Policy>::prefetch_ahead(std::uint64_t number) const {
  constexpr std::uint64_t far = 32;
  constexpr std::uint64_t near = 16;
  const Place first = place_among<Count>(arrivals_.object(number + far));
  caches_[first.node].prefetch(first.local);
  const Place second = place_among<Count>(arrivals_.object(number + near));
  caches_[second.node].prefetch_links(second.local);
}

template <class Policy>
inline void EdgeSite<Policy>::watch_arrival(std::uint64_t number) {
  ++tally(arm(is_canary(arrivals_.routing_word(number))), Tally::requests);
}

template <class Policy>
void EdgeSite<Policy>::watch_hit(std::uint64_t number) {
  const bool canary = is_canary(arrivals_.routing_word(number));
  SiteRecorder& recorder = arm(canary);
  ++tally(recorder, Tally::hits);
  latency(recorder, Latency::hit).record(arrivals_.hit_latency(number));
  if (has_sizes_) {
    const std::uint32_t bytes = plan_->object_bytes[arrivals_.object(number)];
    tally(recorder, Tally::bytes) += bytes;
    tally(recorder, Tally::hit_bytes) += bytes;
  }
  if (node_look_ups_) [[unlikely]]
    node_look_ups_->note(arrivals_.time(number), place(arrivals_.object(number)).node, true);
  if (samples_some_) [[unlikely]] {
    const SimTime now = arrivals_.time(number);
    sample({.id = id_of(number),
            .arrived = now,
            .started = now,
            .ended = now + arrivals_.hit_latency(number),
            .end = RequestVisit::End::cached,
            .canary = canary});
  }
}

// Where nothing follows from a miss but that the API is asked, it is asked later, for as many as
// there are until then.
template <class Policy>
template <typename EdgeSite<Policy>::Nodes Count>
[[gnu::always_inline]] inline bool EdgeSite<Policy>::misses_plainly(std::uint64_t number,
                                                                    SimTime now) {
  if (!misses_are_plain_) [[unlikely]]
    return false;
  const std::uint32_t object = arrivals_.object(number);
  const Place at = place_among<Count>(object);
  const CacheEntry& entry = caches_[at.node].entry(at.local);
  if (entry.resident) {
    const bool purged = entry.version != version_;
    if (purged || tick_before_end(now) - entry.expiry < stale_ticks_) return false;
    ++tally(recorders_[0], Tally::fwd_stale);
  }
  missed_[misses_++] = number;
  return true;
}

// With copies of what each message counts on, for a message might be anything to the compiler.
template <class Policy>
inline void EdgeSite<Policy>::ask_for_missed() {
  tally(recorders_[0], Tally::fetches) += static_cast<std::int64_t>(misses_);
  Digest digest = look_up_digest_;
  sim::KeyStamp stamp = stamp_;
  for (std::size_t i = 0; i < misses_; ++i) {
    const std::uint64_t number = missed_[i];
    const SimTime now = arrivals_.time(number);
    digest.add(word_of_look_up(now, arrivals_.object(number)));
    const std::uint32_t cell =
        route_.threshold == 0 ? own_cell_ : cell_of(arrivals_.routing_word(number));
    ApiRequest& request = to_cells_.append(cell);
    request.order = {now + link_, stamp()};
    request.tag = {id_of(number), now, arrivals_.object(number), version_, 1, false};
  }
  look_up_digest_ = digest;
  stamp_ = stamp;
  misses_ = 0;
}

// An arrival whose object is stale, or not there.
template <class Policy>
[[gnu::noinline]] void EdgeSite<Policy>::handle_unfresh(SimTime now, std::uint64_t number) {
  const std::uint32_t object = arrivals_.object(number);
  const std::uint64_t routing_word = arrivals_.routing_word(number);
  const bool canary = is_canary(routing_word);
  const Place at = place(object);
  if (misses_are_plain_) {
    const Freshness found = freshness(caches_[at.node].entry(at.local), object, now);
    if (misses(found)) {
      if (node_look_ups_) [[unlikely]]
        node_look_ups_->note(now, at.node, false);
      miss_plainly(now, number, canary, found);
      return;
    }
  }
  RequestTag tag;
  tag.id = id_of(number);
  tag.asked = now;
  tag.object = object;
  tag.canary = canary;
  look_up(now, tag, arrivals_.hit_latency(number), routing_word);
}

}  // namespace haldane::models
