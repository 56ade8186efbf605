// Laws of kinds of requests that have their own, for a canary.
#pragma once

#include "models/plan.h"

namespace haldane::models {

/// A law that the canary has of its own is for all its requests, as with classes; a factor
/// stretches the law of the kind. **Domain** a scenario with a canary whose arm is compiled.
[[nodiscard]] inline sim::Distribution canary_law(const Plan& plan, const sim::Distribution& law) {
  const CanarySpec::Api& canary = plan.scenario.canary->api;
  if (canary.service) return plan.api[1].service;
  return canary.service_factor ? law.scaled(*canary.service_factor) : law;
}

}  // namespace haldane::models
