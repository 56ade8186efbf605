// Self-exciting arrivals: each one makes more of them likely for a while (a Hawkes process with an
// exponential kernel): links that spread, alarms that set off others, retries of other systems.
//
// The excitation is one number that jumps at an arrival and decays between arrivals, so the next
// excited arrival is drawn exactly from it, without thinning and without a list of the past.
// **Source** Hawkes 1971; the exact draw: Dassios & Zhao 2013, "Exact simulation of Hawkes process
// with exponentially decaying intensity", algorithm 3.1.
#pragma once

#include <cstdint>

#include "sim/base/math.h"
#include "sim/base/time.h"
#include "sim/random/philox.h"

namespace haldane::models {

/// **Units** rates per ns, times in ns.
class Excitation {
 public:
  static constexpr double never = 1e300;

  /// An arrival causes `branching` others on average, directly, in an exponential time of mean
  /// `decay`. **Domain** 0 <= branching < 1, decay > 0.
  Excitation(double branching, Duration decay)
      : decay_rate_(1 / static_cast<double>(decay.count_ns())), jump_(branching * decay_rate_) {}

  /// The time to the next excited arrival if no other comes before it; `never` if none does.
  [[nodiscard]] double gap(std::uint64_t word) const {
    if (level_ <= 0) return never;
    const double left = 1 + decay_rate_ / level_ * math::log(sim::to_unit(word));
    return left > 0 ? -math::log(left) / decay_rate_ : never;
  }

  /// An arrival of either kind came `ns` after the one before.
  void arrive_after(double ns) {
    const double gone = decay_rate_ * ns;
    level_ = (gone < 600 ? level_ * math::exp(-gone) : 0) + jump_;
  }

 private:
  double decay_rate_;
  double jump_;
  double level_ = 0;  // rate of excited arrivals just after the last arrival
};

}  // namespace haldane::models
