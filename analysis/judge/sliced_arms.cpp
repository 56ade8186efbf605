// Both arms slice by slice.
#include <algorithm>
#include <bit>
#include <cmath>
#include <cstdint>
#include <numeric>

#include "analysis/ingest/column_sketch.h"
#include "analysis/judge/arm_drift.h"
#include "analysis/judge/compacted_arms.h"
#include "analysis/judge/thinning.h"
#include "analysis/judge/time_slices.h"

namespace haldane::analysis {
namespace {

constexpr int slices_min = 64;
constexpr std::size_t rows_max = 65'536;
constexpr double rows_a_slice = 20;
constexpr double events_a_slice = 2;

// Slices of 2^k seconds from a multiple of it on, of which `units` fill each one well enough.
TimeAxis whole_slices(const ColumnPair& columns, double units, double units_a_slice) {
  const auto [begin_b, end_b] = time_range(*columns.baseline);
  const auto [begin_c, end_c] = time_range(*columns.canary);
  const double begin = std::max(begin_b, begin_c);
  const double span = std::min(end_b, end_c) - begin;
  if (!(span > 0) || !(units > 0)) return {};
  const double least = span * std::max(1.0 / slices_max, units_a_slice / units);
  TimeAxis axis;
  axis.width_s = std::exp2(std::ceil(std::log2(least)));
  if (!std::isfinite(axis.width_s)) return {};  // times as far apart as doubles go
  axis.begin_s = std::ceil(begin / axis.width_s) * axis.width_s;
  axis.slices = static_cast<int>(std::floor((begin + span - axis.begin_s) / axis.width_s));
  return axis.slices < slices_min ? TimeAxis{} : axis;
}

// Calls use(slice, row) for each row within the slices.
template <class Use>
void for_rows(const ObservationColumn& column, const TimeAxis& axis, const Use& use) {
  const double end = axis.begin_s + axis.span_s();
  for (std::size_t row = 0; row < column.times_s.size(); ++row) {
    const double time = column.times_s[row];
    if (time >= axis.begin_s && time < end) use(axis.index(time), row);
  }
}

struct Sums {
  std::vector<double> values;
  std::vector<double> counts;
};

Sums sums_of(const ObservationColumn& column, const TimeAxis& axis) {
  Sums sums;
  sums.values.assign(static_cast<std::size_t>(axis.slices), 0);
  sums.counts = sums.values;
  for_rows(column, axis, [&](std::size_t slice, std::size_t row) {
    sums.values[slice] += column.values[row];
    sums.counts[slice] += 1;
  });
  return sums;
}

using Slices = std::vector<std::optional<double>>;

Slices quotients(const std::vector<double>& above, const std::vector<double>& below) {
  Slices slices(above.size());
  for (std::size_t i = 0; i < slices.size(); ++i) {
    if (below[i] > 0) slices[i] = above[i] / below[i];
  }
  return slices;
}

SlicedArms joined(const Slices& baseline, const Slices& canary, const TimeAxis& axis) {
  SlicedArms arms;
  arms.width_s = axis.width_s;
  arms.values.paired = true;
  for (std::size_t i = 0; i < baseline.size(); ++i) {
    if (!baseline[i] || !canary[i]) continue;
    arms.values.baseline.push_back(*baseline[i]);
    arms.values.canary.push_back(*canary[i]);
  }
  return arms.values.baseline.size() < slices_min ? SlicedArms{} : arms;
}

Slices medians_of(const ObservationColumn& column, const TimeAxis& axis) {
  const std::uint64_t one_in = std::bit_ceil((column.values.size() + rows_max - 1) / rows_max);
  std::vector<std::vector<double>> rows(static_cast<std::size_t>(axis.slices));
  for_rows(column, axis, [&](std::size_t slice, std::size_t row) {
    if (is_kept(column.times_s[row], one_in)) rows[slice].push_back(column.values[row]);
  });
  Slices medians(rows.size());
  for (std::size_t i = 0; i < rows.size(); ++i) {
    if (rows[i].empty()) continue;
    const auto middle = rows[i].begin() + static_cast<std::ptrdiff_t>(rows[i].size() / 2);
    std::nth_element(rows[i].begin(), middle, rows[i].end());
    medians[i] = *middle;
  }
  return medians;
}

double smaller_size(const ColumnPair& columns) {
  return static_cast<double>(
      std::min(columns.baseline->values.size(), columns.canary->values.size()));
}

bool is_timed(const ColumnPair& columns) {
  const auto timed = [](const ObservationColumn* column) {
    return column != nullptr && !column->values.empty() &&
           column->times_s.size() == column->values.size();
  };
  return timed(columns.baseline) && timed(columns.canary);
}

void halve(std::vector<double>& values) {
  for (std::size_t i = 0; 2 * i + 1 < values.size(); ++i) {
    values[i] = (values[2 * i] + values[2 * i + 1]) / 2;
  }
  values.resize(values.size() / 2);
}

// Means of what is left of rows that were too many to keep.
SlicedArms compacted_means(const ColumnPair& columns) {
  SlicedArms arms;
  arms.values = gauge_slices(columns);
  const ObservationColumn& folded = columns.baseline->sketch ? *columns.baseline : *columns.canary;
  const std::size_t size = arms.values.baseline.size();
  if (!has_times(columns) || !arms.values.paired || size < slices_min) return {};
  const auto [first_s, last_s] = folded.sketch->time_range();
  arms.width_s = (last_s - first_s) / static_cast<double>(size);
  while (arms.values.baseline.size() > slices_max) {
    halve(arms.values.baseline);
    halve(arms.values.canary);
    arms.width_s *= 2;
  }
  return arms;
}

}  // namespace

SlicedArms sliced_means(const ColumnPair& columns) {
  if (is_compacted(columns)) return compacted_means(columns);
  if (!is_timed(columns)) return {};
  const TimeAxis axis = whole_slices(columns, smaller_size(columns), 1);
  const Sums b = sums_of(*columns.baseline, axis);
  const Sums c = sums_of(*columns.canary, axis);
  return joined(quotients(b.values, b.counts), quotients(c.values, c.counts), axis);
}

SlicedArms sliced_medians(const ColumnPair& columns) {
  if (is_compacted(columns)) return compacted_means(columns);
  if (!is_timed(columns)) return {};
  const double rows = std::min(smaller_size(columns), static_cast<double>(rows_max));
  const TimeAxis axis = whole_slices(columns, rows, rows_a_slice);
  return joined(medians_of(*columns.baseline, axis), medians_of(*columns.canary, axis), axis);
}

SlicedArms sliced_rates(const ColumnPair& events, const ColumnPair& exposure) {
  const bool by_rows = exposure.baseline == nullptr && exposure.canary == nullptr;
  if (!is_timed(events) || (!by_rows && !is_timed(exposure))) return {};
  const auto total = [](const ObservationColumn& column) {
    return std::accumulate(column.values.begin(), column.values.end(), 0.0);
  };
  const double fewer = std::min(total(*events.baseline), total(*events.canary));
  const TimeAxis axis = whole_slices(events, fewer, events_a_slice);
  const auto rates = [&](const ObservationColumn& of, const ObservationColumn* per) {
    const Sums sums = sums_of(of, axis);
    return quotients(sums.values, by_rows ? sums.counts : sums_of(*per, axis).values);
  };
  return joined(rates(*events.baseline, exposure.baseline), rates(*events.canary, exposure.canary),
                axis);
}

}  // namespace haldane::analysis
