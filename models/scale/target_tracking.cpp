#include "models/scale/target_tracking.h"

#include <algorithm>

#include "models/scale/round_up.h"

namespace haldane::models {

ScaleDecision TargetTracker::decide(SimTime now, std::uint32_t current, double average) {
  high_looks_ = average > rules_.target ? high_looks_ + 1 : 0;
  low_looks_ = average < rules_.low * rules_.target ? low_looks_ + 1 : 0;
  const std::uint32_t wanted = std::max(1U, round_up(current * average / rules_.target));
  if (high_looks_ == 0 && low_looks_ == 0) return {current, wanted, ScaleLimit::tolerance};
  const bool out = high_looks_ > 0;
  const bool sure = out ? high_looks_ >= rules_.datapoints_out : low_looks_ >= rules_.datapoints_in;
  const Duration cooldown = out ? rules_.cooldown_out : rules_.cooldown_in;
  const bool hot = last_change_ && now < *last_change_ + cooldown;
  if (!sure || hot) return {current, wanted, ScaleLimit::cooldown};
  return changed(now, current, wanted);
}

ScaleDecision TargetTracker::changed(SimTime now, std::uint32_t current, std::uint32_t wanted) {
  const std::uint32_t replicas = std::clamp(wanted, rules_.min, rules_.max);
  if (replicas != current) {
    last_change_ = now;
    high_looks_ = low_looks_ = 0;
  }
  if (replicas == wanted) return {replicas, wanted, ScaleLimit::none};
  return {replicas, wanted, replicas < wanted ? ScaleLimit::maximum : ScaleLimit::minimum};
}

}  // namespace haldane::models
