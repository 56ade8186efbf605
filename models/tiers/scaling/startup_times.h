// How long replicas take from being asked for to being started: the cold start of machines, images
// and programs, constant or by a law.
#pragma once

#include <algorithm>
#include <cstdint>

#include "sim/base/time.h"
#include "sim/random/distribution.h"
#include "sim/random/philox.h"

namespace haldane::models {

/// Whose start-up times a stream draws: cells of the API are entities 0 and up, these lie beyond.
inline constexpr std::uint64_t workers_startup_entity = std::uint64_t{1} << 32;
inline constexpr std::uint64_t sites_startup_entity = std::uint64_t{2} << 32;  ///< and the site

/// Of one fleet. **Determinism** those that an autoscaler asks for are drawn by their number
/// in the order of asking, successors of a deploy by (deploy, replica): neither shifts the others.
class StartupTimes {
 public:
  explicit StartupTimes(sim::StreamKey key) : key_(key) {}

  /// Of the next replica that is asked for. **Domain** a law in nanoseconds.
  Duration next(const sim::Distribution& law) { return drawn(law, asked_++, 0); }
  /// Of a replica that takes the place of one of the same number. **Domain** likewise.
  [[nodiscard]] Duration of_successor(const sim::Distribution& law, std::uint64_t deploy,
                                      std::uint32_t replica) const {
    return drawn(law, replica, 1 + deploy);
  }

 private:
  // Beyond the end of any run, and far from the end of time.
  static constexpr double ns_max = 1e16;

  [[nodiscard]] Duration drawn(const sim::Distribution& law, std::uint64_t index,
                               std::uint64_t lane) const {
    const double ns = law.sample(sim::draw(key_, index, lane).first);
    return Duration::nanoseconds(static_cast<std::int64_t>(std::min(ns, ns_max) + 0.5));
  }

  sim::StreamKey key_;
  std::uint64_t asked_ = 0;
};

}  // namespace haldane::models
