#include "analysis/judge/same_arms.h"

#include <algorithm>

#include "analysis/ingest/column_sketch.h"

namespace haldane::analysis {

bool same_arms(const ObservationTable& baseline, const ObservationTable& canary) {
  const bool same_bytes = !baseline.sha256.empty() && baseline.sha256 == canary.sha256;
  if (same_bytes && baseline.part == canary.part) return true;
  if (baseline.columns.size() != canary.columns.size()) return false;
  bool varies = false;
  for (const ObservationColumn& column : baseline.columns) {
    const ObservationColumn* other = canary.find(column.name);
    if (!other || other->values != column.values || other->times_s != column.times_s) return false;
    if (bins_of(*other) != bins_of(column) || other->quality != column.quality) return false;
    if (column.sketch && !(*other->sketch == *column.sketch)) return false;
    varies = varies || bins_of(column).size() > 1;
    const auto [low, high] = std::minmax_element(column.values.begin(), column.values.end());
    varies = varies || (!column.values.empty() && *low < *high);
  }
  return varies;
}

}  // namespace haldane::analysis
