#include "analysis/judge/arms.h"

#include <algorithm>
#include <cmath>
#include <numeric>

#include "analysis/compare/sort_values.h"
#include "analysis/ingest/column_sketch.h"
#include "analysis/judge/compacted_arms.h"

namespace haldane::analysis {
namespace {

std::vector<double> sorted_copy(const std::vector<double>& values) {
  std::vector<double> sorted = values;
  sort_values(sorted);
  return sorted;
}

// Sums in ascending order, so that permuted rows give the same bits. Counts below 2^53 are exact in
// any order, and are the common case.
double ordered_sum(const std::vector<double>& values) {
  const bool whole = std::all_of(values.begin(), values.end(), [](double v) {
    return v == std::floor(v) && std::abs(v) < 0x1p30;
  });
  if (whole) return std::accumulate(values.begin(), values.end(), 0.0);
  const std::vector<double> sorted = sorted_copy(values);
  return std::accumulate(sorted.begin(), sorted.end(), 0.0);
}

double exposure_of(const ObservationColumn* events, const ObservationColumn* exposure) {
  return exposure == nullptr ? static_cast<double>(events->values.size())
                             : ordered_sum(exposure->values);
}

struct TimedValue {
  double time_s;
  double value;
  bool operator<(const TimedValue& other) const {
    return time_s != other.time_s ? time_s < other.time_s : value < other.value;
  }
};

std::vector<TimedValue> in_time_order(const ObservationColumn& column) {
  std::vector<TimedValue> series(column.values.size());
  for (std::size_t i = 0; i < series.size(); ++i) {
    series[i] = {column.times_s[i], column.values[i]};
  }
  std::sort(series.begin(), series.end());
  return series;
}

std::vector<double> time_ordered_values(const ObservationColumn& column) {
  if (column.times_s.size() != column.values.size()) return column.values;
  std::vector<double> values;
  values.reserve(column.values.size());
  for (const TimedValue& v : in_time_order(column)) values.push_back(v.value);
  return values;
}

}  // namespace

bool has_times(const ColumnPair& columns) {
  const auto timed = [](const ObservationColumn& column) {
    return column.sketch ? column.sketch->is_timed() : !column.times_s.empty();
  };
  return timed(*columns.baseline) && timed(*columns.canary);
}

SampleArms sample_arms(const ColumnPair& columns) {
  SampleArms arms{columns.baseline->values, columns.canary->values};
  std::vector<double> scratch;
  sort_values(arms.baseline, scratch);
  sort_values(arms.canary, scratch);
  return arms;
}

RateArms rate_arms(const ColumnPair& events, const ColumnPair& exposure) {
  return {{ordered_sum(events.baseline->values), exposure_of(events.baseline, exposure.baseline)},
          {ordered_sum(events.canary->values), exposure_of(events.canary, exposure.canary)}};
}

GaugeArms gauge_arms(const ColumnPair& columns) {
  if (is_compacted(columns)) return gauge_slices(columns);
  GaugeArms arms;
  const ObservationColumn& b = *columns.baseline;
  const ObservationColumn& c = *columns.canary;
  if (!b.times_s.empty() && !c.times_s.empty()) {
    const std::vector<TimedValue> left = in_time_order(b);
    const std::vector<TimedValue> right = in_time_order(c);
    for (std::size_t i = 0, j = 0; i < left.size() && j < right.size();) {
      if (left[i].time_s < right[j].time_s) {
        ++i;
      } else if (right[j].time_s < left[i].time_s) {
        ++j;
      } else {
        arms.baseline.push_back(left[i++].value);
        arms.canary.push_back(right[j++].value);
      }
    }
    const std::size_t smaller = std::min(left.size(), right.size());
    arms.paired = smaller > 0 && arms.baseline.size() * 5 >= smaller * 4;
  }
  if (!arms.paired) {
    arms.baseline = time_ordered_values(b);
    arms.canary = time_ordered_values(c);
  }
  return arms;
}

Autocorrelation autocorrelation(std::span<const double> series, double noise) {
  const std::size_t n = series.size();
  if (n < 4) return {};
  const double size = static_cast<double>(n);
  const double mean = std::accumulate(series.begin(), series.end(), 0.0) / size;
  const auto covariance = [&](std::size_t lag) {
    double sum = 0;
    for (std::size_t i = lag; i < n; ++i) sum += (series[i] - mean) * (series[i - lag] - mean);
    return sum / size;
  };
  const double variance = covariance(0);
  if (!(variance > 0)) return {};
  const double first = covariance(1) / variance;
  // The sample autocorrelation is too small by about (1 + 3 phi) / n.
  const double phi = std::clamp(first + (1 + 3 * first) / size, 0.0, 0.999);
  const double pair_min = noise * std::sqrt(2 / size);
  double sum = -1;
  double previous = 2;
  const std::size_t lag_max = std::min<std::size_t>(n / 3, 2000);
  std::size_t lag = 0;
  for (; lag + 1 <= lag_max; lag += 2) {
    const double even = lag == 0 ? 1 : covariance(lag) / variance;
    const double odd = lag == 0 ? first : covariance(lag + 1) / variance;
    const double pair = std::min(even + odd, previous);
    if (pair <= (lag == 0 ? 0 : pair_min)) break;
    sum += 2 * pair;
    previous = pair;
  }
  return {std::min(size, std::max({1.0, sum, (1 + phi) / (1 - phi)})), static_cast<double>(lag)};
}

}  // namespace haldane::analysis
