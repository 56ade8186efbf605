#include "models/clients/latency_percentile.h"

#include <algorithm>
#include <cmath>

namespace haldane::models {

// Of a long silence only the last spans matter.
void LatencyPercentile::end_spans(SimTime now) {
  for (std::size_t ended = 0; now >= next_ && ended < spans; ++ended) {
    whole_.push_back(current_.take_slice());
    if (whole_.size() > spans) whole_.pop_front();
    next_ += span_;
  }
  if (now >= next_) {
    whole_.clear();
    next_ += span_ * ((now - next_) / span_ + 1);
  }
  value_ = value();
}

std::optional<Duration> LatencyPercentile::value() const {
  sim::LatencySlice all;
  for (const sim::LatencySlice& slice : whole_) sim::merge(all, slice);
  if (all.count == 0) return std::nullopt;
  const auto rank =
      static_cast<std::int64_t>(std::ceil(percentile_ * static_cast<double>(all.count)));
  std::int64_t below = 0;
  for (const sim::HistogramBucket& bucket : all.buckets) {
    below += bucket.count;
    if (below >= rank) return Duration::nanoseconds(bucket.value_ns);
  }
  return Duration::nanoseconds(all.max_ns);
}

}  // namespace haldane::models
