#include "sim/measure/interval_series.h"

#include <algorithm>

namespace haldane::sim {

BinLocator::BinLocator(const std::vector<SimTime>& bounds)
    : bounds_(bounds),
      second_bound_(bounds[1]),
      width_ns_(bounds.size() > 2 ? (bounds[2] - bounds[1]).count_ns()
                                  : (bounds[1] - bounds[0]).count_ns()) {
  // A run of two bins has a short last bin; a regular width at least as long keeps bin_of in range.
  if (bounds_.size() == 3) width_ns_ = std::max(width_ns_, (bounds_[1] - bounds_[0]).count_ns());
}

IntervalSeries::IntervalSeries(const BinLocator& locator)
    : locator_(&locator),
      partial_(locator.bounds().size() - 1),
      level_(locator.bounds().size()),
      recent_begin_(locator.bounds()[0]),
      recent_end_(locator.bounds()[1]) {}

void IntervalSeries::add_slow(SimTime from, SimTime to) {
  to = std::min(to, locator_->end());
  if (from >= to) return;
  const std::vector<SimTime>& bounds = locator_->bounds();
  const std::size_t first = locator_->bin_of(from);
  const std::size_t last = locator_->bin_of(to - Duration::nanoseconds(1));
  if (first == last) {
    partial_[first] += (to - from).count_ns();
  } else {
    partial_[first] += (bounds[first + 1] - from).count_ns();
    partial_[last] += (to - bounds[last]).count_ns();
    ++level_[first + 1];
    --level_[last];
  }
  recent_bin_ = first;
  recent_begin_ = bounds[first];
  recent_end_ = bounds[first + 1];
}

void IntervalSeries::add(std::span<const SimTime> from, std::span<const SimTime> to) {
  std::int64_t first = SimTime::never().count_ns();
  std::int64_t last = 0;
  std::int64_t sum = 0;
  for (std::size_t i = 0; i < from.size(); ++i) {
    first = std::min(first, from[i].count_ns());
    last = std::max(last, to[i].count_ns());
    sum += to[i].count_ns() - from[i].count_ns();
  }
  if (first >= recent_begin_.count_ns() && last <= recent_end_.count_ns()) {
    partial_[recent_bin_] += sum;
    return;
  }
  for (std::size_t i = 0; i < from.size(); ++i) add(from[i], to[i]);
}

std::vector<std::int64_t> IntervalSeries::integrals() const {
  std::vector<std::int64_t> sums = partial_;
  std::int64_t covering = 0;
  const std::vector<SimTime>& bounds = locator_->bounds();
  for (std::size_t bin = 0; bin < sums.size(); ++bin) {
    covering += level_[bin];
    sums[bin] += covering * (bounds[bin + 1] - bounds[bin]).count_ns();
  }
  return sums;
}

void AgeSeries::add(SimTime since, SimTime from, SimTime to) {
  to = std::min(to, locator_->end());
  const std::vector<SimTime>& bounds = locator_->bounds();
  while (from < to) {
    const std::size_t bin = locator_->bin_of(from);
    const SimTime stop = std::min(to, bounds[bin + 1]);
    // Trapezium: mean age times length, in microseconds.
    const std::int64_t mean_age_us =
        ((from - since).count_ns() + (stop - since).count_ns()) / 2'000;
    sums_[bin] += mean_age_us * ((stop - from).count_ns() / 1'000);
    from = stop;
  }
}

}  // namespace haldane::sim
