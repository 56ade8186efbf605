// Bins as two sets of observations: all at their lower bounds, all at their upper ones.
#include <algorithm>
#include <cmath>

#include "analysis/ingest/column_sketch.h"
#include "analysis/judge/arms.h"

namespace haldane::analysis {
namespace {

constexpr double observations_max = 0x1p30;

struct WeightedValue {
  double value;
  double count;
};

// Ascending. Cumulative counts are rounded, not the counts, so that errors do not add up.
WeightedValues ranked(std::vector<WeightedValue> values) {
  std::sort(values.begin(), values.end(),
            [](const auto& a, const auto& b) { return a.value < b.value; });
  double total = 0;
  for (const WeightedValue& v : values) total += v.count;
  const double thinning = std::min(1.0, observations_max / total);
  WeightedValues sorted;
  double below = 0;
  for (const WeightedValue& v : values) {
    below += v.count;
    sorted.values.push_back(v.value);
    sorted.through.push_back(std::floor(below * thinning));
  }
  return sorted;
}

WeightedValues at_bound(const ObservationColumn& column, double ValueBin::* bound) {
  const std::vector<ValueBin>& bins = bins_of(column);
  std::vector<WeightedValue> values;
  values.reserve(bins.size() + column.values.size());
  for (const ValueBin& bin : bins) values.push_back({bin.*bound, bin.count});
  for (const double value : column.values) values.push_back({value, 1});
  return ranked(std::move(values));
}

ArmEnvelope envelope_of(const ObservationColumn& column) {
  return {at_bound(column, &ValueBin::low), at_bound(column, &ValueBin::high)};
}

}  // namespace

bool has_bins(const ColumnPair& columns) {
  const auto in_bins = [](const ObservationColumn& column) {
    return column.quality == Quality::binned || column.quality == Quality::compacted;
  };
  return in_bins(*columns.baseline) || in_bins(*columns.canary);
}

SampleEnvelope sample_envelope(const ColumnPair& columns) {
  return {envelope_of(*columns.baseline), envelope_of(*columns.canary)};
}

double observations_in(const ObservationColumn& column) {
  double count = static_cast<double>(column.values.size());
  for (const ValueBin& bin : bins_of(column)) count += bin.count;
  return count;
}

}  // namespace haldane::analysis
