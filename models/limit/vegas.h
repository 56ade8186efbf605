// TCP Vegas for requests: the queue is what the limit allows beyond the throughput at the shortest
// round trip seen; it is kept between alpha and beta.
#pragma once

#include <algorithm>
#include <cmath>
#include <cstdint>

#include "models/limit/limit_rule.h"

namespace haldane::models {

/// **Source** Netflix concurrency-limits 0.5, VegasLimit with its default functions.
/// **Cost** O(1). **Determinism** what the library draws, the moment of the next probe, is given.
class VegasLimit {
 public:
  explicit VegasLimit(const LimitSpec& spec)
      : max_(spec.max), smoothing_(spec.smoothing), limit_(spec.initial) {}

  /// `jitter`, in [0.5, 1), is used where this sample probes: the shortest round trip is forgotten
  /// after a number of samples.
  void add(const LimitSample& sample, double jitter) {
    if (probe_jitter_ == 0) probe_jitter_ = jitter;
    ++samples_;
    const auto rtt = static_cast<double>(sample.rtt.count_ns());
    if (probe_jitter_ * 30 * limit_ <= static_cast<double>(samples_)) {
      probe_jitter_ = jitter;
      ++probes_;
      samples_ = 0;
      rtt_no_load_ = rtt;
      return;
    }
    if (rtt_no_load_ == 0 || rtt < rtt_no_load_) {
      rtt_no_load_ = rtt;
      return;
    }
    update(sample, rtt);
  }
  [[nodiscard]] std::uint32_t limit() const { return static_cast<std::uint32_t>(limit_); }
  [[nodiscard]] double exact_limit() const { return limit_; }
  /// So many times the shortest round trip was measured anew.
  [[nodiscard]] std::uint64_t probes() const { return probes_; }

 private:
  // log10 of the limit, a whole number from 1.
  [[nodiscard]] int step() const {
    int digits = 0;
    for (std::uint32_t rest = limit(); rest >= 10; rest /= 10) ++digits;
    return std::max(1, digits);
  }

  void update(const LimitSample& sample, double rtt) {
    const int queue = static_cast<int>(std::ceil(limit_ * (1 - rtt_no_load_ / rtt)));
    const int lg = step();
    double next = limit_;
    if (sample.dropped) {
      next -= lg;
    } else if (sample.in_flight * 2.0 < limit_) {
      return;  // the load is small: nothing can be learnt
    } else if (queue <= lg) {
      next += 6 * lg;
    } else if (queue < 3 * lg) {
      next += lg;
    } else if (queue > 6 * lg) {
      next -= lg;
    } else {
      return;
    }
    next = std::max(1.0, std::min(static_cast<double>(max_), next));
    limit_ = (1 - smoothing_) * limit_ + smoothing_ * next;
  }

  std::uint32_t max_;
  double smoothing_;
  double limit_;
  double rtt_no_load_ = 0;  // ns; 0 = none yet
  double probe_jitter_ = 0;
  std::uint64_t samples_ = 0;
  std::uint64_t probes_ = 0;
};

}  // namespace haldane::models
