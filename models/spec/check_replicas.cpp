#include "models/spec/check_replicas.h"

#include <string>

namespace haldane::models {
namespace {

std::string first_key_of_events(const ApiSpec& api) {
  const bool central = api.balancer == Balancer::central_queue;
  if (central && api.autoscaler) return "api.autoscaler";
  if (central && api.slow_start.lasting > Duration{}) return "api.slow_start";
  if (api.limit.kind != LimitSpec::Kind::none) return "api.limit";
  if (api.dependency) return "api.dependency";
  if (api.pauses) return "api.pauses";
  if (api.outliers) return "api.outliers";
  const bool by_balancer =
      api.balancer == Balancer::peak_ewma || api.balancer == Balancer::weighted_least_requests;
  return by_balancer ? "api.balancer" : "api.queue";
}

// What admission cannot foresee takes events, which do not know everything that admission knows.
void check_events(const Scenario& scenario, const Blame& blame) {
  const ApiSpec& api = *scenario.api;
  if (!served_by_events(api)) return;
  const std::string path = first_key_of_events(api);
  if (scenario.edge && scenario.edge->cache.fetch_timeout != Duration::max()) {
    blame("SCN-436", path, {"edge.cache.fetch_timeout"},
          "is served by events, where sites cannot give up a fetch yet");
  }
}

// Replicas take from a central queue by themselves: nobody sends them requests, or stops to.
void check_outliers(const ApiSpec& api, const Blame& blame) {
  if (api.outliers && api.balancer == Balancer::central_queue)
    blame("SCN-435", "api.outliers", {"api.balancer"},
          "needs a balancer that sends requests to replicas: they take them from a central queue");
}

}  // namespace

void check_replicas(const Scenario& scenario, const Blame& blame) {
  if (!scenario.api) return;
  if (scenario.api->queue.drop_client_gone && scenario.traffic.client.timeout == Duration::max()) {
    blame("SCN-430", "api.queue.deadline_drop", {"traffic.client"},
          "is client, so clients need a time-out");
  }
  check_events(scenario, blame);
  check_outliers(*scenario.api, blame);
}

}  // namespace haldane::models
