#include "models/scale/kpa.h"

#include <algorithm>

#include "models/scale/round_up.h"

namespace haldane::models {

KpaController::KpaController(const KpaRules& rules, std::uint32_t ready, SimTime now)
    : rules_(rules), panic_replicas_(ready) {
  if (ready > 1) panic_since_ = now;
}

void KpaController::look_for_panic(SimTime now, double load) {
  if (load >= rules_.panic_threshold) {
    panic_since_ = now;
  } else if (panic_since_ && *panic_since_ + rules_.stable_window < now) {
    panic_since_.reset();
    panic_replicas_ = 0;
  }
}

ScaleDecision KpaController::decide(SimTime now, std::uint32_t ready, double stable, double panic) {
  const double pods = std::max(1U, ready);
  const std::uint32_t up = round_up(rules_.up_rate * pods);
  const std::uint32_t down = round_down(pods / rules_.down_rate);
  const std::uint32_t stable_wanted = round_up(stable / rules_.target);
  const std::uint32_t panic_wanted = round_up(panic / rules_.target);
  look_for_panic(now, panic_wanted / pods);
  const auto within = [&](std::uint32_t wanted) { return std::min(std::max(wanted, down), up); };
  ScaleDecision decision{within(stable_wanted), stable_wanted, ScaleLimit::none};
  if (decision.replicas != stable_wanted) decision.limit = ScaleLimit::rate;
  if (panicking()) {
    panic_replicas_ = std::max({panic_replicas_, decision.replicas, within(panic_wanted)});
    if (panic_replicas_ != decision.replicas)
      decision = {panic_replicas_, stable_wanted, ScaleLimit::panic};
  }
  const std::uint32_t held = delayed(now, decision.replicas);
  if (held != decision.replicas) decision = {held, stable_wanted, ScaleLimit::stabilization};
  if (decision.replicas < rules_.min) decision = {rules_.min, stable_wanted, ScaleLimit::minimum};
  if (decision.replicas > rules_.max) decision = {rules_.max, stable_wanted, ScaleLimit::maximum};
  return decision;
}

// The largest count wanted within the delay.
std::uint32_t KpaController::delayed(SimTime now, std::uint32_t replicas) {
  if (rules_.scale_down_delay == Duration{}) return replicas;
  while (!recent_.empty() && recent_.front().at + rules_.scale_down_delay <= now)
    recent_.pop_front();
  while (!recent_.empty() && recent_.back().replicas <= replicas) recent_.pop_back();
  recent_.push_back({now, replicas});
  return recent_.front().replicas;
}

}  // namespace haldane::models
