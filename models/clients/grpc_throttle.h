// gRPC's retry throttling: a bucket that failures drain and successes fill slowly; below its half
// nobody retries.
#pragma once

#include <algorithm>
#include <cstdint>

#include "models/clients/attempt.h"

namespace haldane::models {

struct GrpcThrottleRules {
  std::uint32_t max_tokens = 10;
  double token_ratio = 0.1;  ///< tokens that a success adds; kept to three decimals, as gRPC does
};

/// **Determinism** depends on the calls only. **Source** grpc/proposal, A6-client-retries.md,
/// "Throttling Retry Attempts and Hedged RPCs"; the defaults are those of its example.
class GrpcThrottle {
 public:
  explicit GrpcThrottle(const GrpcThrottleRules& rules)
      : most_(std::int64_t{rules.max_tokens} * 1'000),
        ratio_(static_cast<std::int64_t>(rules.token_ratio * 1'000 + 0.5)),
        tokens_(most_) {}

  void begin(SimTime /*now*/, const Attempt& /*attempt*/) {}
  void succeed(SimTime /*now*/, const Attempt& /*attempt*/) {
    tokens_ = std::min(most_, tokens_ + ratio_);
  }
  bool fail(SimTime /*now*/, const Failure& failure) {
    tokens_ = std::max<std::int64_t>(0, tokens_ - 1'000);
    return failure.wants_retry && tokens_ > most_ / 2;
  }
  /// **Units** thousandths of a token.
  [[nodiscard]] std::int64_t tokens() const { return tokens_; }

 private:
  std::int64_t most_;
  std::int64_t ratio_;
  std::int64_t tokens_;
};

}  // namespace haldane::models
