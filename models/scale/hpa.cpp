#include "models/scale/hpa.h"

#include <algorithm>
#include <utility>

#include "models/scale/round_up.h"

namespace haldane::models {
namespace {

// Changes at the very beginning of the period are over.
template <class Entries>
std::int64_t sum_after(const Entries& entries, SimTime cutoff) {
  std::int64_t sum = 0;
  for (const auto& entry : entries) {
    if (entry.at > cutoff) sum += entry.replicas;
  }
  return sum;
}

template <class Entries>
void forget_before(Entries& entries, SimTime cutoff) {
  while (!entries.empty() && entries.front().at < cutoff) entries.pop_front();
}

void bind(ScaleDecision& decision, std::uint32_t replicas, ScaleLimit limit) {
  if (replicas == decision.replicas) return;
  decision.replicas = replicas;
  decision.limit = limit;
}

Duration longest_period(const HpaBehavior& behavior) {
  Duration longest;
  for (const HpaDirection* direction : {&behavior.up, &behavior.down}) {
    for (const HpaPolicy& policy : direction->policies) longest = std::max(longest, policy.period);
  }
  return longest;
}

}  // namespace

ScaleDecision HpaController::decide(SimTime now, std::uint32_t current,
                                    const HpaProposal& proposal) {
  if (!std::exchange(seeded_, true)) recommendations_.push_back({now, current});
  ScaleDecision decision{proposal.replicas, proposal.replicas, proposal.limit, proposal.metric};
  if (current > rules_.max) {
    bind(decision, rules_.max, ScaleLimit::maximum);
  } else if (current < rules_.min) {
    bind(decision, rules_.min, ScaleLimit::minimum);
  } else if (proposal.limit == ScaleLimit::no_signal || proposal.limit == ScaleLimit::missing) {
    return decision;  // an error: neither window nor rate sees it
  } else {
    decision =
        rules_.behavior ? by_behavior(now, current, decision) : by_default(now, current, decision);
  }
  remember_change(now, current, decision.replicas);
  return decision;
}

ScaleDecision HpaController::by_default(SimTime now, std::uint32_t current,
                                        ScaleDecision decision) {
  forget_before(recommendations_, now - rules_.downscale_stabilization);
  std::uint32_t highest = decision.replicas;
  for (const Entry& entry : recommendations_) highest = std::max(highest, entry.replicas);
  recommendations_.push_back({now, decision.recommendation});
  bind(decision, highest, ScaleLimit::stabilization);
  const std::uint32_t fastest = std::max(2 * current, 4U);
  if (decision.replicas < rules_.min) bind(decision, rules_.min, ScaleLimit::minimum);
  if (decision.replicas > std::min(rules_.max, fastest)) {
    bind(decision, std::min(rules_.max, fastest),
         fastest < rules_.max ? ScaleLimit::rate : ScaleLimit::maximum);
  }
  return decision;
}

void HpaController::stabilize(SimTime now, std::uint32_t current, ScaleDecision& decision) {
  const SimTime up_cutoff = now - rules_.behavior->up.stabilization;
  const SimTime down_cutoff = now - rules_.behavior->down.stabilization;
  forget_before(recommendations_, std::min(up_cutoff, down_cutoff));
  std::uint32_t lowest = decision.replicas;
  std::uint32_t highest = decision.replicas;
  for (const Entry& entry : recommendations_) {
    if (entry.at > up_cutoff) lowest = std::min(lowest, entry.replicas);
    if (entry.at > down_cutoff) highest = std::max(highest, entry.replicas);
  }
  recommendations_.push_back({now, decision.recommendation});
  bind(decision, std::min(std::max(current, lowest), highest), ScaleLimit::stabilization);
}

ScaleDecision HpaController::by_behavior(SimTime now, std::uint32_t current,
                                         ScaleDecision decision) {
  stabilize(now, current, decision);
  if (decision.replicas > current) {
    const std::uint32_t fastest = std::max(current, limit_up(now, current));
    if (decision.replicas > std::min(rules_.max, fastest)) {
      bind(decision, std::min(rules_.max, fastest),
           fastest < rules_.max ? ScaleLimit::rate : ScaleLimit::maximum);
    }
  } else if (decision.replicas < current) {
    const std::uint32_t fastest = std::min(current, limit_down(now, current));
    if (decision.replicas < std::max(rules_.min, fastest)) {
      bind(decision, std::max(rules_.min, fastest),
           fastest > rules_.min ? ScaleLimit::rate : ScaleLimit::minimum);
    }
  }
  return decision;
}

// The count when the policy's period began.
std::int64_t HpaController::at_start(SimTime now, std::uint32_t current, Duration period,
                                     bool up) const {
  const bool both = !rules_.behavior->own_direction_only;
  const std::int64_t added = both || up ? sum_after(added_, now - period) : 0;
  const std::int64_t removed = both || !up ? sum_after(removed_, now - period) : 0;
  return std::max<std::int64_t>(0, current - added + removed);
}

std::uint32_t HpaController::limit_up(SimTime now, std::uint32_t current) const {
  const HpaDirection& up = rules_.behavior->up;
  if (up.select == PolicySelect::disabled || up.policies.empty()) return current;
  const bool widest = up.select == PolicySelect::max;
  std::uint32_t limit = widest ? 0 : whole_max;
  for (const HpaPolicy& policy : up.policies) {
    const auto start = static_cast<double>(at_start(now, current, policy.period, true));
    const std::uint32_t proposed = policy.kind == HpaPolicy::Kind::pods
                                       ? round_up(start + policy.value)
                                       : round_up(start * (1 + policy.value / 100.0));
    limit = widest ? std::max(limit, proposed) : std::min(limit, proposed);
  }
  return limit;
}

std::uint32_t HpaController::limit_down(SimTime now, std::uint32_t current) const {
  const HpaDirection& down = rules_.behavior->down;
  if (down.select == PolicySelect::disabled || down.policies.empty()) return current;
  const bool widest = down.select == PolicySelect::max;
  std::uint32_t limit = widest ? whole_max : 0;
  for (const HpaPolicy& policy : down.policies) {
    const auto start = static_cast<double>(at_start(now, current, policy.period, false));
    const std::uint32_t proposed = policy.kind == HpaPolicy::Kind::pods
                                       ? round_down(start - policy.value)
                                       : round_down(start * (1 - policy.value / 100.0));
    limit = widest ? std::min(limit, proposed) : std::max(limit, proposed);
  }
  return limit;
}

void HpaController::remember_change(SimTime now, std::uint32_t current, std::uint32_t wanted) {
  if (!rules_.behavior || wanted == current) return;
  const SimTime cutoff = now - longest_period(*rules_.behavior);
  forget_before(added_, cutoff);
  forget_before(removed_, cutoff);
  if (wanted > current) {
    added_.push_back({now, wanted - current});
  } else {
    removed_.push_back({now, current - wanted});
  }
}

}  // namespace haldane::models
