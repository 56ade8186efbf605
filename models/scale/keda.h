// KEDA: activation between nothing and one replica; from one replica on, a Kubernetes HPA on the
// total of an external metric, such as a queue length.
//
// Polling interval and cooldown act on 0 <-> 1 only. Whoever expects the cooldown to hold back a
// step from 10 to 5 finds the HPA's stabilisation window instead.
#pragma once

#include <cstdint>
#include <optional>

#include "models/scale/hpa.h"

namespace haldane::models {

/// The parameters of a ScaledObject with one trigger.
struct KedaRules {
  std::uint32_t min = 0;
  std::uint32_t max = 100;
  double threshold = 5;   ///< of the metric, a replica
  double activation = 0;  ///< active while the metric is above it
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

  /// One poll of the trigger: activation, idling and falling asleep. **Domain** `now` never
  /// decreases.
  ScaleDecision poll(SimTime now, std::uint32_t current, double total);
  /// One sync of the HPA; without effect at 0 replicas and while idle.
  ScaleDecision sync(SimTime now, std::uint32_t current, double total);

 private:
  ScaleDecision sleep(SimTime now, std::uint32_t current) const;

  KedaRules rules_;
  HpaController hpa_;
  std::optional<SimTime> last_active_;
};

}  // namespace haldane::models
