// What packets that get lost cost the messages between a cell, its sites and the workers: each
// lost copy is sent again after a time-out that doubles.
#pragma once

#include <array>
#include <compare>
#include <cstdint>
#include <map>
#include <memory>
#include <vector>

#include "models/plan.h"
#include "models/tiers/link/messages.h"
#include "sim/measure/interval_series.h"
#include "sim/measure/measurements.h"
#include "sim/random/philox.h"

namespace haldane::models {

/// The losses that one API cell meets. A message is one packet: a request, its answer, a job,
/// or the result of one on its way to the cell.
/// Copies are lost independently with the link's probability when they are sent; the n-th copy
/// follows the one before after the retransmission time-out times 2^(n-1), at most 120 s (RFC 6298,
/// sections 2.5 and 5.5). The 16th arrives for certain: Linux gives a connection up after 15.
/// **Determinism** what is lost depends on seed, replication, request and attempt only.
class LinkLosses {
 public:
  enum class Way : std::uint8_t { request, answer, job, write };

  LinkLosses(const Plan& plan, std::uint64_t seed, std::uint64_t replication,
             const sim::BinLocator& bins);

  /// How much longer than without losses a message takes that is first sent at `sent`; counts its
  /// copies. **Cost** a draw a copy where the link loses anything.
  [[nodiscard]] Duration delay(Way way, SimTime sent, const RequestTag& tag);

  /// Remembers the delay of a request until forget().
  void note(const RequestTag& tag, Duration delay) { delays_[call_of(tag)] = delay; }
  [[nodiscard]] Duration delay_of(const RequestTag& tag) const;
  void forget(const RequestTag& tag) {
    if (!delays_.empty()) delays_.erase(call_of(tag));
  }

  /// Adds the copies sent and lost by requests of one arm.
  void report(bool canary, sim::Measurements& m) const;

 private:
  static constexpr unsigned copies_max = 16;
  // Attempts and background calls of one request differ in their lane.
  struct Call {
    std::uint64_t id;
    std::uint64_t lane;
    auto operator<=>(const Call&) const = default;
  };
  static Call call_of(const RequestTag& tag) { return {tag.id, tag.lane()}; }
  struct Copies {
    std::vector<std::int64_t> sent;  // by time bin
    std::vector<std::int64_t> lost;
  };

  const Plan* plan_;
  const sim::BinLocator* bins_;
  sim::StreamKey key_;
  std::map<Call, Duration> delays_;  // of requests that were lost at first
  std::array<Copies, 2> copies_;     // by arm
};

/// Null where no link ever loses anything.
[[nodiscard]] std::unique_ptr<LinkLosses> make_link_losses(const Plan& plan, std::uint64_t seed,
                                                           std::uint64_t replication,
                                                           const sim::BinLocator& bins);

}  // namespace haldane::models
