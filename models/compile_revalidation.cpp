#include "models/compile_revalidation.h"

#include "models/canary_law.h"
#include "models/workload/law.h"
#include "sim/random/distribution.h"

namespace haldane::models {

void compile_revalidation(Plan& plan) {
  const Scenario& s = plan.scenario;
  if (!s.edge || !s.edge->cache.revalidation) return;
  const RevalidationSpec& spec = *s.edge->cache.revalidation;
  plan.revalidates = true;
  plan.not_modified_threshold = sim::to_threshold(spec.not_modified);
  if (!spec.service) return;
  const sim::Distribution law = duration_law(*spec.service);
  plan.api[0].not_modified_service = law;
  if (s.canary) plan.api[1].not_modified_service = canary_law(plan, law);
}

}  // namespace haldane::models
