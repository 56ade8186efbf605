// A site's circuit breakers, one a cell of the API, and for how long they were open.
#pragma once

#include <cstdint>
#include <vector>

#include "models/clients/circuit_breaker.h"
#include "sim/measure/interval_series.h"
#include "sim/measure/time_grid.h"

namespace haldane::models {

/// **Domain** as CircuitBreaker. **Determinism** depends on the calls only.
class CallGuard {
 public:
  CallGuard(const CircuitBreakerRules& rules, std::uint32_t cells, const sim::TimeGrid& grid);
  CallGuard(const CallGuard&) = delete;  // the series points to the bins
  CallGuard& operator=(const CallGuard&) = delete;

  bool allow(SimTime now, std::uint32_t cell);
  void record(SimTime now, std::uint32_t cell, bool failed, bool slow);

  /// The time that breakers were open, in each bin, summed over them. **Units** ns. **Domain** the
  /// run is over; called once.
  [[nodiscard]] std::vector<std::int64_t> take_open_time();

 private:
  void note(SimTime now, std::uint32_t cell);

  sim::BinLocator bins_;
  std::vector<CircuitBreaker> breakers_;
  std::vector<SimTime> open_since_;  // never: not open
  sim::IntervalSeries open_;
};

}  // namespace haldane::models
