#include "models/spec/check_replicas.h"

#include <algorithm>
#include <string>

namespace haldane::models {
namespace {

std::string first_key_of_events(const ApiSpec& api) {
  if (api.limit.kind != LimitSpec::Kind::none) return "api.limit";
  if (api.dependency) return "api.dependency";
  if (api.pauses) return "api.pauses";
  if (api.outliers) return "api.outliers";
  const bool by_balancer =
      api.balancer == Balancer::peak_ewma || api.balancer == Balancer::weighted_least_requests;
  return by_balancer ? "api.balancer" : "api.queue";
}

// What admission cannot foresee takes events, which do not know everything that admission knows.
void check_events(const Scenario& scenario, const BlameEdge& blame) {
  const ApiSpec& api = *scenario.api;
  if (!served_by_events(api)) return;
  const std::string path = first_key_of_events(api);
  if (api.autoscaler && api.outliers) {
    blame("SCN-431", "api.outliers", {"api.autoscaler"},
          "needs a number of replicas that stays, of which so many may be ejected");
  }
  const auto fails_replicas = [](const TimelineEvent& event) {
    return event.kind == TimelineEvent::Kind::replica_failure &&
           event.tier == TimelineEvent::Tier::api;
  };
  const bool by_script = std::ranges::any_of(scenario.timeline, fails_replicas);
  const bool by_chance = std::ranges::any_of(scenario.faults, fails_replicas, &FaultSpec::event);
  if (api.balancer == Balancer::central_queue && (by_script || by_chance)) {
    blame("SCN-432", path, {"api.balancer", by_script ? "timeline" : "faults"},
          "is served by events, where replicas of a central queue cannot fail yet");
  }
  if (scenario.edge && scenario.edge->cache.fetch_timeout != Duration::max()) {
    blame("SCN-436", path, {"edge.cache.fetch_timeout"},
          "is served by events, where sites cannot give up a fetch yet");
  }
}

// A central queue has slots, not replicas.
void check_replicas_have_names(const ApiSpec& api, const BlameEdge& blame) {
  if (api.balancer != Balancer::central_queue) return;
  const std::string rule =
      "needs a balancer with a queue a replica: a central queue does not say "
      "which replica serves a request";
  if (api.pauses && api.replicas > 1)
    blame("SCN-435", "api.pauses", {"api.balancer", "api.replicas"}, rule);
  if (api.outliers) blame("SCN-435", "api.outliers", {"api.balancer"}, rule);
  if (api.slow_start.lasting > Duration{})
    blame("SCN-435", "api.slow_start", {"api.balancer"}, rule);
}

}  // namespace

void check_replicas(const Scenario& scenario, const BlameEdge& blame) {
  if (!scenario.api) return;
  if (scenario.api->queue.drop_client_gone && scenario.traffic.client.timeout == Duration::max()) {
    blame("SCN-430", "api.queue.deadline_drop", {"traffic.client"},
          "is client, so clients need a time-out");
  }
  check_events(scenario, blame);
  check_replicas_have_names(*scenario.api, blame);
}

}  // namespace haldane::models
