#include "models/spec/check_edge.h"

#include <algorithm>

#include <fmt/format.h>

#include "config/problems.h"
#include "models/spec/sections.h"

namespace haldane::models {
namespace {

void check_sizes(const Scenario& scenario, const Blame& blame) {
  if (scenario.traffic.objects.size) return;
  const CacheSpec& cache = scenario.edge->cache;
  const auto* rule = "needs traffic.objects.size: without it nobody knows how large objects are";
  if (cache.capacity_bytes > 0)
    blame("SCN-422", "edge.cache.capacity.bytes", {"traffic.objects.size"}, rule);
  if (cache.admission.max_bytes)
    blame("SCN-422", "edge.cache.admission.max_size", {"traffic.objects.size"}, rule);
}

void check_keys(const Scenario& scenario, const Blame& blame) {
  const auto check = [&](const TimelineEvent& event, const std::string& path) {
    const auto& key = event.purge_key;
    if (!key || *key < scenario.traffic.objects.count) return;
    blame("SCN-425", path + ".key", {"traffic.objects.count"},
          fmt::format("must be an object from 0 to {}, but was {}",
                      scenario.traffic.objects.count - 1, *key));
  };
  for (std::size_t i = 0; i < scenario.timeline.size(); ++i)
    check(scenario.timeline[i], config::join_path("timeline", i));
  for (std::size_t i = 0; i < scenario.faults.size(); ++i)
    check(scenario.faults[i].event, config::join_path("faults", i));
}

// A copy that is inserted at the miss is there before its content, so it could stand in for
// anything that fails.
void check_errors(const Scenario& scenario, const Blame& blame) {
  const CacheSpec& cache = scenario.edge->cache;
  const auto check = [&](const std::string& key) {
    const std::string path = "edge.cache." + key;
    if (!scenario.api) blame("SCN-426", path, {"api"}, "needs an api, whose answers can fail");
    if (cache.fill == CacheSpec::Fill::on_miss)
      blame("SCN-427", path, {"edge.cache.fill"}, "needs fill: on_response");
  };
  if (cache.stale_if_error > Duration{}) check("stale_if_error");
  bool stands_in = cache.stale_if_error > Duration{};
  for (const CacheSpec::ClassFreshness& rules : cache.classes) {
    if (rules.stale_if_error == Duration{}) continue;
    stands_in = true;
    if (cache.stale_if_error == Duration{}) check("classes." + rules.name + ".stale_if_error");
  }
  if (cache.fetch_timeout != Duration::max()) check("fetch_timeout");
  if (cache.uncacheable.share > 0) check("uncacheable");
  if (cache.waiting.max_wait != Duration::max()) check("coalesce.max_wait");
  if (cache.waiting.poll > Duration{}) check("coalesce.poll");
  if (cache.waiting.on_timeout == CacheSpec::Waiting::OnTimeout::stale && !stands_in) {
    blame("SCN-428", "edge.cache.coalesce.on_timeout", {"edge.cache.stale_if_error"},
          "needs stale_if_error, which says how stale a copy may be");
  }
  if (cache.uncacheable.marker > Duration{} && !cache.coalesce) {
    blame("SCN-429", "edge.cache.uncacheable.marker", {"edge.cache.coalesce"},
          "needs coalesce: without it nobody waits");
  }
}

void check_classes(const Scenario& scenario, const Blame& blame) {
  const std::vector<TrafficClassSpec>& classes = scenario.traffic.classes;
  for (const CacheSpec::ClassFreshness& rules : scenario.edge->cache.classes) {
    const bool exists = std::any_of(classes.begin(), classes.end(),
                                    [&](const auto& each) { return each.name == rules.name; });
    if (!exists)
      blame("SCN-479", "edge.cache.classes." + rules.name, {"traffic.classes"},
            "must be one of traffic.classes");
  }
}

void check_shield(const Scenario& scenario, const Blame& blame) {
  if (!scenario.edge->shield) return;
  if (!scenario.api) {
    blame("SCN-426", "edge.shield", {"api"}, "needs an api to stand in front of");
    return;
  }
  if (served_by_events(*scenario.api))
    blame("SCN-418", "edge.shield", {"api"},
          "needs replicas whose answers are known as requests come: no disciplines, limits, "
          "pauses or dependencies of theirs");
  if (scenario.edge->cache.fill == CacheSpec::Fill::on_miss)
    blame("SCN-427", "edge.shield", {"edge.cache.fill"}, "needs fill: on_response");
  if (scenario.edge->shield->capacity_bytes > 0 && !scenario.traffic.objects.size)
    blame("SCN-422", "edge.shield.capacity.bytes", {"traffic.objects.size"},
          "needs traffic.objects.size: without it nobody knows how large objects are");
  const std::uint64_t cached = std::uint64_t{scenario.api->cells} * scenario.traffic.objects.count;
  if (cached > ScenarioLimits::cached_objects_max)
    blame("SCN-417", "edge.shield", {"api.cells"},
          fmt::format("must have at most {} objects at all cells together, but has {}",
                      ScenarioLimits::cached_objects_max, cached));
}

void check_revalidation(const Scenario& scenario, const Blame& blame) {
  if (!scenario.edge->cache.revalidation) return;
  if (!scenario.api)
    blame("SCN-426", "edge.cache.revalidation", {"api"}, "needs an api that is asked");
}

bool looks_at_cpu(const AutoscalerSpec& scaler) {
  if (scaler.kind == AutoscalerSpec::Kind::schedule) return false;
  return std::ranges::any_of(
      scaler.metrics, [](const auto& each) { return each.metric == AutoscalerSpec::Metric::cpu; });
}

// One hand decides how many nodes there are.
void check_autoscaler(const Scenario& scenario, const Blame& blame) {
  const EdgeSpec& edge = *scenario.edge;
  if (!edge.autoscaler) return;
  if (looks_at_cpu(*edge.autoscaler) && (!edge.proxies || edge.proxies->cores_per_node == 0))
    blame("SCN-420", "edge.autoscaler", {"edge.proxies"},
          "needs edge.proxies.cores_per_node for the metric cpu: else nobody knows how busy a "
          "node is");
  for (std::size_t i = 0; i < scenario.timeline.size(); ++i) {
    if (scenario.timeline[i].kind == TimelineEvent::Kind::nodes)
      blame("SCN-419", config::join_path("timeline", i) + ".event", {"edge.autoscaler"},
            "must not be given with edge.autoscaler, which decides how many nodes there are; its "
            "kind schedule does so by the clock");
  }
}

void check_cores(const Scenario& scenario, const Blame& blame) {
  if (!scenario.edge->proxies) return;
  const std::uint64_t cores =
      std::uint64_t{scenario.edge->proxies->cores_per_node} * most_nodes(scenario);
  if (cores <= ScenarioLimits::cores_max) return;
  blame("SCN-416", "edge.proxies.cores_per_node",
        {"edge.nodes_per_site", "edge.autoscaler", "timeline"},
        fmt::format("gives {} cores a site, at most {} are possible", cores,
                    ScenarioLimits::cores_max));
}

// Who waits for another's fetch is told by that fetch, of which there must be one.
void check_hedge(const Scenario& scenario, const Blame& blame) {
  if (!scenario.traffic.client.hedge) return;
  const EdgeSpec& edge = *scenario.edge;
  if (edge.cache.coalesce)
    blame("SCN-450", "traffic.client.hedge", {"edge.cache.coalesce"}, "needs coalesce: false");
  const bool changes = edge.autoscaler || most_nodes(scenario) != edge.nodes_per_site;
  if (edge.spread.kind != SpreadSpec::Kind::hash || changes)
    blame("SCN-450", "traffic.client.hedge", {"edge.spread", "edge.autoscaler", "timeline"},
          "needs spread: hash and a number of nodes that stays");
}

// A client's patience is watched from where its request goes on, so none may be held back before.
void check_rate_limit(const Scenario& scenario, const Blame& blame) {
  if (!scenario.edge->rate_limit) return;
  std::uint64_t buckets = 0;
  bool holds_back = false;
  for (const RateLimitSpec::Tier& tier : scenario.edge->rate_limit->tiers) {
    buckets += std::uint64_t{tier.clients} * scenario.edge->sites;
    holds_back |= scenario.edge->rate_limit->kind == RateLimitSpec::Kind::leaky_bucket &&
                  tier.delay < tier.burst;
  }
  if (buckets > ScenarioLimits::buckets_max)
    blame("SCN-414", "edge.rate_limit.tiers", {"edge.sites"},
          fmt::format("must have at most {} clients at all sites together, but has {}",
                      ScenarioLimits::buckets_max, buckets));
  if (holds_back && scenario.traffic.client.timeout != Duration::max())
    blame("SCN-415", "edge.rate_limit", {"traffic.client.timeout"},
          "must not hold requests back (delay: none) where clients have a timeout");
}

}  // namespace

void check_edge(const Scenario& scenario, const Blame& blame) {
  if (!scenario.edge) return;
  check_sizes(scenario, blame);
  check_keys(scenario, blame);
  check_errors(scenario, blame);
  check_classes(scenario, blame);
  check_rate_limit(scenario, blame);
  check_cores(scenario, blame);
  check_autoscaler(scenario, blame);
  check_shield(scenario, blame);
  check_revalidation(scenario, blame);
  check_hedge(scenario, blame);
}

}  // namespace haldane::models
