// The Knative pod autoscaler: an average over a stable window, and a short panic window that rules
// while a burst lasts.
//
// It is given averages; which window they are of is the caller's business.
#pragma once

#include <cstdint>
#include <deque>
#include <optional>

#include "models/scale/decision.h"
#include "sim/base/time.h"

namespace haldane::models {

/// The parameters of a revision; defaults of Knative's config-autoscaler.
struct KpaRules {
  std::uint32_t min = 1;
  std::uint32_t max = 1'000'000;
  double target = 70;  ///< of the metric, a replica: 70 % of 100 concurrent requests
  double up_rate = 1'000;
  double down_rate = 2;
  double panic_threshold = 2;  ///< of the target at the ready replicas
  Duration stable_window = Duration::seconds(60);
  Duration panic_window = Duration::seconds(6);
  Duration scale_down_delay{};
};

/// One autoscaler with its memory. **Determinism** depends on the calls only.
/// **Source** knative/serving, pkg/autoscaler/scaling/autoscaler.go.
class KpaController {
 public:
  /// Begins in panic where more than one replica is there, so that a restart takes none away.
  KpaController(const KpaRules& rules, std::uint32_t ready, SimTime now);

  /// One tick. `stable` and `panic` are totals over all replicas, averaged over the two windows.
  /// **Domain** `now` never decreases.
  ScaleDecision decide(SimTime now, std::uint32_t ready, double stable, double panic);
  [[nodiscard]] bool panicking() const { return panic_since_.has_value(); }

 private:
  struct Wanted {
    SimTime at;
    std::uint32_t replicas;
  };
  void look_for_panic(SimTime now, double load);
  std::uint32_t delayed(SimTime now, std::uint32_t replicas);

  KpaRules rules_;
  std::optional<SimTime> panic_since_;
  std::uint32_t panic_replicas_;
  std::deque<Wanted> recent_;
};

}  // namespace haldane::models
