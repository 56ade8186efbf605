#include "models/spec/metric_names.h"

#include <initializer_list>

namespace haldane::models {
namespace {

void add(std::vector<std::string>& names, std::string_view stem,
         std::initializer_list<std::string_view> leaves) {
  for (const std::string_view leaf : leaves) {
    names.push_back(std::string(stem) + "." + std::string(leaf));
  }
}

void add_edge(std::vector<std::string>& names) {
  add(names, "edge",
      {"hit_ratio", "byte_hit_ratio", "stale_ratio", "stale_if_error_ratio", "collapsed_ratio",
       "fwd_uri_miss_ratio", "fwd_stale_ratio", "fwd_bypass_ratio", "fwd_status_304_ratio",
       "limited_ratio", "delayed_ratio", "shield_hit_ratio", "shield_collapsed_ratio",
       "warm_ups_per_s", "job_purges_per_s", "job_updates_per_s", "origin_rate_per_s",
       "origin_offload_ratio", "origin_byte_offload_ratio"});
  add(names, "edge.latency_ms", {"mean", "p50", "p90", "p99", "p999"});
  add(names, "edge",
      {"node_imbalance.max", "nodes.mean", "nodes.max", "proxy_utilization",
       "proxy_queue_depth.mean"});
}

void add_workers(std::vector<std::string>& names) {
  const std::initializer_list<std::string_view> latency = {"mean", "p50", "p90", "p99", "p999"};
  const std::initializer_list<std::string_view> gauge = {"mean", "max"};
  add(names, "workers", {"rate_per_s", "utilization"});
  add(names, "workers.wait_ms", latency);
  add(names, "workers.queue_depth", gauge);
  add(names, "workers.lag_s", gauge);
  add(names, "workers", {"retries_per_s", "dead_letters"});
  add(names, "workers.replicas", gauge);
  add(names, "workers",
      {"done_per_s", "duplicates", "duplicate_drops", "expired_per_s", "late_per_s",
       "dead_letters_failed", "dead_letters_crashed", "dead_letters_expired",
       "dead_letters_poison"});
  add(names, "workers.dead_letter_age_s", gauge);
  add(names, "workers.urgent_wait_ms", latency);
  add(names, "workers", {"memory_mib.mean", "rows_per_s"});
}

std::vector<std::string> make_names() {
  const std::initializer_list<std::string_view> statistics = {"mean", "p50", "p90", "p99", "p999"};
  const std::initializer_list<std::string_view> gauge = {"mean", "max"};
  std::vector<std::string> names;
  add(names, "requests", {"rate_per_s", "error_ratio"});
  add(names, "requests.latency_ms", statistics);
  add(names, "requests",
      {"retries_denied_ratio", "hedged_ratio", "hedges_won_ratio", "hedges_denied_ratio"});
  add_edge(names);
  add(names, "api", {"rate_per_s", "error_ratio", "utilization"});
  add(names, "api.wait_ms", statistics);
  add(names, "api.latency_ms", statistics);
  add(names, "api.queue_depth", gauge);
  add(names, "api", {"rejected_ratio", "over_quota_ratio", "ejected.mean"});
  add(names, "api.replicas", gauge);
  add(names, "api",
      {"write_backs_per_s", "write_back_error_ratio", "write_backs_lost_per_s", "memory_mib.mean"});
  add(names, "breakers", {"short_circuited_ratio", "open.mean"});
  add(names, "links", {"lost_ratio"});
  add(names, "dependency", {"rate_per_s", "error_ratio", "utilization"});
  add(names, "dependency.wait_ms", statistics);
  add(names, "dependency.queue_depth", {"mean"});
  add_workers(names);
  add(names, "cost", {"per_hour"});
  return names;
}

}  // namespace

const std::vector<std::string>& metric_names() {
  static const std::vector<std::string> names = make_names();
  return names;
}

MetricTier tier_of_metric(std::string_view name) {
  if (name.starts_with("edge.")) return MetricTier::edge;
  if (name.starts_with("api.")) return MetricTier::api;
  if (name.starts_with("workers.urgent_wait_ms")) return MetricTier::priorities;
  for (const std::string_view of_queue :
       {"workers.done_per_s", "workers.duplicate", "workers.expired_per_s", "workers.late_per_s",
        "workers.dead_letter_age_s", "workers.dead_letters_"}) {
    if (name.starts_with(of_queue)) return MetricTier::queue;
  }
  if (name.starts_with("breakers.") || name.starts_with("links.")) return MetricTier::api;
  if (name.starts_with("dependency.")) return MetricTier::dependency;
  if (name.starts_with("workers.")) return MetricTier::workers;
  return MetricTier::none;
}

bool metric_is_ratio(std::string_view name) {
  return name.ends_with("_ratio") || name.ends_with("utilization");
}

}  // namespace haldane::models
