// Time windows of two arms: how much the shares below a value scatter beyond independence.
#include <algorithm>
#include <cmath>
#include <numeric>

#include "analysis/judge/compacted_arms.h"
#include "analysis/judge/time_slices.h"

namespace haldane::analysis {
namespace {

constexpr int windows_min = 8;  // fewer tell nothing about a variance
constexpr int windows_max = 30;
constexpr double events_a_window = 5;  // below that the scatter is dominated by its own noise
constexpr double samples_a_slice = 2;
constexpr double reach_left_min = 0.2;  // correction of at most five times
// Windows that scatter no further than this are not searched for what their neighbours share:
// independent requests would pay for it at every other look.
constexpr double clear_of_chance_sd = 2.5;

// Slices, and wide windows of whole slices.
struct Windows {
  TimeAxis axis;
  int slices_each = 1;
};

// Over the time that the arms cover; no slices when there is nothing to cut.
Windows common_windows(const ColumnPair& columns, double events) {
  Windows windows;
  if (!has_times(columns)) return windows;
  const auto [b_first, b_last] = time_range(*columns.baseline);
  const auto [c_first, c_last] = time_range(*columns.canary);
  const double rows =
      static_cast<double>(std::min(columns.baseline->values.size(), columns.canary->values.size()));
  const int count = static_cast<int>(std::clamp<double>(events / events_a_window, 1, windows_max));
  const double slices = std::min<double>(slices_max, rows / samples_a_slice);
  TimeAxis& axis = windows.axis;
  axis.begin_s = std::min(b_first, c_first);
  windows.slices_each = std::max(1, static_cast<int>(slices / count));
  axis.slices = count * windows.slices_each;
  axis.width_s = (std::max(b_last, c_last) - axis.begin_s) / axis.slices;
  if (!(axis.width_s > 0)) axis.slices = 0;
  return windows;
}

// Both arms' counts of one kind, part by part.
struct Counts {
  std::vector<double> baseline;
  std::vector<double> canary;
};

// Neighbours joined, `each` at a time; the last may be fewer.
std::vector<double> joined(const std::vector<double>& parts, int joined_parts) {
  const auto each = static_cast<std::size_t>(joined_parts);
  std::vector<double> sums((parts.size() + each - 1) / each, 0.0);
  for (std::size_t i = 0; i < parts.size(); ++i) sums[i / each] += parts[i];
  return sums;
}

Counts joined(const Counts& parts, int each) {
  return {joined(parts.baseline, each), joined(parts.canary, each)};
}

// How far the arms' difference lies from what is expected, part of the time by part. The ratio of
// sums, not the mean of ratios: a few parts with bursts must count with all that is in them.
class Scatter {
 public:
  // Nothing can deviate where the variance is 0: such a part only keeps the distance in time.
  void add(double deviation, double variance) {
    deviations_.push_back(deviation);
    if (!(variance > 0)) return;
    squares_ += deviation * deviation;
    variances_ += variance;
    ++count_;
  }
  [[nodiscard]] double dispersion() const {
    return count_ < windows_min ? 1.0
                                : std::max(1.0, squares_ / variances_ * count_ / (count_ - 1));
  }
  // The same for parts that depend on their neighbours: towards the upper end of what the estimate
  // can be off by, since the least of many looks at it would count. Parts in one another's tow
  // follow their mean, which hides a part of their scatter: as many lags as are summed up.
  [[nodiscard]] double dispersion_of_series() const {
    const double parts = static_cast<double>(deviations_.size());
    if (parts < windows_min) return dispersion();
    const Autocorrelation seen = autocorrelation(deviations_);
    const double reach = std::max(seen.time, 2 * seen.lags - 1) / parts;
    return dispersion() * seen.time * (1 + std::sqrt(reach)) / std::max(reach_left_min, 1 - reach);
  }
  // The same of few parts, whose lags say little about how far they reach.
  [[nodiscard]] double dispersion_of_windows() const {
    const double parts = static_cast<double>(deviations_.size());
    if (parts < windows_min) return dispersion();
    const double tau = autocorrelation_time(deviations_);
    const double doubt = 1 + 2 * std::sqrt(tau / parts);
    return dispersion() * tau * doubt * parts / std::max(1.0, parts - tau);
  }
  // Of so many events on the rarer side, whose own noise is that of a Poisson law.
  [[nodiscard]] bool is_beyond_chance(double events) const {
    const double variance = 2.0 / count_ + 1 / std::max(1.0, events);
    return count_ >= windows_min && dispersion() > 1 + clear_of_chance_sd * std::sqrt(variance);
  }

 private:
  std::vector<double> deviations_;
  double squares_ = 0;
  double variances_ = 0;
  int count_ = 0;
};

// Of the difference of the shares `hits` / `sizes`.
Scatter share_scatter(const Counts& sizes, const Counts& hits) {
  const std::size_t parts = sizes.baseline.size();
  double weight_sum = 0;
  double weighted = 0;
  double n_total = 0;
  double k_total = 0;
  std::vector<double> weight(parts, 0.0);
  std::vector<double> difference(parts, 0.0);
  for (std::size_t w = 0; w < parts; ++w) {
    const double n_b = sizes.baseline[w];
    const double n_c = sizes.canary[w];
    n_total += n_b + n_c;
    k_total += hits.baseline[w] + hits.canary[w];
    if (n_b == 0 || n_c == 0) continue;
    weight[w] = 1 / (1 / n_b + 1 / n_c);
    difference[w] = hits.canary[w] / n_c - hits.baseline[w] / n_b;
    weight_sum += weight[w];
    weighted += weight[w] * difference[w];
  }
  const double share = k_total / n_total;
  Scatter scatter;
  for (std::size_t w = 0; w < parts; ++w) {
    if (weight[w] == 0) continue;
    scatter.add(weight[w] * (difference[w] - weighted / weight_sum),
                weight[w] * share * (1 - share));
  }
  return scatter;
}

double sum_of(const Counts& parts) {
  return std::accumulate(parts.baseline.begin(), parts.baseline.end(), 0.0) +
         std::accumulate(parts.canary.begin(), parts.canary.end(), 0.0);
}

// Of slices, and of those joined by twos until eight are left: what requests share for long hides
// in the noise of narrow parts.
double joined_dispersion(const Counts& sizes, const Counts& hits) {
  const double hit = sum_of(hits);
  const double events = std::min(hit, sum_of(sizes) - hit);
  double dispersion = 1;
  const int parts = static_cast<int>(sizes.baseline.size());
  for (int each = 1; (parts + each - 1) / each >= windows_min; each *= 2) {
    const Scatter scatter = share_scatter(joined(sizes, each), joined(hits, each));
    if (!scatter.is_beyond_chance(events)) continue;
    dispersion = std::max(dispersion, scatter.dispersion_of_windows());
  }
  return dispersion;
}

SampleDispersion dispersion_of(const Counts& slices, const Counts& slice_hits,
                               const Counts& windows, const Counts& window_hits) {
  const double of_slices = share_scatter(slices, slice_hits).dispersion_of_series();
  SampleDispersion found;
  found.usual = std::max(of_slices, share_scatter(windows, window_hits).dispersion());
  found.of_slow_causes = std::max(found.usual, joined_dispersion(slices, slice_hits));
  return found;
}

void count(const ObservationColumn& column, const TimeAxis& axis, double threshold,
           std::vector<double>& sizes, std::vector<double>& hits) {
  for (std::size_t i = 0; i < column.times_s.size(); ++i) {
    const std::size_t slice = axis.index(column.times_s[i]);
    sizes[slice] += 1;
    hits[slice] += column.values[i] <= threshold ? 1 : 0;
  }
}

// Of a sketch: where in its cell the threshold lies is not known, so the more scattered end counts.
SampleDispersion compacted_dispersion(const ColumnPair& columns, double threshold,
                                      double probability) {
  const double rows =
      std::min(observations_in(*columns.baseline), observations_in(*columns.canary));
  const double events = rows * std::min(probability, 1 - probability);
  const SampleSlices slices = sample_slices(columns, threshold);
  const double count = static_cast<double>(slices.baseline.sizes.size());
  const auto each_of = [count](double parts) {
    return static_cast<int>(std::ceil(count / std::max(1.0, parts)));
  };
  const int fine = each_of(std::min<double>(slices_max, rows / samples_a_slice));
  const int wide = each_of(std::clamp<double>(events / events_a_window, 1, windows_max));
  const Counts sizes{slices.baseline.sizes, slices.canary.sizes};
  SampleDispersion most;
  for (const auto of_arm : {&SampleSlices::Arm::hits_least, &SampleSlices::Arm::hits_most}) {
    const Counts hits{slices.baseline.*of_arm, slices.canary.*of_arm};
    const SampleDispersion found = dispersion_of(joined(sizes, fine), joined(hits, fine),
                                                 joined(sizes, wide), joined(hits, wide));
    most.usual = std::max(most.usual, found.usual);
    most.of_slow_causes = std::max(most.of_slow_causes, found.of_slow_causes);
  }
  return most;
}

}  // namespace

SampleDispersion sample_dispersion(const ColumnPair& columns, double threshold,
                                   double probability) {
  if (is_compacted(columns) && has_times(columns)) {
    return compacted_dispersion(columns, threshold, probability);
  }
  const double smaller =
      static_cast<double>(std::min(columns.baseline->values.size(), columns.canary->values.size()));
  const Windows windows = common_windows(columns, smaller * std::min(probability, 1 - probability));
  if (windows.axis.slices == 0) return {};
  const auto slices = static_cast<std::size_t>(windows.axis.slices);
  Counts sizes{std::vector<double>(slices, 0.0), std::vector<double>(slices, 0.0)};
  Counts hits = sizes;
  count(*columns.baseline, windows.axis, threshold, sizes.baseline, hits.baseline);
  count(*columns.canary, windows.axis, threshold, sizes.canary, hits.canary);
  return dispersion_of(sizes, hits, joined(sizes, windows.slices_each),
                       joined(hits, windows.slices_each));
}

}  // namespace haldane::analysis
