// What a run remembers of single requests: who is chosen, and where each of them was from when to
// when.
//
// Requests are chosen by a hash of their identity, so that every process of the run knows a chosen
// one without being told, and the choice does not depend on threads or windows. Nobody is chosen
// unless somebody asks: then each process tests one flag a batch of requests or a job, and the edge
// serves hits as it does for arms.
#pragma once

#include <compare>
#include <cstdint>
#include <vector>

#include "sim/base/hash.h"
#include "sim/base/time.h"

namespace haldane::models {

/// Requests whose hash lies in a span of the 2^32 that it can have. Jobs have their request's
/// identity.
struct RequestChoice {
  std::uint32_t first = 0;
  std::uint64_t count = 0;  ///< 0 = nobody

  [[nodiscard]] static std::uint32_t hash(std::uint64_t id) {
    return static_cast<std::uint32_t>(mix(id) >> 32);
  }
  /// A share of all requests, in [0, 1].
  [[nodiscard]] static RequestChoice share(double share) {
    return {0, static_cast<std::uint64_t>(share * 0x1p32)};
  }
  /// One request, and about one in 2^32 of the others.
  [[nodiscard]] static RequestChoice only(std::uint64_t id) { return {hash(id), 1}; }
  [[nodiscard]] bool has(std::uint64_t id) const {
    return count != 0 && static_cast<std::uint32_t>(hash(id) - first) < count;
  }
};

/// A stay of a request somewhere. Comparison orders a request's visits in time; equal ones are
/// equal in all their fields.
struct RequestVisit {
  enum class Place : std::uint8_t {
    client,  ///< from asking to the last answer, or giving up; there is one
    api,     ///< an attempt at a cell, from its arrival there
    worker,  ///< a job, from when workers may take it
    write,   ///< the result of a job at a cell, likewise
  };
  /// No server: it was turned away, or one queue by events does not tell them apart.
  static constexpr std::uint32_t nobody = 0xffffffffU;
  enum class End : std::uint8_t {
    done,
    cached,    ///< client: the last attempt found a copy at the edge
    failed,    ///< client: error or time-out of the last attempt
    rejected,  ///< api: no room, or no replica
    crashed,
  };
  std::uint64_t id = 0;
  SimTime arrived;
  Place place = Place::client;
  std::uint32_t attempt = 1;      ///< worker: receipts of an at-least-once queue
  SimTime started;                ///< service; client: the last look-up that found a copy
  SimTime ended;                  ///< never: behind an outage that never ends
  std::uint32_t number = 0;       ///< api: cell; worker: whether of the canary's own
  std::uint32_t server = nobody;  ///< replica, of its cell and arm, or worker
  End end = End::done;
  bool canary = false;
  bool background = false;  ///< api: a refresh that nobody waits for

  friend auto operator<=>(const RequestVisit&, const RequestVisit&) = default;
};

/// One process's memory. Single writer.
class RequestTrace {
 public:
  void choose(const RequestChoice& choice) { choice_ = choice; }
  [[nodiscard]] bool on() const { return choice_.count != 0; }
  [[nodiscard]] bool has(std::uint64_t id) const { return choice_.has(id); }
  /// **Domain** has(visit.id).
  void note(const RequestVisit& visit) { visits_.push_back(visit); }
  [[nodiscard]] const std::vector<RequestVisit>& visits() const { return visits_; }

 private:
  RequestChoice choice_;
  std::vector<RequestVisit> visits_;
};

}  // namespace haldane::models
