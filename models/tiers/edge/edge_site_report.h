// What a site measured, put into the measurements of its run. Included by edge_site.cpp.
#pragma once

#include <algorithm>
#include <cstdint>
#include <utility>
#include <vector>

#include "models/tiers/edge/edge_site.h"
#include "models/tiers/record/capacity.h"

namespace haldane::models {

template <class Policy>
void EdgeSite<Policy>::report(std::vector<sim::Measurements>& measurements) {
  if (site_nodes_) report_imbalance(measurements[0]);
  for (std::size_t a = 0; a < recorders_.size(); ++a) {
    recorders_[a].finish();
    report_tallies(recorders_[a], measurements[a]);
    report_bytes(recorders_[a], measurements[a]);
    report_forwards(recorders_[a], measurements[a]);
    report_latencies(recorders_[a], measurements[a]);
  }
  if (proxies_) proxies_->report(measurements[0]);
  if (guard_)
    add_series(measurements[0].counters[index(Counter::breaker_open_time)],
               guard_->take_open_time());
  if (plan_->scenario.edge) report_nodes(measurements[0]);
}

template <class Policy>
void EdgeSite<Policy>::report_imbalance(sim::Measurements& m) {
  site_nodes_->close_bin(recorders_[0].bin());
  std::vector<std::int64_t>& most = m.maxima[index(Gauge::edge_imbalance)];
  for (std::size_t bin = 0; bin < most.size(); ++bin)
    most[bin] = std::max(most[bin], site_nodes_->imbalance().maxima()[bin]);
}

template <class Policy>
void EdgeSite<Policy>::report_tallies(const SiteRecorder& recorder, sim::Measurements& m) const {
  static constexpr std::pair<Counter, Tally> tallies[] = {
      {Counter::requests, Tally::requests},
      {Counter::request_errors, Tally::errors},
      {Counter::edge_hits, Tally::hits},
      {Counter::edge_hits, Tally::stale},
      {Counter::edge_stale, Tally::stale},
      {Counter::origin_fetches, Tally::fetches},
      {Counter::edge_stale_on_error, Tally::stale_on_error},
      {Counter::edge_collapsed, Tally::collapsed},
      {Counter::edge_own_fetches, Tally::own_fetches},
      {Counter::retries_denied, Tally::retries_denied},
      {Counter::edge_warm_ups, Tally::warm_ups},
      {Counter::edge_job_purges, Tally::job_purges},
      {Counter::edge_job_updates, Tally::job_updates},
      {Counter::breaker_calls, Tally::breaker_calls},
      {Counter::short_circuits, Tally::short_circuits},
      {Counter::hedges, Tally::hedges},
      {Counter::hedges_denied, Tally::hedges_denied},
      {Counter::hedges_won, Tally::hedges_won},
      {Counter::edge_not_modified, Tally::not_modified},
  };
  for (const auto& [to, from] : tallies)
    recorder.add_counter(static_cast<std::size_t>(from), m.counters[index(to)]);
}

// Without sizes every object counts one byte.
template <class Policy>
void EdgeSite<Policy>::report_bytes(const SiteRecorder& recorder, sim::Measurements& m) const {
  const auto add = [&](Counter to, Tally from) {
    recorder.add_counter(static_cast<std::size_t>(from), m.counters[index(to)]);
  };
  if (has_sizes_) {
    add(Counter::edge_bytes, Tally::bytes);
    add(Counter::edge_hit_bytes, Tally::hit_bytes);
  } else {
    add(Counter::edge_hit_bytes, Tally::hits);
    add(Counter::edge_hit_bytes, Tally::stale);
  }
}

template <class Policy>
void EdgeSite<Policy>::report_latencies(SiteRecorder& recorder, sim::Measurements& m) const {
  const auto add = [&](Histogram to, Latency from) {
    recorder.hand_over_slices(static_cast<std::size_t>(from), m.latencies[index(to)]);
  };
  recorder.add_slices(static_cast<std::size_t>(Latency::hit),
                      m.latencies[index(Histogram::client)]);
  add(Histogram::client, Latency::waited);
  add(Histogram::edge, Latency::hit);
  add(Histogram::edge, Latency::late_hit);
}

template <class Policy>
void EdgeSite<Policy>::report_nodes(sim::Measurements& m) {
  if (node_scaler_) return node_scaler_->report(m);
  const std::vector<std::vector<Outage>> outages = node_outages();
  const CapacitySeries capacity(*bins_, nodes_, outages);
  add_series(m.counters[index(Counter::edge_node_time)], capacity.time());
  add_series(m.maxima[index(Gauge::edge_nodes)], capacity.maxima());
  if (proxies_ && proxies_->of_nodes())
    add_series(m.counters[index(Counter::proxy_core_time)], capacity.time(), plan_->proxies->cores);
  add_cost(m.counters[index(Counter::cost)], capacity.time(),
           plan_->scenario.cost.edge_node_per_hour);
}

}  // namespace haldane::models
