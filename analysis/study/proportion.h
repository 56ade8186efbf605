// Shares that were counted, such as false alarms among simulated releases, with an interval that
// also holds for none and for all.
#pragma once

#include <cstdint>

namespace haldane::analysis {

/// A share counted over independent runs.
struct CountedShare {
  std::int64_t count = 0;
  std::int64_t runs = 0;

  /// **Returns** 0 for no runs.
  [[nodiscard]] double share() const {
    return runs > 0 ? static_cast<double>(count) / static_cast<double>(runs) : 0;
  }
};

struct ShareInterval {
  double low = 0;
  double high = 1;
};

/// The exact interval of a binomial share: it covers with at least `confidence`, whatever the
/// share. **Domain** 0 <= count <= runs, confidence in (0, 1). **Returns** [0, 1] for no runs.
/// **Source** Clopper & Pearson 1934.
[[nodiscard]] ShareInterval share_interval(const CountedShare& counted, double confidence = 0.95);

}  // namespace haldane::analysis
