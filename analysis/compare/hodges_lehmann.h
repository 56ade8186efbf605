// Hodges-Lehmann shift: by how much x lies above y, with the interval that inverts the Mann-Whitney
// test.
#pragma once

#include <optional>
#include <span>

#include "analysis/compare/alternative.h"

namespace haldane::analysis {

/// Median of all differences x - y, and the shifts that the test does not reject. **Domain** both
/// sorted ascending, not empty; 0 < confidence < 1. **Returns** empty when all values are tied.
/// Small samples without ties give order statistics of the differences; otherwise the root of the
/// standardised rank sum, without continuity correction for the estimate and with it for the
/// interval, as R's wilcox.test does. **Cost** O(n + m) for each of some 60 steps; never the n m
/// differences beyond 49 x 49. **Source** Hodges & Lehmann 1963; Bauer 1972.
[[nodiscard]] std::optional<IntervalEstimate> hodges_lehmann(std::span<const double> x,
                                                             std::span<const double> y,
                                                             Alternative alternative,
                                                             double confidence);

}  // namespace haldane::analysis
