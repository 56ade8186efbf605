// KEDA's scaled jobs: not a number of replicas that is held, but so many that are started, each of
// which takes what it was started for and ends.
//
// Nothing is ever taken away. What a strategy has to get right is how much of the queue those that
// run already are for, which depends on whether the queue's length counts what they have in hand:
// `default` and `custom` subtract them, `accurate` and `eager` expect a length without them.
#pragma once

#include <cstdint>

#include "models/scale/decision.h"

namespace haldane::models {

/// How many are started for a queue of which others are at work.
enum class KedaStrategy : std::uint8_t { standard, custom, accurate, eager };

/// The parameters of a ScaledJob with one trigger.
struct KedaJobRules {
  std::uint32_t min = 0;  ///< that run, busy or not
  std::uint32_t max = 100;
  double target = 1;      ///< of the metric, one that is started
  double activation = 0;  ///< active while the metric is above it
  KedaStrategy strategy = KedaStrategy::standard;
  std::uint32_t deduction = 0;  ///< custom: customScalingQueueLengthDeduction
  double running_share = 0;     ///< custom: customScalingRunningJobPercentage
};

/// Those that have not ended.
struct KedaJobCounts {
  std::uint32_t running = 0;  ///< pending ones included
  std::uint32_t pending = 0;  ///< of them, those that have not begun yet
};

/// One poll: `replicas` are those that run from now on, `recommendation` what the metric by itself
/// asks for. **Domain** total >= 0, target > 0, pending <= running. **Determinism** pure.
/// **Source** kedacore/keda 2.16, pkg/scaling/scaledjob/metrics.go and
/// pkg/scaling/executor/scale_jobs.go; as there, `custom` may exceed `max` in all.
[[nodiscard]] ScaleDecision decide_jobs(const KedaJobRules& rules, double total,
                                        const KedaJobCounts& counts);

/// The strategy's part of it: how many more there may be. `asked` is at most `rules.max`.
/// **Returns** below zero where too many run already.
[[nodiscard]] std::int64_t more_jobs(const KedaJobRules& rules, std::int64_t asked,
                                     std::int64_t running, std::int64_t pending);

}  // namespace haldane::models
