// Where a request was from when to when: what a trace is made of.
#pragma once

#include <compare>
#include <cstdint>

#include "sim/base/time.h"

namespace haldane::models {

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

}  // namespace haldane::models
