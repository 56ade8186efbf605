#include "models/scale/keda.h"

#include <algorithm>

namespace haldane::models {
namespace {

HpaRules hpa_behind(const KedaRules& rules) {
  HpaRules hpa;
  hpa.min = std::max(1U, rules.min);
  hpa.max = rules.max;
  hpa.tolerance = rules.tolerance;
  hpa.behavior = rules.behavior;
  return hpa;
}

// Kubernetes keeps quantities in thousandths.
std::int64_t thousandths(double value) {
  return static_cast<std::int64_t>(std::clamp(value, 0.0, 1e15) * 1e3 + 0.5);
}

}  // namespace

KedaController::KedaController(const KedaRules& rules) : rules_(rules), hpa_(hpa_behind(rules)) {}

std::optional<std::uint32_t> KedaController::active(std::span<const double> totals) const {
  for (std::uint32_t trigger = 0; trigger < totals.size(); ++trigger) {
    if (totals[trigger] > rules_.triggers[trigger].activation) return trigger;
  }
  return std::nullopt;
}

ScaleDecision KedaController::poll(SimTime now, std::uint32_t current,
                                   std::span<const double> totals) {
  if (const auto trigger = active(totals)) {
    last_active_ = now;
    const std::uint32_t awake = std::max(1U, rules_.min);
    if (current == 0 || (rules_.idle && current < rules_.min))
      return {awake, awake, ScaleLimit::none, *trigger};
    return {current, current, ScaleLimit::none, *trigger};
  }
  if (rules_.idle ? current > *rules_.idle : current > 0 && rules_.min == 0)
    return sleep(now, current);
  if (current < rules_.min && !rules_.idle) return {rules_.min, rules_.min, ScaleLimit::minimum};
  return {current, current, ScaleLimit::none};
}

ScaleDecision KedaController::sleep(SimTime now, std::uint32_t current) const {
  const std::uint32_t asleep = rules_.idle.value_or(0);
  const SimTime until =
      last_active_ ? *last_active_ + rules_.cooldown : SimTime::zero() + rules_.initial_cooldown;
  if (until >= now) return {current, asleep, ScaleLimit::cooldown};
  return {asleep, asleep, ScaleLimit::none};
}

ScaleDecision KedaController::sync(SimTime now, std::uint32_t current,
                                   std::span<const double> totals) {
  if (current == 0 || (rules_.idle && current <= *rules_.idle))
    return {current, current, ScaleLimit::none};
  std::vector<std::optional<HpaProposal>> proposals;
  for (std::size_t i = 0; i < totals.size(); ++i) {
    proposals.emplace_back(average_value_proposal(thousandths(totals[i]),
                                                  thousandths(rules_.triggers[i].threshold),
                                                  current, rules_.tolerance));
  }
  return hpa_.decide(now, current, largest_proposal(proposals, current));
}

}  // namespace haldane::models
