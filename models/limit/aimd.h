// Additive increase, multiplicative decrease: one more after each request that was served in time,
// a share less after each that was not.
#pragma once

#include <algorithm>
#include <cstdint>

#include "models/limit/limit_rule.h"

namespace haldane::models {

/// **Source** Netflix concurrency-limits 0.5, AIMDLimit. **Cost** O(1).
class AimdLimit {
 public:
  explicit AimdLimit(const LimitSpec& spec) : spec_(spec), limit_(spec.initial) {}

  void add(const LimitSample& sample) {
    if (sample.dropped || sample.rtt > spec_.timeout) {
      limit_ = static_cast<std::uint32_t>(limit_ * spec_.backoff_ratio);
    } else if (std::uint64_t{sample.in_flight} * 2 >= limit_) {
      ++limit_;
    }
    limit_ = std::min(spec_.max, std::max(spec_.min, limit_));
  }
  [[nodiscard]] std::uint32_t limit() const { return limit_; }

 private:
  LimitSpec spec_;
  std::uint32_t limit_;
};

}  // namespace haldane::models
