// How long dead letters wait for somebody to look at them.
//
// The age of the oldest one, since whoever is on duty empties the dead-letter queue at set times:
// what an alarm on that queue watches.
#pragma once

#include <algorithm>
#include <cstdint>

#include "models/tiers/record/recorder.h"
#include "sim/base/time.h"
#include "sim/measure/interval_series.h"

namespace haldane::models {

/// **Domain** times never decrease. **Determinism** depends on the calls only.
class DeadLetters {
 public:
  /// Emptied at every multiple of `triage`; max() = never.
  DeadLetters(Duration triage, const sim::BinLocator& bins)
      : triage_(triage), bins_(&bins), age_(bins), maximum_(bins.bounds().size() - 1) {}

  void add(SimTime now) {
    if (now >= bins_->end() || now < emptied_) return;
    close();
    oldest_ = now;
    const std::int64_t rounds = triage_ == Duration::max() ? 0 : (now - SimTime::zero()) / triage_;
    emptied_ =
        triage_ == Duration::max() ? SimTime::never() : SimTime::zero() + triage_ * (rounds + 1);
  }
  /// **Domain** once, after the last add().
  void close() {
    const SimTime until = std::min(emptied_, bins_->end());
    if (oldest_ >= until) return;
    age_.add(oldest_, oldest_, until);
    const std::size_t last = bins_->bin_of(until - Duration::nanoseconds(1));
    for (std::size_t bin = bins_->bin_of(oldest_); bin <= last; ++bin) {
      const SimTime seen = std::min(until, bins_->bounds()[bin + 1]);
      maximum_.note(bin, (seen - oldest_).count_ns());
    }
    oldest_ = SimTime::never();
  }
  [[nodiscard]] const sim::AgeSeries& age() const { return age_; }
  [[nodiscard]] const MaximumSeries& maximum() const { return maximum_; }

 private:
  Duration triage_;
  const sim::BinLocator* bins_;
  sim::AgeSeries age_;
  MaximumSeries maximum_;
  SimTime oldest_ = SimTime::never();
  SimTime emptied_;  // when the oldest one is looked at
};

}  // namespace haldane::models
