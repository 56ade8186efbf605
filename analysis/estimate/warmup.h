// How much of the beginning of a run to leave out, so that the empty system it starts from does not
// bias the estimates.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "sim/measure/measurements.h"

namespace haldane::analysis {

/// A truncation point, in values of the series it was found in.
struct Truncation {
  std::size_t values = 0;  ///< leave out the first so many; at most half
  bool doubtful = false;   ///< the rule would rather cut more than half
};

/// MSER-m: batches of `m` values, cut where the remaining batches give the narrowest interval.
/// **Domain** m >= 1. **Returns** nothing cut for fewer than 10 batches, and for a constant series.
/// **Cost** O(n). **Source** White, Cobb & Spratt 2000, "A comparison of five steady-state
/// truncation heuristics"; the search over the first half as there, the doubt when the second half
/// wins.
[[nodiscard]] Truncation mser(std::span<const double> series, std::size_t m = 5);

/// What is left out of a run, and how that was decided.
struct Warmup {
  std::uint32_t bins = 0;  ///< a slice boundary
  double seconds = 0;
  bool automatic = false;
  bool doubtful = false;
};

/// The stated warm-up of the grid.
[[nodiscard]] Warmup stated_warmup(const sim::TimeGrid& grid);

/// MSER-5 on each guiding metric, the largest truncation rounded up to a slice boundary.
/// `merged` holds the sums over the pilot replications (merge_run), which is what averaging the
/// series over them means. **Domain** names that the catalogue lacks are passed over.
[[nodiscard]] Warmup automatic_warmup(const sim::MetricCatalogue& catalogue,
                                      const sim::Measurements& merged,
                                      const std::vector<std::string>& guides);

/// The curves whose settling tells that a web system has warmed up: fill of the caches, queues,
/// latency.
[[nodiscard]] std::vector<std::string> default_guides();

}  // namespace haldane::analysis
