// Peak EWMA: what it costs to send a request to a replica, by how slow it was lately and how many
// it has.
//
// The average jumps to any latency above it and decays slowly, so that a replica that turns slow is
// avoided at once and trusted again with caution.
#pragma once

#include <algorithm>
#include <cstdint>

#include "sim/base/math.h"
#include "sim/base/time.h"

namespace haldane::models {

/// One replica. **Domain** times never decrease. **Determinism** depends on the calls only.
/// **Source** Finagle, PeakEwma.scala (twitter/finagle, loadbalancer), decay of 10 s by default.
class PeakEwma {
 public:
  explicit PeakEwma(Duration decay) : decay_ns_(static_cast<double>(decay.count_ns())) {}

  /// The cost of one more request. Looking lets the average decay. Who has requests out but no
  /// latency yet costs more than anybody else. **Units** ns of latency times requests.
  double load(SimTime now) {
    observe(now, 0);
    if (cost_ns_ == 0 && pending_ != 0) return penalty + pending_;
    return cost_ns_ * (pending_ + 1.0);
  }
  void begin() { ++pending_; }
  void end(SimTime now, Duration latency) {
    --pending_;
    observe(now, static_cast<double>(latency.count_ns()));
  }

  [[nodiscard]] double cost_ns() const { return cost_ns_; }
  [[nodiscard]] std::uint32_t pending() const { return pending_; }

 private:
  static constexpr double penalty = static_cast<double>(0x7fffffffffffffffLL >> 16);

  void observe(SimTime now, double latency_ns) {
    if (latency_ns > cost_ns_) {
      cost_ns_ = latency_ns;
    } else if (cost_ns_ > 0) {
      const double kept = math::exp(-static_cast<double>((now - stamp_).count_ns()) / decay_ns_);
      cost_ns_ = cost_ns_ * kept + latency_ns * (1 - kept);
    }
    stamp_ = now;
  }

  double decay_ns_;
  double cost_ns_ = 0;
  std::uint32_t pending_ = 0;
  SimTime stamp_;
};

}  // namespace haldane::models
