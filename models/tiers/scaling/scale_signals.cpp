#include "models/tiers/scaling/scale_signals.h"

#include <algorithm>

namespace haldane::models {

// The lag at the end of every period that has ended by `now`, if that began with the present
// oldest.
void ScaleSignals::note_lag(SimTime now) {
  now = std::min(now, end_);
  const std::int64_t ended = index_of(now);
  if (oldest_ != SimTime::never()) {
    for (std::int64_t i = std::max(lag_noted_, first_); i < ended; ++i) {
      const SimTime end = SimTime::zero() + period_ * (i + 1);
      at_index(i).lag = static_cast<double>((end - oldest_).count_ns());
    }
  }
  lag_noted_ = std::max(lag_noted_, ended);
}

ScaleSums ScaleSignals::before(SimTime now, Duration window) {
  note_lag(now);
  const std::int64_t end = index_of(now);
  const std::int64_t wanted = std::max<std::int64_t>(1, window / period_);
  const std::int64_t begin = std::max(first_, end - wanted);
  const auto width = static_cast<double>(period_.count_ns());
  ScaleSums sums;
  std::array<double, levels> level = level_before_;
  std::array<double, levels> total{};
  for (std::int64_t i = first_; i < end; ++i) {
    const Period& period = at_index(i);
    for (std::size_t l = 0; l < levels; ++l) {
      level[l] += period.change[l];
      if (i >= begin) total[l] += period.part[l] + level[l] * width;
    }
    if (i < begin) continue;
    sums.requests += period.requests;
    sums.answered += period.answered;
    sums.latency += period.latency;
    sums.lag = period.lag;
  }
  sums.busy = total[static_cast<std::size_t>(Level::busy)];
  sums.in_system = total[static_cast<std::size_t>(Level::in_system)];
  sums.ready = total[static_cast<std::size_t>(Level::ready)];
  sums.span = period_ * std::max<std::int64_t>(0, end - begin);
  return sums;
}

void ScaleSignals::forget(SimTime now) {
  const std::int64_t oldest = index_of(now) - kept_ / period_ - 1;
  while (first_ < oldest && !periods_.empty()) {
    for (std::size_t l = 0; l < levels; ++l) level_before_[l] += periods_.front().change[l];
    periods_.pop_front();
    ++first_;
  }
  if (periods_.empty()) first_ = std::max(first_, oldest);
}

}  // namespace haldane::models
