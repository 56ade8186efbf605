#include "analysis/judge/fixed_effects.h"

namespace haldane::analysis {
namespace {
Effect later() {
  Effect e;
  e.method = "none";
  e.obstacle = "fixed mode is not built yet";
  return e;
}
}  // namespace
Effect fixed_quantile(const SampleArms&, double, double, Evidence::Scale) {
  return later();
}
WholeSampleTest fixed_whole_sample(FixedTest, const SampleArms&) {
  return {0, 0, true, [](Evidence::Scale) { return later(); }};
}
Effect fixed_rate(const RateArms&, std::optional<FixedTest>, EventLaw, double, Evidence::Scale) {
  return later();
}
Effect fixed_gauge(const GaugeArms&, Evidence::Scale) {
  return later();
}
}  // namespace haldane::analysis
