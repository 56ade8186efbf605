// The loop of a site of whose requests most miss. Included by edge_site.cpp.
//
// There whether an arrival or an answer is next is as good as a coin, and a branch that nobody can
// predict costs more than either. So answers are taken by the bucket of their queue: an arrival
// whose object is neither there nor among the answers of the bucket misses, whichever comes first,
// and only the few others are interleaved with the answers. Says the same as serve_stretch(), to
// the bit.
#pragma once

#include <algorithm>
#include <cstdint>

#include "models/tiers/edge/edge_site.h"

namespace haldane::models {

// Which loop serves the next stretch.
template <class Policy>
inline void EdgeSite<Policy>::choose_loop(std::uint64_t arrivals, const sim::LatencyTotals& hits) {
  mostly_misses_ =
      misses_commute_ && !watches_hits_ && 2 * static_cast<std::uint64_t>(hits.count) < arrivals;
}

// Bounds as those of serve_stretch(); no miss lowers them.
template <class Policy>
template <typename EdgeSite<Policy>::Nodes Count>
void EdgeSite<Policy>::serve_missing_stretch(SimTime end) {
  const std::uint64_t first = cursor_;
  const std::uint64_t batch_end = ArrivalStream::end_of_batch(first);
  end = std::min(end, attention_ - Duration::nanoseconds(1));
  sim::LatencyTotals hits;
  std::size_t answers = 0;
  do {
    answers = next_answers(end);
    const SimTime last = answers > 0 ? events_pending_.ready(answers - 1).order.time
                                     : std::min(events_pending_.next_time(), end);
    sort_out_misses<Count>(batch_end, last);
    // Answers after the last arrival of the batch may come after the first of the next one, too.
    const SimTime known = cursor_ < batch_end ? SimTime::never() : arrivals_.time(batch_end - 1);
    take_answers<Count>(answers, known, hits);
  } while (answers > 0 && cursor_ < batch_end);
  if (hits.count > 0) {
    const std::span<std::uint64_t> missed = std::span(missed_).first(misses_);
    misses_ -= std::ranges::remove(missed, no_arrival).size();
  }
  finish_stretch(cursor_ - first, hits);
  if (cursor_ == batch_end) arrivals_.pass(batch_end - 1);
}

// Those of the open bucket up to `end` that are no more than answers, before anything else; notes
// their objects. **Returns** their number.
template <class Policy>
inline std::size_t EdgeSite<Policy>::next_answers(SimTime end) {
  if (events_pending_.next_time() > end) return 0;
  answered_ = {};
  const std::size_t ready = events_pending_.ready();
  std::size_t answers = 0;
  for (; answers < ready; ++answers) {
    const EdgeEvent& event = events_pending_.ready(answers);
    if (event.kind != EdgeEvent::Kind::response || event.tag.leader || event.order.time > end)
      break;
    answered_.add(event.tag.object);
    prefetch_for(event);
  }
  return answers;
}

// Arrivals up to `last`: all of them go to those that missed, and what is not sure to miss is
// noted.
template <class Policy>
template <typename EdgeSite<Policy>::Nodes Count>
inline void EdgeSite<Policy>::sort_out_misses(std::uint64_t batch_end, SimTime last) {
  constexpr std::uint64_t far = 32;
  std::uint64_t number = cursor_;
  std::size_t misses = misses_;
  std::size_t doubts = 0;
  for (; number != batch_end && arrivals_.time(number) <= last; ++number) {
    const Place ahead = place_among<Count>(arrivals_.object(number + far));
    caches_[ahead.node].prefetch(ahead.local);
    const std::uint32_t object = arrivals_.object(number);
    const Place at = place_among<Count>(object);
    doubtful_[doubts] = misses;
    const bool resident = caches_[at.node].entry(at.local).resident;
    doubts += (resident | answered_.may_have(object)) ? 1U : 0U;
    missed_[misses++] = number;
  }
  doubts_ = doubts;
  misses_ = misses;
  cursor_ = number;
}

// Answers before `known`, and doubtful arrivals each in its turn: of equal times the arrival goes
// first.
template <class Policy>
template <typename EdgeSite<Policy>::Nodes Count>
inline void EdgeSite<Policy>::take_answers(std::size_t answers, SimTime known,
                                           sim::LatencyTotals& hits) {
  std::size_t doubt = 0;
  const auto time_of_doubt = [&] {
    return doubt < doubts_ ? arrivals_.time(missed_[doubtful_[doubt]]) : SimTime::never();
  };
  SimTime next = time_of_doubt();
  const auto settle_doubt = [&] {
    std::uint64_t& number = missed_[doubtful_[doubt++]];
    if (serve_hit<Count, Hits::counted>(number, next, hits)) {
      number = no_arrival;
    } else {
      const Place at = place_among<Count>(arrivals_.object(number));
      if (caches_[at.node].entry(at.local).resident) ++tally(recorders_[0], Tally::fwd_stale);
    }
    next = time_of_doubt();
  };
  Digest digest = event_digest_;  // a copy, for an entry might be anything to the compiler
  std::size_t taken = 0;
  for (; taken < answers; ++taken) {
    const EdgeEvent& event = events_pending_.ready(taken);
    if (event.order.time >= known) break;
    while (next <= event.order.time) settle_doubt();
    digest.add(word_of(event));
    take_response(event);
  }
  event_digest_ = digest;
  events_ += taken;
  if (taken > 0) events_pending_.drop(taken);
  while (doubt < doubts_) settle_doubt();
}

}  // namespace haldane::models
