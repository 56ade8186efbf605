#include "models/scale/keda_jobs.h"

#include <algorithm>

#include "models/scale/round_up.h"

namespace haldane::models {

std::int64_t more_jobs(const KedaJobRules& rules, std::int64_t asked, std::int64_t running,
                       std::int64_t pending) {
  const std::int64_t max = rules.max;
  switch (rules.strategy) {
    case KedaStrategy::standard:
      return asked - running;
    case KedaStrategy::custom: {
      const auto counted =
          static_cast<std::int64_t>(static_cast<double>(running) * rules.running_share);
      return std::min(asked - std::int64_t{rules.deduction} - counted, max);
    }
    case KedaStrategy::accurate:
      return asked + running > max ? max - running : asked - pending;
    case KedaStrategy::eager:  // those that are pending are among the running: counted twice
      return std::min(max - running - pending, asked);
  }
  return 0;
}

ScaleDecision decide_jobs(const KedaJobRules& rules, double total, const KedaJobCounts& counts) {
  if (counts.running < rules.min) return {rules.min, rules.min, ScaleLimit::minimum};
  const bool active = total > rules.activation;
  const std::uint32_t wanted = active ? round_up(total / rules.target) : 0;
  const std::uint32_t asked = std::min(wanted, rules.max);
  // A queue of fewer than there may be is all that can be taken.
  const std::int64_t waiting = active ? round_up(total) : 0;
  const std::int64_t free = rules.strategy == KedaStrategy::eager ? rules.max : waiting;
  const std::int64_t more =
      more_jobs(rules, asked, std::int64_t{counts.running} - rules.min, counts.pending);
  const std::int64_t started = active ? std::clamp<std::int64_t>(more, 0, free) : 0;
  ScaleLimit limit = ScaleLimit::none;
  if (started < std::int64_t{wanted}) limit = ScaleLimit::running;
  if (wanted > rules.max) limit = ScaleLimit::maximum;
  return {counts.running + static_cast<std::uint32_t>(started), wanted, limit};
}

}  // namespace haldane::models
