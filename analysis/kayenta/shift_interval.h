// The interval for a shift between two samples as Kayenta's judge computes it: always the normal
// approximation, always with continuity correction, and roots to 1e-4 in the metric's own unit.
//
// R's wilcox.test (and `hodges_lehmann`) is exact for small samples and leaves the correction out
// of the estimate. Compatibility means to keep Kayenta's numbers, so this is a variant of its own.
#pragma once

#include <optional>
#include <span>

namespace haldane::analysis::kayenta {

struct ShiftInterval {
  double low = 0;
  double high = 0;
  double estimate = 0;
};

/// By how much `experiment` lies above `control`. **Units** of the samples. **Domain** both sorted
/// ascending, not empty, finite; 0 < confidence < 1. **Returns** an end of the range of all
/// differences where the test cannot be inverted (which makes two and two separated values
/// "different"); empty when all values are tied at an end of that range, as one and one always are,
/// or the range overflows. **Cost** O(n + m) for each of about 100 steps. **Source**
/// spinnaker/kayenta MannWhitney.scala, BrentSolver.java at a69573be.
[[nodiscard]] std::optional<ShiftInterval> shift_interval(std::span<const double> experiment,
                                                          std::span<const double> control,
                                                          double confidence);

}  // namespace haldane::analysis::kayenta
