#include "analysis/judge/same_arms.h"

#include <algorithm>
#include <bit>
#include <cstdint>
#include <set>

#include "analysis/ingest/column_sketch.h"
#include "analysis/judge/thinning.h"

namespace haldane::analysis {
namespace {

constexpr std::size_t different_values_min = 30;

// Of all rows, whatever their order: equal sums of 64 bits are no chance.
std::uint64_t hash_of_rows(const ObservationColumn& column) {
  std::uint64_t sum = 0;
  for (std::size_t i = 0; i < column.values.size(); ++i) {
    std::uint64_t row = mixed(std::bit_cast<std::uint64_t>(column.values[i]));
    if (!column.times_s.empty()) row += std::bit_cast<std::uint64_t>(column.times_s[i]);
    sum += mixed(row);
  }
  return sum;
}

bool has_many_values(const ObservationColumn& column) {
  std::set<double> seen;
  for (const double value : column.values) {
    seen.insert(value);
    if (seen.size() >= different_values_min) return true;
  }
  return false;
}

}  // namespace

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

bool same_rows(const ObservationTable& baseline, const ObservationTable& canary) {
  if (baseline.columns.size() != canary.columns.size()) return false;
  bool many_values = false;
  for (const ObservationColumn& column : baseline.columns) {
    const ObservationColumn* other = canary.find(column.name);
    if (!other || column.sketch || other->sketch || column.quality != other->quality) return false;
    if (bins_of(*other) != bins_of(column)) return false;
    if (other->values.size() != column.values.size()) return false;
    if (other->times_s.size() != column.times_s.size()) return false;
    if (hash_of_rows(*other) != hash_of_rows(column)) return false;
    many_values = many_values || has_many_values(column);
  }
  return many_values;
}

}  // namespace haldane::analysis
