// One sample for the requests of a window: their average, so that a rule is not led by single
// requests.
#pragma once

#include <algorithm>
#include <cstdint>
#include <optional>

#include "models/limit/limit_rule.h"

namespace haldane::models {

/// **Source** Netflix concurrency-limits 0.5, WindowedLimit with AverageSampleWindow: at least 10
/// samples, round trips below 100 us ignored.
class SampleWindow {
 public:
  explicit SampleWindow(Duration window) : window_(window) {}

  /// **Returns** the sample of the window that this one closes, if it holds enough.
  std::optional<LimitSample> add(const LimitSample& sample) {
    if (sample.rtt < Duration::microseconds(100)) return std::nullopt;
    ++count_;
    sum_ns_ += sample.rtt.count_ns();
    in_flight_ = std::max(in_flight_, sample.in_flight);
    dropped_ = dropped_ || sample.dropped;
    const SimTime end = sample.started + sample.rtt;
    if (end <= next_) return std::nullopt;
    next_ = end + window_;
    std::optional<LimitSample> result;
    if (count_ >= 10) {
      result = {sample.started, Duration::nanoseconds(sum_ns_ / count_), in_flight_, dropped_};
    }
    count_ = sum_ns_ = 0;
    in_flight_ = 0;
    dropped_ = false;
    return result;
  }

 private:
  Duration window_;
  SimTime next_;
  std::int64_t count_ = 0;
  std::int64_t sum_ns_ = 0;
  std::uint32_t in_flight_ = 0;
  bool dropped_ = false;
};

}  // namespace haldane::models
