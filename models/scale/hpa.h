// The Kubernetes HorizontalPodAutoscaler from a metric's proposal to a count: stabilisation
// windows, rate policies and bounds.
//
// Without `behavior` the controller uses the older rules (largest recommendation of 300 s; up to
// twice the count, or 4, a sync); with it, each direction has own windows and policies. Both are in
// use, and they differ: from 1 to 40 the first goes 4, 8, 16, 32, 40, the second 5, 10, 20, 40.
#pragma once

#include <cstdint>
#include <deque>
#include <optional>
#include <vector>

#include "models/scale/decision.h"
#include "models/scale/hpa_proposal.h"
#include "sim/base/time.h"

namespace haldane::models {

/// At most so much change within `period`.
struct HpaPolicy {
  enum class Kind : std::uint8_t { pods, percent };
  Kind kind = Kind::pods;
  std::uint32_t value = 0;
  Duration period = Duration::seconds(15);
};

/// What several policies together allow: the one of most change, of least change, or nothing.
enum class PolicySelect : std::uint8_t { max, min, disabled };

/// `behavior.scaleUp` or `behavior.scaleDown`.
struct HpaDirection {
  Duration stabilization{};
  PolicySelect select = PolicySelect::max;
  std::vector<HpaPolicy> policies;
};

/// `behavior`; what a manifest leaves out has these values.
struct HpaBehavior {
  HpaDirection up{
      {}, PolicySelect::max, {{HpaPolicy::Kind::pods, 4}, {HpaPolicy::Kind::percent, 100}}};
  HpaDirection down{Duration::seconds(300), PolicySelect::max, {{HpaPolicy::Kind::percent, 100}}};
  /// Older releases counted only the changes of a policy's own direction.
  bool own_direction_only = false;
};

/// The parameters of one autoscaler.
struct HpaRules {
  std::uint32_t min = 1;
  std::uint32_t max = 1;
  HpaTolerance tolerance;
  Duration downscale_stabilization = Duration::seconds(300);  ///< without `behavior`
  std::optional<HpaBehavior> behavior;
};

/// One autoscaler with its memory. **Determinism** depends on the calls only.
/// **Source** kubernetes/kubernetes, pkg/controller/podautoscaler/horizontal.go; defaults of
/// pkg/apis/autoscaling/v2/defaults.go.
class HpaController {
 public:
  explicit HpaController(HpaRules rules) : rules_(std::move(rules)) {}

  /// One sync: the count from now on. **Domain** `now` never decreases; 0 < min <= max.
  /// **Cost** O(recommendations and changes within the longest window).
  ScaleDecision decide(SimTime now, std::uint32_t current, const HpaProposal& proposal);

 private:
  struct Entry {
    SimTime at;
    std::uint32_t replicas;
  };
  using Entries = std::deque<Entry>;

  ScaleDecision by_default(SimTime now, std::uint32_t current, ScaleDecision decision);
  ScaleDecision by_behavior(SimTime now, std::uint32_t current, ScaleDecision decision);
  void stabilize(SimTime now, std::uint32_t current, ScaleDecision& decision);
  [[nodiscard]] std::uint32_t limit_up(SimTime now, std::uint32_t current) const;
  [[nodiscard]] std::uint32_t limit_down(SimTime now, std::uint32_t current) const;
  [[nodiscard]] std::int64_t at_start(SimTime now, std::uint32_t current, Duration period,
                                      bool up) const;
  void remember_change(SimTime now, std::uint32_t current, std::uint32_t wanted);

  HpaRules rules_;
  Entries recommendations_;
  Entries added_;
  Entries removed_;
  bool seeded_ = false;
};

}  // namespace haldane::models
