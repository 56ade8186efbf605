#include "models/spec/check_replicas.h"

namespace haldane::models {
namespace {

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
  check_outliers(*scenario.api, blame);
}

}  // namespace haldane::models
