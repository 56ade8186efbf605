// Open-loop arrivals of one site, drawn in batches ahead of the loop.
//
// Arrivals do not depend on the system, so their gaps, objects and spare random words are made 256
// at a time, one array a quantity: generator and laws then run in SIMD lanes, and the memory that
// an arrival will touch is asked for long before it is needed.
#pragma once

#include <array>
#include <cstdint>

#include "models/plan.h"
#include "sim/random/philox.h"

namespace haldane::models {

/// The words of one request that do not depend on the system.
struct RequestDraws {
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

  /// Draws the next 256 arrivals. **Cost** 17 ns an arrival.
  void refill();

  /// When arrival `i` of the batch comes; never before the first refill() and once the run's
  /// arrivals are over.
  [[nodiscard]] SimTime time(std::size_t i) const { return SimTime::at_nanoseconds(times_[i]); }
  [[nodiscard]] std::uint32_t object(std::size_t i) const { return objects_[i]; }
  [[nodiscard]] Duration hit_latency(std::size_t i) const {
    return Duration::nanoseconds(hit_ns_[i]);
  }
  [[nodiscard]] std::uint64_t routing_word(std::size_t i) const { return routing_words_[i]; }
  /// Number of the batch's first arrival.
  [[nodiscard]] std::uint64_t first_number() const { return next_number_ - size; }

  /// The words of request `number` outside the batches: closed loop and retries.
  [[nodiscard]] RequestDraws draw_one(std::uint64_t number, std::uint32_t attempt) const;

 private:
  using Words = std::array<std::uint64_t, size>;

  void set_times(const std::array<double, size>& unit_gaps);
  void set_times_at_constant_rate(const std::array<double, size>& unit_gaps, double mean_gap);
  [[nodiscard]] SimTime after_gap(SimTime from, double unit_gap) const;

  const Plan* plan_;
  const StepFunction* rate_;  // arrivals per ns
  sim::StreamKey key_;
  SimTime clock_;
  std::uint64_t next_number_ = 0;
  std::array<std::int64_t, size> times_;
  std::array<std::uint32_t, size> objects_{};
  std::array<std::int64_t, size> hit_ns_{};
  Words routing_words_{};
};

}  // namespace haldane::models
