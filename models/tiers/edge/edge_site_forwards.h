// Why requests go on to the API, and how much of them the edge keeps from it. Included by
// edge_site.cpp.
#pragma once

#include "models/tiers/edge/edge_site.h"

namespace haldane::models {

template <class Policy>
void EdgeSite<Policy>::note_fetch(SimTime now, const RequestTag& tag) {
  if (site_nodes_ && plan_->responses_needed) site_nodes_->remember(tag);
  if (!counts(now)) return;
  if (revalidates_ && tag.is_not_modified()) {
    ++tally(arm(tag), Tally::not_modified);
  } else if (has_sizes_) {
    tally(arm(tag), Tally::fetch_bytes) += plan_->object_bytes[tag.object];
  }
}

// Whether the request is going to be answered 304: only who has a copy can be told that it is good.
template <class Policy>
void EdgeSite<Policy>::revalidate(RequestTag& tag, bool has_copy) const {
  const std::uint64_t word = sim::draw(modified_key_, tag.id, tag.attempt).first;
  tag.set_not_modified(has_copy && (word >> 32) < plan_->not_modified_threshold);
}

template <class Policy>
void EdgeSite<Policy>::note_miss(SimTime now, const RequestTag& tag, Freshness found,
                                 bool bypasses) {
  if (!counts(now)) return;
  if (bypasses) {
    ++tally(arm(tag), Tally::fwd_bypass);
  } else if (found == Freshness::expired) {
    ++tally(arm(tag), Tally::fwd_stale);
  }
}

// [tally][bin]
template <class Policy>
std::vector<std::vector<std::int64_t>> EdgeSite<Policy>::tallies_of(
    const SiteRecorder& recorder) const {
  std::vector<std::vector<std::int64_t>> tallies(static_cast<std::size_t>(Tally::count));
  for (std::size_t t = 0; t < tallies.size(); ++t) {
    tallies[t].resize(plan_->grid.bins());
    recorder.add_counter(t, tallies[t]);
  }
  return tallies;
}

// RFC 9211: what is no hit is forwarded, for one reason. That nothing was stored is the common one,
// and found as the rest.
template <class Policy>
void EdgeSite<Policy>::report_forwards(const SiteRecorder& recorder, sim::Measurements& m) const {
  const std::vector<std::vector<std::int64_t>> tallies = tallies_of(recorder);
  for (std::size_t bin = 0; bin < plan_->grid.bins(); ++bin) {
    const auto count = [&](Tally t) { return tallies[static_cast<std::size_t>(t)][bin]; };
    const auto add = [&](Counter to, std::int64_t n) { m.counters[index(to)][bin] += n; };
    const std::int64_t arrived = count(Tally::requests) + count(Tally::repeats);
    const std::int64_t kept_off =
        count(Tally::limited) + count(Tally::delayed) - count(Tally::let_in);
    const std::int64_t look_ups = arrived - kept_off;
    const std::int64_t hits = count(Tally::hits) + count(Tally::stale);
    const std::int64_t saved = look_ups - count(Tally::fetches);
    const std::int64_t known = count(Tally::fwd_stale) + count(Tally::fwd_bypass);
    add(Counter::edge_arrived, arrived);
    add(Counter::edge_limited, count(Tally::limited));
    add(Counter::edge_delayed, count(Tally::delayed));
    add(Counter::edge_lookups, look_ups);
    if (!has_sizes_) add(Counter::edge_bytes, look_ups);
    add(Counter::edge_fwd_stale, count(Tally::fwd_stale));
    add(Counter::edge_fwd_bypass, count(Tally::fwd_bypass));
    add(Counter::edge_fwd_uri_miss, look_ups - hits - known);
    add(Counter::edge_origin_saved, saved);
    add(Counter::edge_origin_saved_bytes, has_sizes_
                                              ? count(Tally::bytes) - count(Tally::fetch_bytes)
                                              : saved + count(Tally::not_modified));
  }
}

}  // namespace haldane::models
