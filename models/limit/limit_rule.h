// A bound on the requests inside a replica, and what the rules that move it are told.
#pragma once

#include <cstdint>

#include "sim/base/time.h"

namespace haldane::models {

/// Defaults are those of Netflix' concurrency-limits 0.5.
struct LimitSpec {
  enum class Kind : std::uint8_t { none, fixed, aimd, vegas, gradient2 };
  Kind kind = Kind::none;
  std::uint32_t initial = 20;               ///< fixed: for ever
  std::uint32_t min = 20;                   ///< aimd, gradient2 (vegas: 1)
  std::uint32_t max = 200;                  ///< vegas: 1000
  double backoff_ratio = 0.9;               ///< aimd
  Duration timeout = Duration::seconds(5);  ///< aimd: a slower answer counts as a drop
  double smoothing = 0.2;                   ///< gradient2 (vegas: 1)
  double tolerance = 1.5;                   ///< gradient2
  std::uint32_t queue_size = 4;             ///< gradient2
  std::uint32_t long_window = 600;          ///< gradient2: samples
  Duration window{};                        ///< one averaged sample each; 0 = every request is one
};

/// A request that has left. **Units** rtt from its admission to its departure, above 0.
struct LimitSample {
  SimTime started;
  Duration rtt;
  std::uint32_t in_flight = 0;  ///< when it was admitted, itself included
  bool dropped = false;
};

}  // namespace haldane::models
