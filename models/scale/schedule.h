// Replica counts by the clock: scheduled scaling, which looks at no signal.
#pragma once

#include <cstdint>
#include <vector>

#include "models/scale/decision.h"
#include "sim/base/time.h"

namespace haldane::models {

/// From `at` on, so many replicas.
struct ScheduleStep {
  SimTime at;
  std::uint32_t replicas = 1;
};

/// The count of the last step that has begun, or `current` before the first.
/// **Domain** steps ascend by time. **Cost** O(steps).
[[nodiscard]] constexpr ScaleDecision scheduled(const std::vector<ScheduleStep>& steps, SimTime now,
                                                std::uint32_t current) {
  std::uint32_t wanted = current;
  for (const ScheduleStep& step : steps) {
    if (step.at <= now) wanted = step.replicas;
  }
  return {wanted, wanted, ScaleLimit::none};
}

}  // namespace haldane::models
