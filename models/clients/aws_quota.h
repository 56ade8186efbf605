// The retry quota of AWS SDKs in standard mode: retries cost, successes give back.
#pragma once

#include <algorithm>
#include <cstdint>

#include "models/clients/attempt.h"

namespace haldane::models {

struct AwsQuotaRules {
  std::uint32_t capacity = 500;
  std::uint32_t retry_cost = 5;
  std::uint32_t timeout_cost = 10;  ///< of a retry after a time-out
};

/// A success refunds the cost of the retry that brought it; one at the first attempt adds 1.
/// **Determinism** depends on the calls only. **Source** boto/botocore, retries/standard.py
/// (RetryQuotaChecker) and retries/quota.py.
class AwsQuota {
 public:
  explicit AwsQuota(const AwsQuotaRules& rules) : rules_(rules), left_(rules.capacity) {}

  void begin(SimTime /*now*/, const Attempt& /*attempt*/) {}
  void succeed(SimTime /*now*/, const Attempt& attempt) {
    left_ = std::min(rules_.capacity, left_ + (attempt.retry ? cost(attempt.after_timeout) : 1));
  }
  bool fail(SimTime /*now*/, const Failure& failure) {
    const std::uint32_t amount = cost(failure.timed_out);
    if (!failure.wants_retry || amount > left_) return false;
    left_ -= amount;
    return true;
  }
  [[nodiscard]] std::uint32_t left() const { return left_; }

 private:
  [[nodiscard]] std::uint32_t cost(bool after_timeout) const {
    return after_timeout ? rules_.timeout_cost : rules_.retry_cost;
  }

  AwsQuotaRules rules_;
  std::uint32_t left_;
};

}  // namespace haldane::models
