// Bins as two sets of observations: all at their lower bounds, all at their upper ones.
#include <algorithm>
#include <cmath>

#include "analysis/judge/arms.h"

namespace haldane::analysis {
namespace {

constexpr double observations_max = 0x1p23;

struct WeightedValue {
  double value;
  double count;
};

// Ascending. Cumulative counts are rounded, not the counts, so that errors do not add up.
std::vector<double> expanded(std::vector<WeightedValue> values) {
  std::sort(values.begin(), values.end(),
            [](const auto& a, const auto& b) { return a.value < b.value; });
  double total = 0;
  for (const WeightedValue& v : values) total += v.count;
  const double thinning = std::min(1.0, observations_max / total);
  std::vector<double> sorted;
  sorted.reserve(static_cast<std::size_t>(total * thinning) + 1);
  double below = 0;
  for (const WeightedValue& v : values) {
    below += v.count;
    sorted.resize(static_cast<std::size_t>(std::floor(below * thinning)), v.value);
  }
  return sorted;
}

std::vector<double> at_bound(const ObservationColumn& column, double ValueBin::* bound) {
  std::vector<WeightedValue> values;
  values.reserve(column.bins.size() + column.values.size());
  for (const ValueBin& bin : column.bins) values.push_back({bin.*bound, bin.count});
  for (const double value : column.values) values.push_back({value, 1});
  return expanded(std::move(values));
}

}  // namespace

bool has_bins(const ColumnPair& columns) {
  return columns.baseline->quality == Quality::binned || columns.canary->quality == Quality::binned;
}

SampleEnvelope sample_envelope(const ColumnPair& columns) {
  return {
      {at_bound(*columns.baseline, &ValueBin::high), at_bound(*columns.canary, &ValueBin::low)},
      {at_bound(*columns.baseline, &ValueBin::low), at_bound(*columns.canary, &ValueBin::high)}};
}

double observations_in(const ObservationColumn& column) {
  double count = static_cast<double>(column.values.size());
  for (const ValueBin& bin : column.bins) count += bin.count;
  return count;
}

}  // namespace haldane::analysis
