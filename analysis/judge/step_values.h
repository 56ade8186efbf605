// What is shown of both arms where a canary was judged by step.
#pragma once

#include <vector>

namespace haldane::analysis {

/// Values of both arms in one step, or in all of them, and the canary's observations there.
struct StepValues {
  double canary_size = 0;
  double baseline = 0;
  double canary = 0;
};

/// A step's values count by its canary's size for both arms, so that their difference is that
/// within steps. Of a single part they stay what they are, to the bit. **Domain** not empty.
template <class Part, class Value>
[[nodiscard]] StepValues step_values(const std::vector<Part>& parts, const Value& value) {
  StepValues sum;
  for (const Part& part : parts) {
    const StepValues one = value(part);
    const double counted = parts.size() == 1 ? 1.0 : one.canary_size;
    sum.canary_size += counted;
    sum.baseline += counted * one.baseline;
    sum.canary += counted * one.canary;
  }
  sum.baseline /= sum.canary_size;
  sum.canary /= sum.canary_size;
  return sum;
}

}  // namespace haldane::analysis
