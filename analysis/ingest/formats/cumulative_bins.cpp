#include "analysis/ingest/formats/cumulative_bins.h"

#include <algorithm>
#include <cmath>
#include <limits>

namespace haldane::analysis {
namespace {

// Bounds come as decimals and from powers of roots of two: equal ones differ in their last bits.
// The finest buckets (OTLP scale 20) are 7e-7 wide.
constexpr double same_bound = 1e-10;

double slack(double bound) {
  return std::abs(bound) * same_bound;
}

// The bucket that holds the whole of the old one, or the end.
BoundedCounts::iterator around(BoundedCounts& buckets, const std::pair<double, double>& old) {
  const double low = old.first + slack(old.first);
  auto after = buckets.upper_bound({low, std::numeric_limits<double>::infinity()});
  if (after == buckets.begin()) return buckets.end();
  const auto holder = std::prev(after);
  const double high = holder->first.second;
  return old.second <= high + slack(high) ? holder : buckets.end();
}

}  // namespace

std::optional<BoundedCounts> CumulativeBins::increase(BoundedCounts now, bool restarted) {
  const BoundedCounts before = std::exchange(last_, now);
  if (histograms_++ == 0) return std::nullopt;
  if (restarted) return now;
  BoundedCounts grown = now;
  bool cut = false;
  for (const auto& [bounds, total] : before) {
    if (!(total > 0)) continue;
    const auto holder = around(grown, bounds);
    if (holder == grown.end()) {
      cut = true;
    } else {
      holder->second -= total;
    }
  }
  const bool fell = std::any_of(grown.begin(), grown.end(), [](const auto& bucket) {
    return bucket.second < -1e-9 * std::abs(bucket.second) - 1e-9;
  });
  if (fell) return now;
  return cut ? std::nullopt : std::optional(std::move(grown));
}

}  // namespace haldane::analysis
