// What an autoscaler needs of the servers that it scales, whatever they serve.
#pragma once

#include <cstddef>
#include <cstdint>

#include "sim/base/time.h"

namespace haldane::models {

/// Servers by number. Called a few times a second of simulated time, never per request.
class ScalablePool {
 public:
  /// A server serves from now on, empty.
  virtual void start(std::uint32_t server, SimTime now) = 0;
  /// A server gets no more customers and finishes those it has. **Domain** started. **Returns**
  /// when the last of them departs, not after `now` where it is idle; never where the pool says so
  /// only when it happens (ReplicaScaler::departed).
  virtual SimTime stop(std::uint32_t server, SimTime now) = 0;
  /// Who serves at `now`, as the outages have it.
  virtual std::size_t serving(SimTime now) = 0;
  /// Of those the last serving() counted.
  [[nodiscard]] virtual bool serves(std::uint32_t server) const = 0;
  /// When an outage begins or ends next, as of the last serving().
  [[nodiscard]] virtual SimTime next_change() const = 0;

 protected:
  ScalablePool() = default;
  ScalablePool(const ScalablePool&) = default;
  ScalablePool(ScalablePool&&) = default;
  ScalablePool& operator=(const ScalablePool&) = default;
  ScalablePool& operator=(ScalablePool&&) = default;
  ~ScalablePool() = default;
};

}  // namespace haldane::models
