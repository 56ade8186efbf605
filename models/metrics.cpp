#include "models/metrics.h"

#include <array>
#include <string>
#include <utility>

namespace haldane::models {
namespace {

using sim::MetricDefinition;
using sim::MetricKind;

class CatalogueBuilder {
 public:
  explicit CatalogueBuilder(Block block) : block_(block) {}

  void tier(bool present) { absent_ = !present; }

  void rate(std::string name, Counter a) {
    add(std::move(name), "1/s", MetricKind::rate, index(a, block_));
  }
  void ratio(std::string name, Counter a, Counter b) {
    add(std::move(name), "ratio", MetricKind::ratio, index(a, block_), index(b, block_));
  }
  /// Of a replica, from KiB x us of all of them.
  void memory(std::string name, Counter a, Counter replica_time) {
    constexpr double mib = 1e3 / 1024;
    add(std::move(name), "MiB", MetricKind::ratio, index(a, block_), index(replica_time, block_),
        mib);
  }
  void total(std::string name, Counter a) {
    add(std::move(name), "1", MetricKind::total, index(a, block_));
  }
  void average(std::string name, Counter a, std::string unit = "1", double scale = 1) {
    add(std::move(name), std::move(unit), MetricKind::time_average, index(a, block_), 0, scale);
  }
  void maximum(std::string name, Gauge a, std::string unit = "1", double scale = 1) {
    add(std::move(name), std::move(unit), MetricKind::maximum, index(a, block_), 0, scale);
  }
  void latency(const std::string& stem, Histogram h) {
    constexpr double ms = 1e-6;
    add(stem + ".mean", "ms", MetricKind::latency_mean, index(h, block_), 0, ms);
    static constexpr std::array<std::pair<const char*, double>, 4> quantiles = {
        {{".p50", 0.5}, {".p90", 0.9}, {".p99", 0.99}, {".p999", 0.999}}};
    for (const auto& [suffix, q] : quantiles) {
      add(stem + suffix, "ms", MetricKind::latency_quantile, index(h, block_), 0, ms);
      catalogue_.back().quantile = q;
    }
  }
  [[nodiscard]] sim::MetricCatalogue take() { return std::move(catalogue_); }

 private:
  void add(std::string name, std::string unit, MetricKind kind, std::size_t a, std::size_t b = 0,
           double scale = 1) {
    MetricDefinition metric;
    metric.name = std::move(name);
    metric.unit = std::move(unit);
    metric.kind = kind;
    metric.a = static_cast<std::uint32_t>(a);
    metric.b = static_cast<std::uint32_t>(b);
    metric.scale = scale;
    metric.absent = absent_;
    catalogue_.push_back(std::move(metric));
  }

  sim::MetricCatalogue catalogue_;
  Block block_;
  bool absent_ = false;
};

void add_breakers(CatalogueBuilder& c, bool present) {
  c.tier(present);
  c.ratio("breakers.short_circuited_ratio", Counter::short_circuits, Counter::breaker_calls);
  c.average("breakers.open.mean", Counter::breaker_open_time);
}

void add_dependency(CatalogueBuilder& c, bool present) {
  c.tier(present);
  c.rate("dependency.rate_per_s", Counter::dependency_calls);
  c.ratio("dependency.error_ratio", Counter::dependency_errors, Counter::dependency_calls);
  c.ratio("dependency.utilization", Counter::dependency_busy_time, Counter::dependency_slot_time);
  c.latency("dependency.wait_ms", Histogram::dependency_wait);
  c.average("dependency.queue_depth.mean", Counter::dependency_queue_time);
}

// Both arms share them.
void add_nodes(CatalogueBuilder& c, bool present) {
  c.tier(present);
  c.average("edge.nodes.mean", Counter::edge_node_time);
  c.maximum("edge.nodes.max", Gauge::edge_nodes);
}

void add_edge(CatalogueBuilder& c, TiersPresent tiers, Block block) {
  c.tier(tiers.edge);
  c.ratio("edge.hit_ratio", Counter::edge_hits, Counter::edge_lookups);
  c.ratio("edge.byte_hit_ratio", Counter::edge_hit_bytes, Counter::edge_bytes);
  c.ratio("edge.stale_ratio", Counter::edge_stale, Counter::edge_lookups);
  c.ratio("edge.stale_if_error_ratio", Counter::edge_stale_on_error, Counter::edge_lookups);
  c.ratio("edge.collapsed_ratio", Counter::edge_collapsed, Counter::edge_lookups);
  c.ratio("edge.fwd_uri_miss_ratio", Counter::edge_fwd_uri_miss, Counter::edge_lookups);
  c.ratio("edge.fwd_stale_ratio", Counter::edge_fwd_stale, Counter::edge_lookups);
  c.ratio("edge.fwd_bypass_ratio", Counter::edge_fwd_bypass, Counter::edge_lookups);
  c.ratio("edge.fwd_status_304_ratio", Counter::edge_not_modified, Counter::origin_fetches);
  c.ratio("edge.limited_ratio", Counter::edge_limited, Counter::edge_arrived);
  c.ratio("edge.delayed_ratio", Counter::edge_delayed, Counter::edge_arrived);
  c.ratio("edge.shield_hit_ratio", Counter::shield_hits, Counter::shield_lookups);
  c.ratio("edge.shield_collapsed_ratio", Counter::shield_collapsed, Counter::shield_lookups);
  c.rate("edge.warm_ups_per_s", Counter::edge_warm_ups);
  c.rate("edge.job_purges_per_s", Counter::edge_job_purges);
  c.rate("edge.job_updates_per_s", Counter::edge_job_updates);
  c.rate("edge.origin_rate_per_s", Counter::origin_fetches);
  c.ratio("edge.origin_offload_ratio", Counter::edge_origin_saved, Counter::edge_lookups);
  c.ratio("edge.origin_byte_offload_ratio", Counter::edge_origin_saved_bytes, Counter::edge_bytes);
  c.latency("edge.latency_ms", Histogram::edge);
  c.maximum("edge.node_imbalance.max", Gauge::edge_imbalance, "1", 1e-3);
  add_nodes(c, tiers.edge && block == Block::total);
  c.tier(tiers.proxies);
  c.ratio("edge.proxy_utilization", Counter::proxy_busy_time, Counter::proxy_core_time);
  c.average("edge.proxy_queue_depth.mean", Counter::proxy_queue_time);
}

void add_api(CatalogueBuilder& c, TiersPresent tiers) {
  c.tier(tiers.api);
  c.rate("api.rate_per_s", Counter::api_requests);
  c.ratio("api.error_ratio", Counter::api_errors, Counter::api_requests);
  c.ratio("api.utilization", Counter::api_busy_time, Counter::api_slot_time);
  c.latency("api.wait_ms", Histogram::api_wait);
  c.latency("api.latency_ms", Histogram::api_latency);
  c.average("api.queue_depth.mean", Counter::api_queue_time);
  c.maximum("api.queue_depth.max", Gauge::api_queue);
  c.ratio("api.rejected_ratio", Counter::api_rejected, Counter::api_requests);
  c.ratio("api.over_quota_ratio", Counter::api_over_quota, Counter::api_requests);
  c.average("api.ejected.mean", Counter::api_ejected_time);
  c.average("api.replicas.mean", Counter::api_replica_time);
  c.maximum("api.replicas.max", Gauge::api_replicas);
  c.tier(tiers.api_writes);
  c.rate("api.write_backs_per_s", Counter::api_writes);
  c.ratio("api.write_back_error_ratio", Counter::api_write_errors, Counter::api_writes);
  c.rate("api.write_backs_lost_per_s", Counter::api_writes_lost);
  c.tier(tiers.api_memory);
  c.memory("api.memory_mib.mean", Counter::api_memory_time, Counter::api_replica_time);
  add_breakers(c, tiers.breakers);
  c.tier(tiers.losses);
  c.ratio("links.lost_ratio", Counter::packets_lost, Counter::packets);
}

void add_queue(CatalogueBuilder& c, TiersPresent tiers) {
  c.tier(tiers.queue);
  c.rate("workers.done_per_s", Counter::jobs_done);
  c.total("workers.duplicates", Counter::job_copies);
  c.total("workers.duplicate_drops", Counter::job_drops);
  c.rate("workers.expired_per_s", Counter::job_expiries);
  c.rate("workers.late_per_s", Counter::jobs_late);
  c.total("workers.dead_letters_failed", Counter::dead_failed);
  c.total("workers.dead_letters_crashed", Counter::dead_crashed);
  c.total("workers.dead_letters_expired", Counter::dead_expired);
  c.total("workers.dead_letters_poison", Counter::dead_poison);
  c.average("workers.dead_letter_age_s.mean", Counter::dead_letter_age_time, "s", 1e-3);
  c.maximum("workers.dead_letter_age_s.max", Gauge::dead_letter_age, "s", 1e-9);
  c.tier(tiers.priorities);
  c.latency("workers.urgent_wait_ms", Histogram::worker_urgent_wait);
}

void add_workers(CatalogueBuilder& c, TiersPresent tiers) {
  c.tier(tiers.workers);
  c.rate("workers.rate_per_s", Counter::jobs);
  c.ratio("workers.utilization", Counter::worker_busy_time, Counter::worker_slot_time);
  c.latency("workers.wait_ms", Histogram::worker_wait);
  c.average("workers.queue_depth.mean", Counter::worker_queue_time);
  c.maximum("workers.queue_depth.max", Gauge::worker_queue);
  c.average("workers.lag_s.mean", Counter::worker_lag_time, "s", 1e-3);  // us^2 per ns
  c.maximum("workers.lag_s.max", Gauge::worker_lag, "s", 1e-9);
  c.rate("workers.retries_per_s", Counter::job_retries);
  c.total("workers.dead_letters", Counter::dead_letters);
  c.average("workers.replicas.mean", Counter::worker_replica_time);
  c.maximum("workers.replicas.max", Gauge::worker_replicas);
  add_queue(c, tiers);
  c.tier(tiers.worker_memory);
  c.memory("workers.memory_mib.mean", Counter::worker_memory_time, Counter::worker_replica_time);
  c.tier(tiers.rows);
  c.rate("workers.rows_per_s", Counter::job_rows);
}

}  // namespace

sim::MetricCatalogue metric_catalogue(TiersPresent tiers, Block block) {
  CatalogueBuilder c(block);
  c.rate("requests.rate_per_s", Counter::requests);
  c.ratio("requests.error_ratio", Counter::request_errors, Counter::requests);
  c.latency("requests.latency_ms", Histogram::client);
  c.ratio("requests.retries_denied_ratio", Counter::retries_denied, Counter::requests);
  c.ratio("requests.hedged_ratio", Counter::hedges, Counter::requests);
  c.ratio("requests.hedges_won_ratio", Counter::hedges_won, Counter::hedges);
  c.ratio("requests.hedges_denied_ratio", Counter::hedges_denied, Counter::requests);

  add_edge(c, tiers, block);

  add_api(c, tiers);
  // Both arms share it.
  add_dependency(c, tiers.dependency && block == Block::total);

  add_workers(c, tiers);
  c.tier(true);
  c.average("cost.per_hour", Counter::cost, "cost/h", 1e-3);
  return c.take();
}

}  // namespace haldane::models
