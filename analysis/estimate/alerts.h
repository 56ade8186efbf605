// When a rule over a series would have fired, as a monitoring system evaluates it.
#pragma once

#include <cstddef>
#include <functional>
#include <optional>
#include <vector>

#include "analysis/estimate/curve.h"

namespace haldane::analysis {

/// A stretch of time in which a rule fired. **Units** simulated seconds.
struct Firing {
  double from_s = 0;  ///< when the condition had held for long enough
  double to_s = 0;    ///< when it no longer held, or the end of the series
};

/// Whether the condition holds at a point of the curve, whose value is there.
using Condition = std::function<bool(std::size_t point, double value)>;

/// Every firing at or after `from_s` (the end of the warm-up, which nobody is alerted for). The
/// condition has to hold through points that together last `for_s`; a point without a value ends
/// it, as a missing sample resolves an alert in Prometheus. **Domain** points in time order.
/// **Cost** O(points).
[[nodiscard]] std::vector<Firing> find_firings(const Curve& curve, double from_s, double for_s,
                                               const Condition& holds);

/// The time-weighted mean of the values in [from_s, to_s), of the points that lie in it whole.
/// **Returns** nothing where none has a value.
[[nodiscard]] std::optional<double> mean_between(const Curve& curve, double from_s, double to_s);

}  // namespace haldane::analysis
