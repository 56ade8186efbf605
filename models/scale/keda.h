// KEDA: activation between nothing and one replica; from one replica on, a Kubernetes HPA on the
// totals of external metrics, such as a queue length.
//
// Polling interval and cooldown act on 0 <-> 1 only. Whoever expects the cooldown to hold back a
// step from 10 to 5 finds the HPA's stabilisation window instead.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include "models/scale/hpa.h"

namespace haldane::models {

/// One metric of a ScaledObject.
struct KedaTrigger {
  double threshold = 5;   ///< of the metric, a replica
  double activation = 0;  ///< active while the metric is above it
};

/// The parameters of a ScaledObject.
struct KedaRules {
  std::uint32_t min = 0;
  std::uint32_t max = 100;
  std::vector<KedaTrigger> triggers;  ///< at least one
  Duration cooldown = Duration::seconds(300);
  Duration initial_cooldown{};
  std::optional<std::uint32_t> idle;  ///< instead of 0 (or min) while nothing is active
  HpaTolerance tolerance;
  std::optional<HpaBehavior> behavior;  ///< of the HPA behind it
};

/// One ScaledObject. **Determinism** depends on the calls only.
/// **Source** kedacore/keda, pkg/scaling/executor/scale_scaledobjects.go, and the HPA's source.
class KedaController {
 public:
  explicit KedaController(const KedaRules& rules);

  /// One poll of the triggers: activation, idling and falling asleep. It is active while one of
  /// them is. **Domain** `now` never decreases; one total a trigger.
  ScaleDecision poll(SimTime now, std::uint32_t current, std::span<const double> totals);
  /// One sync of the HPA; without effect at 0 replicas and while idle. **Domain** as poll().
  ScaleDecision sync(SimTime now, std::uint32_t current, std::span<const double> totals);

 private:
  // The first trigger that is active, if one is.
  [[nodiscard]] std::optional<std::uint32_t> active(std::span<const double> totals) const;
  ScaleDecision sleep(SimTime now, std::uint32_t current) const;

  KedaRules rules_;
  HpaController hpa_;
  std::optional<SimTime> last_active_;
};

}  // namespace haldane::models
