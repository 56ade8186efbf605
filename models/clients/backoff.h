// How long to wait before the next attempt: exponential growth up to a cap, and a jitter that keeps
// clients who failed together from coming back together.
#pragma once

#include <cstdint>

#include "sim/base/time.h"

namespace haldane::models {

/// min(cap, base * factor^(n-1)) before the n-th retry, spread by a jitter.
struct BackoffSpec {
  enum class Jitter : std::uint8_t {
    none,          ///< the pause itself
    full,          ///< U(0, 1) times the pause
    equal,         ///< U(1/2, 1) times the pause
    proportional,  ///< U(0.8, 1.2) times the pause
    decorrelated,  ///< min(cap, U(base, 3 * the pause before)), first from base; no factor
  };
  Duration base = Duration::milliseconds(100);
  double factor = 2;
  Duration cap = Duration::seconds(10);
  Jitter jitter = Jitter::full;
};

/// **Determinism** pure. **Source** full, equal and decorrelated: AWS Architecture Blog,
/// "Exponential Backoff And Jitter", 2015; proportional: gRPC proposal A6.
class Backoff {
 public:
  explicit Backoff(const BackoffSpec& spec = {}) : spec_(spec) {}

  /// Whether a pause depends on the one before: pause() then needs a `chain`.
  [[nodiscard]] bool chained() const { return spec_.jitter == BackoffSpec::Jitter::decorrelated; }
  /// The pause after the `failures`-th failed attempt (from 1). `word` draws it, or, where pauses
  /// are chained, `chain` all of a request's pauses: the same word at each of its attempts.
  /// **Cost** O(failures).
  [[nodiscard]] Duration pause(std::uint32_t failures, std::uint64_t word,
                               std::uint64_t chain = 0) const;

 private:
  [[nodiscard]] double grown(std::uint32_t failures) const;
  [[nodiscard]] double chained_pause(std::uint32_t failures, std::uint64_t chain) const;

  BackoffSpec spec_;
};

}  // namespace haldane::models
