// Envoy's retry budget: of the requests that are out, only so many may be retries.
#pragma once

#include <algorithm>
#include <cstdint>

#include "models/clients/attempt.h"

namespace haldane::models {

struct EnvoyBudgetRules {
  double ratio = 0.2;                 ///< of the requests that are out
  std::uint32_t min_concurrency = 3;  ///< retries allowed in any case
};

/// A retry counts from the decision, its pause included, until it is answered or given up.
/// **Determinism** depends on the calls only. **Source** envoyproxy/envoy,
/// config/cluster/v3/circuit_breaker.proto (RetryBudget): the limit is rounded down, and the
/// attempt that just failed still counts as out.
class EnvoyBudget {
 public:
  explicit EnvoyBudget(const EnvoyBudgetRules& rules) : rules_(rules) {}

  void begin(SimTime /*now*/, const Attempt& /*attempt*/) { ++out_; }
  void succeed(SimTime /*now*/, const Attempt& attempt) { end(attempt); }
  bool fail(SimTime /*now*/, const Failure& failure) {
    const std::uint64_t most = limit();
    end(failure.attempt);
    if (!failure.wants_retry || retries_ >= most) return false;
    ++retries_;
    return true;
  }

  [[nodiscard]] std::uint64_t limit() const {
    const auto share = static_cast<std::uint64_t>(rules_.ratio * static_cast<double>(out_));
    return std::max<std::uint64_t>(rules_.min_concurrency, share);
  }
  [[nodiscard]] std::uint64_t retries() const { return retries_; }

 private:
  void end(const Attempt& attempt) {
    --out_;
    if (attempt.retry) --retries_;
  }

  EnvoyBudgetRules rules_;
  std::uint64_t out_ = 0;
  std::uint64_t retries_ = 0;
};

}  // namespace haldane::models
