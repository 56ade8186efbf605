// What a run of the edge stack counts, and the published metrics made of it.
#pragma once

#include <cstdint>

#include "sim/measure/measurements.h"

namespace haldane::models {

/// Indices of Measurements::counters. Time integrals hold level x ns unless said otherwise. New
/// ones go behind `cost`: those up to there are part of every digest, later ones where they count.
enum class Counter : std::uint32_t {
  requests,        ///< client requests, retries not counted again
  request_errors,  ///< of those, the ones whose last attempt failed; in the same bin
  edge_lookups,    ///< requests that reached the cache, retries included
  edge_hits,       ///< fresh
  edge_stale,      ///< served stale
  edge_bytes,      ///< bytes of all look-ups
  edge_hit_bytes,  ///< bytes of fresh and stale hits
  origin_fetches,  ///< requests from the edge that reach the API
  edge_node_time,
  api_requests,
  api_errors,    ///< failed, rejected, or lost in a crash
  api_rejected,  ///< queue full or no replica up
  api_busy_time,
  api_slot_time,
  api_queue_time,
  api_replica_time,
  jobs,  ///< attempts that arrived at the workers
  job_retries,
  dead_letters,
  worker_busy_time,
  worker_slot_time,
  worker_queue_time,
  worker_lag_time,  ///< us x us
  worker_replica_time,
  cost,  ///< price x ns x 1000
  // The next numbers are part of pinned digests: later counters go behind them. They are of workers
  // by events only. Each job of jobs_enqueued ends as one of jobs_done, job_drops and dead_letters.
  jobs_enqueued,  ///< jobs that came, copies included
  jobs_done,      ///< jobs that succeeded while their receipt was good
  job_copies,     ///< second copies of a job
  job_drops,      ///< jobs that had been done within the idempotency window
  job_expiries,   ///< visibility time-outs that ended before the job did
  jobs_late,      ///< successes after that: others have the job again
  dead_failed,    ///< dead letters by the last thing that happened
  dead_crashed,
  dead_expired,
  dead_poison,
  dead_letter_age_time,  ///< us x us
  // Of the edge.
  edge_stale_on_error,  ///< failed answers that a stale copy stood in for
  edge_collapsed,       ///< look-ups that waited for another's fetch
  edge_own_fetches,     ///< fetches of those who had waited before
  retries_denied,       ///< requests whose client had attempts left, but no budget
  // Look-ups that were no hits, by RFC 9211's reason to go forward; in no digest. With edge_hits
  // they are all of edge_lookups.
  edge_fwd_uri_miss,        ///< nothing was stored
  edge_fwd_stale,           ///< what was stored was no longer fresh
  edge_fwd_bypass,          ///< the cache knew that the answer may not be stored
  edge_origin_saved,        ///< look-ups less fetches; in no digest
  edge_origin_saved_bytes,  ///< bytes of look-ups less those of fetches; in no digest
  edge_arrived,             ///< requests, retries included, before any limit; in no digest
  edge_limited,             ///< of those, turned away by a rate limit
  edge_delayed,             ///< and held back by it
  dependency_calls,
  dependency_errors,  ///< failed, refused, or given up while waiting
  dependency_busy_time,
  dependency_slot_time,
  dependency_queue_time,
  shield_lookups,  ///< fetches that reached a shield
  shield_hits,
  shield_collapsed,   ///< those that waited for another's
  api_ejected_time,   ///< of replicas that are left out as outliers
  breaker_calls,      ///< calls that a circuit breaker was asked about
  short_circuits,     ///< of those, the ones it refused
  breaker_open_time,  ///< of all breakers
  api_over_quota,     ///< refused by the quota of their tier
  hedges,             ///< calls to the API that were made a second time
  hedges_denied,      ///< those that the budget did not cover
  hedges_won,         ///< second calls whose answer came first
  edge_warm_ups,      ///< objects of lists that a site fetched by itself
  packets,            ///< copies of messages sent over links that may lose them
  packets_lost,
  edge_job_purges,   ///< copies that the result of a job made out of date
  edge_job_updates,  ///< and results that sites stored
  proxy_busy_time,   ///< of the cores of proxies
  proxy_core_time,   ///< that there is
  proxy_queue_time,  ///< of requests that wait for a core
  api_writes,        ///< results of jobs that came to a cell, tries again included
  api_write_errors,  ///< of those, the ones that were rejected or failed
  api_writes_lost,   ///< and those that were not tried again
  api_memory_time,   ///< KiB x us
  worker_memory_time,
  job_rows,           ///< processed by jobs that are done
  edge_not_modified,  ///< fetches that are answered 304, if they are
  count
};

/// Whether a run's digest hashes the counter: not those that can be told from others, and what
/// counts in systems that had digests before it did.
constexpr bool is_in_digest(Counter c) {
  return c != Counter::edge_collapsed &&
         (c < Counter::edge_fwd_uri_miss || c > Counter::edge_arrived);
}

/// Indices of Measurements::maxima. New ones go behind `worker_replicas`, as above.
enum class Gauge : std::uint32_t {
  api_queue,
  api_replicas,
  worker_queue,
  worker_lag,
  worker_replicas,
  dead_letter_age,
  edge_imbalance,  ///< requests of a site's busiest node / their mean, in thousandths
  edge_nodes,      ///< of all sites; in no digest
  count
};

/// Likewise.
constexpr bool is_in_digest(Gauge g) {
  return g != Gauge::edge_nodes;
}

/// Indices of Measurements::latencies. New ones go behind `worker_wait`, as above.
enum class Histogram : std::uint32_t {
  client,
  edge,
  api_wait,
  api_latency,
  worker_wait,
  worker_urgent_wait,  ///< of the most urgent class
  dependency_wait,
  count
};

constexpr std::size_t index(Counter c) {
  return static_cast<std::size_t>(c);
}
constexpr std::size_t index(Gauge g) {
  return static_cast<std::size_t>(g);
}
constexpr std::size_t index(Histogram h) {
  return static_cast<std::size_t>(h);
}

/// Which tiers a scenario has; the metrics of the others are null.
struct TiersPresent {
  bool edge = true;
  bool api = true;
  bool workers = true;
  bool queue = false;       ///< an at-least-once queue
  bool priorities = false;  ///< classes of jobs
  bool dependency = false;
  bool breakers = false;    ///< of the callers of the API
  bool losses = false;      ///< of packets, on some link at some time
  bool proxies = false;     ///< in front of the edge's caches
  bool api_writes = false;  ///< results of jobs go to the API
  bool api_memory = false;  ///< somebody asks for it
  bool worker_memory = false;
  bool rows = false;
};

/// Whose requests a block of measurements counts. Measurements hold the blocks one after the other:
/// the total always, the arms where the scenario has a canary.
enum class Block : std::uint32_t { total, baseline, canary };

constexpr std::size_t index(Counter c, Block b) {
  return index(c) + static_cast<std::size_t>(b) * index(Counter::count);
}
constexpr std::size_t index(Gauge g, Block b) {
  return index(g) + static_cast<std::size_t>(b) * index(Gauge::count);
}
constexpr std::size_t index(Histogram h, Block b) {
  return index(h) + static_cast<std::size_t>(b) * index(Histogram::count);
}

/// Every metric of the contract, in publication order, computed from one block.
[[nodiscard]] sim::MetricCatalogue metric_catalogue(TiersPresent tiers, Block block = Block::total);

}  // namespace haldane::models
