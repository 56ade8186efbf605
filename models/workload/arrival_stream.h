// Open-loop arrivals of one site, drawn in batches well ahead of the loop.
//
// Arrivals do not depend on the system, so their gaps, objects and spare random words are made 256
// at a time, one array a quantity: generator and laws then run in SIMD lanes, and the memory that
// an arrival will touch is asked for long before it is needed. What only some arrivals need (hits
// their latency, the choice of a cell or an arm its word) is made for all 256 when the first of
// them asks: of a batch of misses, nobody does.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include "models/plan.h"
#include "models/workload/arrival_rate.h"
#include "models/workload/excitation.h"
#include "models/workload/sessions.h"
#include "sim/random/philox.h"

namespace haldane::models {

/// The words of one request that do not depend on the system.
struct RequestDraws {
  std::uint32_t object = 0;
  Duration hit_latency;            ///< if it is a hit
  std::uint64_t routing_word = 0;  ///< high half: arm; low half: cell
};

/// The arrivals of site `site`, number 0, 1, 2, ..., in a ring: at least `half` of them are known
/// from the one that is next. **Determinism** number n depends on (seed, replication, site, n)
/// alone, and never on what becomes of the arrivals.
class ArrivalStream {
 public:
  static constexpr std::size_t half = 256;

  ArrivalStream(const Plan& plan, std::uint32_t site, std::uint64_t seed,
                std::uint64_t replication);

  /// Draws the first arrivals. Without it there are none.
  void start();
  /// To be called when arrival `number` is done. **Cost** 17 ns on average.
  void pass(std::uint64_t number) {
    if (number % half == half - 1) [[unlikely]]
      refill();
  }

  /// The first arrival after `n` that is not drawn together with it.
  [[nodiscard]] static constexpr std::uint64_t end_of_batch(std::uint64_t n) {
    return n / half * half + half;
  }

  // Of arrival `n`: between the next one and `half` - 1 after it.
  /// When it comes; never once the run's arrivals are over.
  [[nodiscard]] SimTime time(std::uint64_t n) const {
    return SimTime::at_nanoseconds(times_[n % size]);
  }
  [[nodiscard]] std::uint32_t object(std::uint64_t n) const { return objects_[n % size]; }
  // Of arrival `n` that is served now, or was before in the same batch:
  struct Hit {
    Duration latency;
    std::uint16_t bucket;  ///< of that latency in a histogram
  };
  [[nodiscard, gnu::always_inline]] Hit hit(std::uint64_t n) {
    make_rest(n);
    return {Duration::nanoseconds(hit_ns_[n % half]), hit_buckets_[n % half]};
  }
  [[nodiscard]] Duration hit_latency(std::uint64_t n) { return hit(n).latency; }
  [[nodiscard]] std::uint64_t routing_word(std::uint64_t n) {
    make_rest(n);
    return routing_words_[n % half];
  }

  /// A hash of every arrival drawn so far, in order.
  [[nodiscard]] std::uint64_t digest() const;

  /// The words of request `number` outside the stream: closed loop and retries.
  [[nodiscard]] RequestDraws draw_one(std::uint64_t number, std::uint32_t attempt) const;

  /// What request `number` of a closed loop asks for, of which draw_one() said `object`: what now
  /// stands there in popularity, in its client's format.
  [[nodiscard]] std::uint32_t object_of_client(std::uint64_t number, std::uint32_t object,
                                               SimTime now) const {
    if (plan_->objects && plan_->objects->drifts()) object = plan_->objects->drifted(object, now);
    return plan_->formats.any() ? in_format_of_client(number, object) : object;
  }

 private:
  static constexpr std::size_t size = 2 * half;
  using UnitGaps = std::array<double, half>;

  void refill();
  [[gnu::always_inline]] void make_rest(std::uint64_t n) {
    if (n >= rest_end_) [[unlikely]]
      draw_rest(n / half * half);
  }
  void draw_rest(std::uint64_t first);
  void digest_block(std::span<const std::int64_t, half> times,
                    std::span<const std::uint32_t, half> objects);
  void set_times(const UnitGaps& unit_gaps, std::span<std::int64_t, half> times);
  void set_times_at_constant_rate(const UnitGaps& unit_gaps, double mean_gap,
                                  std::span<std::int64_t, half> times);
  void set_times_excited(const UnitGaps& unit_gaps, std::span<std::int64_t, half> times);
  void set_times_of_sessions(std::span<std::int64_t, half> times);
  [[nodiscard]] SimTime next_session(SimTime after);
  void follow_popularity(std::size_t at);
  void follow_users(std::size_t at);
  [[nodiscard]] std::uint32_t in_format_of_client(std::uint64_t number, std::uint32_t object) const;
  void replay(std::size_t at);
  [[nodiscard]] SimTime after_gap(SimTime from, double unit_gap, SimTime until);

  const Plan* plan_;
  const SiteTrace* trace_ = nullptr;
  ArrivalRate rate_;
  sim::StreamKey key_;
  sim::StreamKey user_key_;
  SimTime clock_;
  std::uint64_t next_number_ = 0;
  std::optional<Excitation> excitation_;  // hawkes
  sim::StreamKey excitation_key_;
  std::optional<Sessions> sessions_;  // and when the next one begins
  SimTime next_session_;
  std::vector<std::uint64_t> users_;       // ring of sessions' requests
  std::vector<std::uint32_t> asked_once_;  // of each part of the catalogue for one-hit wonders
  std::array<std::uint64_t, 8> digest_lanes_{};
  alignas(64) std::array<std::int64_t, size> times_;
  alignas(64) std::array<std::uint32_t, size> objects_{};
  // Of one batch, which ends at arrival `rest_end_`.
  std::uint64_t rest_end_ = 0;
  alignas(64) std::array<std::int64_t, half> hit_ns_;
  alignas(64) std::array<std::uint16_t, half> hit_buckets_;
  alignas(64) std::array<std::uint64_t, half> routing_words_;
};

}  // namespace haldane::models
