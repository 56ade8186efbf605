// Time windows of two arms: how much their difference scatters beyond independence.
#include <algorithm>
#include <cmath>
#include <limits>

#include "analysis/judge/arms.h"

namespace haldane::analysis {
namespace {

constexpr int windows_max = 30;
constexpr int windows_min = 8;         // fewer tell nothing about a variance
constexpr double events_a_window = 5;  // below that the scatter is dominated by its own noise
constexpr int slices_max = 480;
constexpr double samples_a_slice = 2;
constexpr double buckets_a_slice = 1;

// Time in slices, and wide windows of whole slices.
struct TimeAxis {
  double begin_s = 0;
  double width_s = 0;
  int slices = 0;
  int slices_a_window = 1;

  [[nodiscard]] std::size_t index(double time_s) const {
    const double position = std::floor((time_s - begin_s) / width_s);
    return static_cast<std::size_t>(std::clamp(position, 0.0, slices - 1.0));
  }
};

// Slices over the time that the arms cover; none when there is nothing to cut.
TimeAxis common_axis(const ColumnPair& columns, double events, double rows_a_slice) {
  TimeAxis axis;
  if (!has_times(columns)) return axis;
  const auto range = [](const std::vector<double>& times) {
    const auto [low, high] = std::minmax_element(times.begin(), times.end());
    return std::pair(*low, *high);
  };
  const auto [b_first, b_last] = range(columns.baseline->times_s);
  const auto [c_first, c_last] = range(columns.canary->times_s);
  const double rows =
      static_cast<double>(std::min(columns.baseline->values.size(), columns.canary->values.size()));
  const int windows =
      static_cast<int>(std::clamp<double>(events / events_a_window, 1, windows_max));
  const double slices = std::min<double>(slices_max, rows / rows_a_slice);
  axis.begin_s = std::min(b_first, c_first);
  axis.slices_a_window = std::max(1, static_cast<int>(slices / windows));
  axis.slices = windows * axis.slices_a_window;
  axis.width_s = (std::max(b_last, c_last) - axis.begin_s) / axis.slices;
  if (!(axis.width_s > 0)) axis.slices = 0;
  return axis;
}

// Sums of weight(value) a slice.
template <class Weight>
std::vector<double> slice_sums(const ObservationColumn& column, const TimeAxis& axis,
                               const Weight& weight) {
  std::vector<double> sums(static_cast<std::size_t>(axis.slices), 0.0);
  for (std::size_t i = 0; i < column.values.size(); ++i) {
    sums[axis.index(column.times_s[i])] += weight(column.values[i]);
  }
  return sums;
}

std::vector<double> merged(const std::vector<double>& slices, int slices_a_window) {
  const auto each = static_cast<std::size_t>(slices_a_window);
  std::vector<double> windows(slices.size() / each, 0.0);
  for (std::size_t i = 0; i < slices.size(); ++i) windows[i / each] += slices[i];
  return windows;
}

double one(double /*value*/) {
  return 1;
}
double itself(double value) {
  return value;
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
  // follow their mean, which hides some of their scatter.
  [[nodiscard]] double dispersion_of_series() const {
    const double parts = static_cast<double>(deviations_.size());
    if (parts < windows_min) return dispersion();
    const double tau = autocorrelation_time(deviations_);
    const double doubt = 1 + 2 * std::sqrt(tau / parts);
    return dispersion() * tau * doubt * parts / std::max(1.0, parts - tau);
  }

 private:
  std::vector<double> deviations_;
  double squares_ = 0;
  double variances_ = 0;
  int count_ = 0;
};

std::vector<double> exposure_sums(const ObservationColumn& events,
                                  const ObservationColumn* exposure, const TimeAxis& axis) {
  return exposure == nullptr ? slice_sums(events, axis, one) : slice_sums(*exposure, axis, itself);
}

// Both arms' counts of one kind, in slices or windows of time.
struct Counts {
  std::vector<double> baseline;
  std::vector<double> canary;

  [[nodiscard]] Counts in_windows(const TimeAxis& axis) const {
    return {merged(baseline, axis.slices_a_window), merged(canary, axis.slices_a_window)};
  }
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

// Of the split of `events` between the arms; `ratio` is that of the arms' rates.
Scatter split_scatter(const Counts& events, const Counts& exposure, double ratio) {
  Scatter scatter;
  for (std::size_t w = 0; w < events.baseline.size(); ++w) {
    if (!(exposure.baseline[w] > 0) || !(exposure.canary[w] > 0)) continue;
    const double odds = exposure.canary[w] / exposure.baseline[w] * ratio;
    const double share = odds / (1 + odds);
    const double total = events.baseline[w] + events.canary[w];
    scatter.add(events.canary[w] - share * total, share * (1 - share) * total);
  }
  return scatter;
}

}  // namespace

bool has_times(const ColumnPair& columns) {
  return !columns.baseline->times_s.empty() && !columns.canary->times_s.empty();
}

double sample_dispersion(const ColumnPair& columns, double threshold, double probability) {
  const double smaller =
      static_cast<double>(std::min(columns.baseline->values.size(), columns.canary->values.size()));
  const TimeAxis axis =
      common_axis(columns, smaller * std::min(probability, 1 - probability), samples_a_slice);
  if (axis.slices == 0) return 1;
  const auto at_or_below = [threshold](double v) { return v <= threshold ? 1.0 : 0.0; };
  const Counts sizes{slice_sums(*columns.baseline, axis, one),
                     slice_sums(*columns.canary, axis, one)};
  const Counts hits{slice_sums(*columns.baseline, axis, at_or_below),
                    slice_sums(*columns.canary, axis, at_or_below)};
  return std::max(share_scatter(sizes, hits).dispersion_of_series(),
                  share_scatter(sizes.in_windows(axis), hits.in_windows(axis)).dispersion());
}

double rate_dispersion(const ColumnPair& events, const ColumnPair& exposure) {
  const RateArms totals = rate_arms(events, exposure);
  const double all_events = totals.baseline.events + totals.canary.events;
  const TimeAxis axis = common_axis(events, all_events, buckets_a_slice);
  const bool exposure_timed = exposure.baseline == nullptr || has_times(exposure);
  if (axis.slices == 0 || !exposure_timed) return 1;
  const Counts happened{slice_sums(*events.baseline, axis, itself),
                        slice_sums(*events.canary, axis, itself)};
  const Counts exposed{exposure_sums(*events.baseline, exposure.baseline, axis),
                       exposure_sums(*events.canary, exposure.canary, axis)};
  // Half an event each keeps the expected split inside (0, 1).
  const double ratio = ((totals.canary.events + 0.5) / totals.canary.exposure) /
                       ((totals.baseline.events + 0.5) / totals.baseline.exposure);
  const Scatter slices = split_scatter(happened, exposed, ratio);
  return std::max(
      slices.dispersion_of_series(),
      split_scatter(happened.in_windows(axis), exposed.in_windows(axis), ratio).dispersion());
}

}  // namespace haldane::analysis
