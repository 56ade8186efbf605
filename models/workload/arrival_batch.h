// Open-loop arrivals of one site, drawn in batches ahead of the loop.
//
// Arrivals do not depend on the system, so their gaps, objects and spare random words are made 256
// at a time: the generator runs in SIMD lanes and the memory that an arrival will touch is asked
// for long before it is needed.
#pragma once

#include <array>
#include <cstdint>

#include "models/plan.h"
#include "sim/random/philox.h"

namespace haldane::models {

/// One request before anything has happened to it.
struct Arrival {
  SimTime time;  ///< never once the run's arrivals are over
  std::uint32_t object = 0;
  Duration hit_latency;            ///< if it is a hit
  std::uint64_t routing_word = 0;  ///< high half: arm; low half: cell
};

/// The arrivals of site `site`, number 0, 1, 2, ... **Determinism** number n depends on (seed,
/// replication, site, n) alone.
class ArrivalBatch {
 public:
  static constexpr std::size_t size = 256;

  ArrivalBatch(const Plan& plan, std::uint32_t site, std::uint64_t seed, std::uint64_t replication);

  /// Draws the next 256 arrivals.
  void refill();
  [[nodiscard]] const Arrival& operator[](std::size_t i) const { return arrivals_[i]; }
  /// Number of the batch's first arrival.
  [[nodiscard]] std::uint64_t first_number() const { return next_number_ - size; }

  /// The words of request `number` outside the batches: closed loop and retries.
  [[nodiscard]] Arrival draw_one(std::uint64_t number, std::uint32_t attempt) const;

 private:
  void advance_clock(double unit_gap, double mean_gap);
  SimTime after_gap(SimTime from, double unit_gap) const;

  const Plan* plan_;
  const StepFunction* rate_;  // arrivals per ns
  sim::StreamKey key_;
  SimTime clock_;
  std::uint64_t next_number_ = 0;
  std::array<Arrival, size> arrivals_;
};

}  // namespace haldane::models
