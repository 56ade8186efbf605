#include "models/tiers/edge/call_guard.h"

#include <algorithm>

namespace haldane::models {

CallGuard::CallGuard(const CircuitBreakerRules& rules, std::uint32_t cells,
                     const sim::TimeGrid& grid)
    : bins_(grid.bin_bounds),
      breakers_(cells, CircuitBreaker(rules)),
      open_since_(cells, SimTime::never()),
      open_(bins_) {}

bool CallGuard::allow(SimTime now, std::uint32_t cell) {
  const bool allowed = breakers_[cell].allow(now);
  note(now, cell);
  return allowed;
}

void CallGuard::record(SimTime now, std::uint32_t cell, bool failed, bool slow) {
  breakers_[cell].record(now, failed, slow);
  note(now, cell);
}

// The run may go on behind the end of what is measured.
void CallGuard::note(SimTime now, std::uint32_t cell) {
  const bool open = breakers_[cell].state() == CircuitBreaker::State::open;
  SimTime& since = open_since_[cell];
  if (open == (since != SimTime::never())) return;
  if (!open && since < bins_.end()) open_.add(since, std::min(now, bins_.end()));
  since = open ? now : SimTime::never();
}

std::vector<std::int64_t> CallGuard::take_open_time() {
  for (SimTime& since : open_since_) {
    if (since < bins_.end()) open_.add(since, bins_.end());
    since = SimTime::never();
  }
  return open_.integrals();
}

}  // namespace haldane::models
