// A circuit breaker: after too many failed or slow calls nobody calls for a while; then a few try.
#pragma once

#include <cstdint>
#include <vector>

#include "sim/base/time.h"

namespace haldane::models {

/// `traffic.client.breaker`; the defaults are those of resilience4j.
struct CircuitBreakerRules {
  double failure_ratio = 0.5;                  ///< of the window's calls, at which it opens
  double slow_ratio = 1;                       ///< likewise
  Duration slow_call = Duration::seconds(60);  ///< a call that takes longer is slow
  std::uint32_t window = 100;                  ///< the last so many calls
  std::uint32_t min_calls = 100;               ///< before that nothing is decided
  Duration open = Duration::seconds(60);
  std::uint32_t half_open_calls = 10;  ///< that try whether it is over
};

/// Counts calls as their results arrive; those that began in another state count where they end.
/// It leaves `open` when somebody calls after its time, as resilience4j does by default.
/// **Domain** times never decrease. **Determinism** depends on the calls only. **Cost** a byte a
/// call of the window, from the first call on.
/// **Source** resilience4j-circuitbreaker, CircuitBreakerStateMachine.java, count-based window.
class CircuitBreaker {
 public:
  enum class State : std::uint8_t { closed, open, half_open };

  explicit CircuitBreaker(const CircuitBreakerRules& rules) : rules_(rules) {}

  /// Whether a call may go out now.
  bool allow(SimTime now);
  void record(SimTime now, bool failed, bool slow);
  [[nodiscard]] State state() const { return state_; }

 private:
  // The last calls: how many of them failed or were slow.
  struct Window {
    std::vector<std::uint8_t> calls;
    std::size_t next = 0;
    std::uint32_t failed = 0;
    std::uint32_t slow = 0;
    void add(std::uint32_t size, bool failure, bool slowness);
  };
  [[nodiscard]] bool too_bad() const;
  void enter(State state, SimTime now);

  CircuitBreakerRules rules_;
  State state_ = State::closed;
  SimTime since_;
  std::uint32_t permits_ = 0;  // of half_open
  Window window_;
};

}  // namespace haldane::models
