// How much less a balancer sends to a replica that has just come up: a share of its weight that
// grows while it is young.
#pragma once

#include <algorithm>
#include <cstdint>

#include "sim/base/math.h"
#include "sim/base/time.h"

namespace haldane::models {

/// `api.balancer_slow_start`; the defaults are those of Envoy's SlowStartConfig.
/// **Source** Envoy, load_balancer_impl.cc (EdfLoadBalancerBase): weight * max(min_weight,
/// (age / window)^(1 / aggression)), ages in whole milliseconds and at least one.
struct SlowStartWeight {
  Duration window{};  ///< 0 = no such rule
  double aggression = 1;
  double min_weight = 0.1;  ///< of the whole one

  [[nodiscard]] bool is_on() const { return window > Duration{}; }
  /// Share of its weight that a replica has. **Domain** is_on(), age >= 0. **Returns** 1 from the
  /// end of the window on.
  [[nodiscard]] double factor_at(Duration age) const {
    const std::int64_t ms = whole_ms(age);
    if (ms >= whole_ms(window)) return 1;
    const double passed =
        static_cast<double>(std::max<std::int64_t>(1, ms)) / static_cast<double>(whole_ms(window));
    const double grown = aggression == 1 ? passed : math::pow(passed, 1 / aggression);
    return std::max(grown, min_weight);
  }
  /// Whether one of this age still makes its balancer take turns by weight: for a moment longer
  /// than it weighs less. **Domain** is_on().
  [[nodiscard]] bool is_young(Duration age) const { return whole_ms(age) <= whole_ms(window); }

 private:
  [[nodiscard]] static std::int64_t whole_ms(Duration span) { return span.count_ns() / 1'000'000; }
};

}  // namespace haldane::models
