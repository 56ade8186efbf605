// Finagle's retry budget: requests deposit, retries withdraw, deposits expire, and a reserve lets
// quiet clients retry.
#pragma once

#include <array>
#include <cstdint>

#include "models/clients/attempt.h"

namespace haldane::models {

struct FinagleBudgetRules {
  double ratio = 0.2;                    ///< retries a request
  std::uint32_t min_retries_per_s = 10;  ///< allowed beside them
  Duration ttl = Duration::seconds(10);  ///< of a deposit
};

/// A sum over about the last `range`: ten slices, the oldest of which is forgotten as a new one
/// begins. **Domain** times never decrease. **Source** finagle-core, util/WindowedAdder.scala.
class WindowedSum {
 public:
  explicit WindowedSum(Duration range);
  void add(SimTime now, std::int64_t n);
  [[nodiscard]] std::int64_t sum(SimTime now);

 private:
  void expire(SimTime now);

  static constexpr std::size_t closed_slices = 9;
  std::int64_t slice_ms_;
  std::int64_t began_ms_ = 0;
  std::array<std::int64_t, closed_slices> closed_{};
  std::size_t next_ = 0;
  std::int64_t open_ = 0;
};

/// **Determinism** depends on the calls only. **Source** finagle-core, service/RetryBudget.scala
/// and util/TokenBucket.scala (newLeakyBucket).
class FinagleBudget {
 public:
  explicit FinagleBudget(const FinagleBudgetRules& rules);

  void begin(SimTime now, const Attempt& attempt) {
    if (!attempt.retry) bucket_.add(now, deposit_);
  }
  void succeed(SimTime /*now*/, const Attempt& /*attempt*/) {}
  bool fail(SimTime now, const Failure& failure) { return failure.wants_retry && withdraw(now); }

  /// Retries that could be made now.
  [[nodiscard]] std::int64_t balance(SimTime now) { return tokens(now) / withdrawal_; }

 private:
  [[nodiscard]] std::int64_t tokens(SimTime now) { return bucket_.sum(now) + reserve_; }
  bool withdraw(SimTime now);

  std::int64_t deposit_;
  std::int64_t withdrawal_;
  std::int64_t reserve_;
  WindowedSum bucket_;
};

}  // namespace haldane::models
