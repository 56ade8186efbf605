// The gradient of round trips: the limit shrinks as the latest one exceeds the average of many.
#pragma once

#include <algorithm>
#include <cstdint>

#include "models/limit/limit_rule.h"

namespace haldane::models {

/// **Source** Netflix concurrency-limits 0.5, Gradient2Limit. **Cost** O(1).
class Gradient2Limit {
 public:
  explicit Gradient2Limit(const LimitSpec& spec) : spec_(spec), limit_(spec.initial) {}

  void add(const LimitSample& sample) {
    const auto latest = static_cast<double>(sample.rtt.count_ns());
    add_to_average(latest);
    const double average = average_;
    // Back to normal after a long overload: the average need not crawl.
    if (average / latest > 2) average_ *= 0.95;
    if (sample.in_flight < limit_ / 2) return;  // the load is small: nothing can be learnt
    const double gradient = std::max(0.5, std::min(1.0, spec_.tolerance * average / latest));
    const double next = limit_ * gradient + spec_.queue_size;
    limit_ = limit_ * (1 - spec_.smoothing) + next * spec_.smoothing;
    limit_ = std::max<double>(spec_.min, std::min<double>(spec_.max, limit_));
  }
  [[nodiscard]] std::uint32_t limit() const { return static_cast<std::uint32_t>(limit_); }
  [[nodiscard]] double exact_limit() const { return limit_; }

 private:
  static constexpr std::uint32_t warm_up = 10;

  // Exponential; plain over the first ones.
  void add_to_average(double rtt) {
    if (count_ < warm_up) {
      ++count_;
      sum_ += rtt;
      average_ = sum_ / count_;
      return;
    }
    const double factor = 2.0 / (spec_.long_window + 1.0);
    average_ = average_ * (1 - factor) + rtt * factor;
  }

  LimitSpec spec_;
  double limit_;
  double average_ = 0;  // ns
  double sum_ = 0;
  std::uint32_t count_ = 0;
};

}  // namespace haldane::models
