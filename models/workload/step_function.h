// A rate factor that changes in steps, known before the run: surges, lost sites, slow-downs.
#pragma once

#include <algorithm>
#include <vector>

#include "sim/base/time.h"

namespace haldane::models {

/// A piecewise-constant function of time, 1 (or the given value) where nothing was said. Steps may
/// overlap; they multiply.
class StepFunction {
 public:
  explicit StepFunction(double initial = 1) : initial_(initial) {}

  /// Multiplies the function by `factor` on [from, to). **Cost** O(steps).
  void multiply(SimTime from, SimTime to, double factor);
  /// Replaces the function by `value` on [from, to).
  void assign(SimTime from, SimTime to, double value);

  [[nodiscard]] bool is_constant() const { return steps_.empty(); }
  /// Whether it is above 0 anywhere. **Cost** O(steps).
  [[nodiscard]] bool ever_positive() const {
    return initial_ > 0 ||
           std::ranges::any_of(steps_, [](const Step& step) { return step.value > 0; });
  }
  /// **Cost** O(log steps); nothing when constant.
  [[nodiscard]] double at(SimTime t) const { return steps_.empty() ? initial_ : at_step(t); }
  /// The first change after `t`; never if none.
  [[nodiscard]] SimTime next_change(SimTime t) const;

 private:
  struct Step {
    SimTime at;
    double value;
  };
  [[nodiscard]] double at_step(SimTime t) const;
  std::size_t split(SimTime t);

  double initial_;
  std::vector<Step> steps_;  // ascending; the value from `at` on
};

}  // namespace haldane::models
