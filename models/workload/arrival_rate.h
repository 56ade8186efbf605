// The rate of one site's arrivals as time passes: the script's steps, times the level of a chain
// that wanders between bursts and lulls by itself.
//
// The chain's sojourns are drawn one at a time, so a long run needs no more memory than a short
// one.
#pragma once

#include <cstdint>

#include "models/plan.h"
#include "sim/random/philox.h"

namespace haldane::models {

/// **Determinism** sojourn number n depends on (seed, replication, site, n) alone.
class ArrivalRate {
 public:
  ArrivalRate(const Plan& plan, std::uint32_t site, std::uint64_t seed, std::uint64_t replication);

  [[nodiscard]] bool is_constant() const { return modulation_->empty() && script_->is_constant(); }
  /// **Units** arrivals per ns. **Domain** t never decreases (this and next_change()).
  [[nodiscard]] double at(SimTime t) {
    if (change_ <= t) [[unlikely]]
      find(t);
    return rate_;
  }
  /// The first moment after `t` at which the rate may change; never if none.
  [[nodiscard]] SimTime next_change(SimTime t) {
    if (change_ <= t) [[unlikely]]
      find(t);
    return change_;
  }

 private:
  void find(SimTime t);
  void begin_sojourn();

  const StepFunction* script_;
  const Modulation* modulation_;
  const sim::Distribution* unit_exponential_;
  sim::StreamKey key_;
  std::uint64_t sojourns_ = 0;
  std::size_t state_ = 0;
  double level_ = 1;
  SimTime until_ = SimTime::never();  // of the sojourn
  double rate_ = 0;                   // until `change_`
  SimTime change_;
};

}  // namespace haldane::models
