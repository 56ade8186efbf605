// AWS target tracking, approximately: the product is closed, and what is written about it is less
// than an algorithm.
//
// A high and a low alarm on one-minute averages: out in proportion after a few high ones, in only
// after many that lie clearly below the target, and never to where the target would be exceeded.
#pragma once

#include <cstdint>
#include <optional>

#include "models/scale/decision.h"
#include "sim/base/time.h"

namespace haldane::models {

/// The parameters of a policy.
struct TargetTrackingRules {
  std::uint32_t min = 1;
  std::uint32_t max = 1;
  double target = 50;
  std::uint32_t datapoints_out = 3;  ///< looks in a row above the target
  std::uint32_t datapoints_in = 15;  ///< looks in a row below `low` of the target
  double low = 0.9;
  Duration cooldown_out = Duration::seconds(300);
  Duration cooldown_in = Duration::seconds(300);
};

/// One policy with its memory; approximate. **Determinism** depends on the calls only.
/// **Source** docs.aws.amazon.com, "Target tracking scaling policies" of Auto Scaling: proportional
/// out, conservative in, cooldowns. The numbers of datapoints and the low alarm at 90 % are those
/// of the alarms that it creates; later groups tune themselves, which is left out.
class TargetTracker {
 public:
  explicit TargetTracker(const TargetTrackingRules& rules) : rules_(rules) {}

  /// One look at the average of a replica. **Domain** `now` never decreases.
  ScaleDecision decide(SimTime now, std::uint32_t current, double average);

 private:
  ScaleDecision changed(SimTime now, std::uint32_t current, std::uint32_t wanted);

  TargetTrackingRules rules_;
  std::uint32_t high_looks_ = 0;
  std::uint32_t low_looks_ = 0;
  std::optional<SimTime> last_change_;
};

}  // namespace haldane::models
