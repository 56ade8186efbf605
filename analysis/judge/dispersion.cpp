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

struct TimeAxis {
  double begin_s = 0;
  double width_s = 0;
  int windows = 0;

  [[nodiscard]] std::size_t index(double time_s) const {
    const double position = std::floor((time_s - begin_s) / width_s);
    return static_cast<std::size_t>(std::clamp(position, 0.0, windows - 1.0));
  }
};

// Windows over the time that both arms cover; none when there is nothing to cut.
TimeAxis common_axis(const ColumnPair& columns, double events) {
  TimeAxis axis;
  if (columns.baseline->times_s.empty() || columns.canary->times_s.empty()) return axis;
  const auto range = [](const std::vector<double>& times) {
    const auto [low, high] = std::minmax_element(times.begin(), times.end());
    return std::pair(*low, *high);
  };
  const auto [b_first, b_last] = range(columns.baseline->times_s);
  const auto [c_first, c_last] = range(columns.canary->times_s);
  axis.begin_s = std::min(b_first, c_first);
  axis.windows = static_cast<int>(std::min<double>(windows_max, events / events_a_window));
  axis.width_s = (std::max(b_last, c_last) - axis.begin_s) / std::max(axis.windows, 1);
  if (!(axis.width_s > 0) || axis.windows < windows_min) axis.windows = 0;
  return axis;
}

// Sums of weight(value) a window.
template <class Weight>
std::vector<double> window_sums(const ObservationColumn& column, const TimeAxis& axis,
                                const Weight& weight) {
  std::vector<double> sums(static_cast<std::size_t>(axis.windows), 0.0);
  for (std::size_t i = 0; i < column.values.size(); ++i) {
    sums[axis.index(column.times_s[i])] += weight(column.values[i]);
  }
  return sums;
}

double one(double /*value*/) {
  return 1;
}
double itself(double value) {
  return value;
}

// Pearson's statistic over its degrees of freedom.
class Scatter {
 public:
  void add(double deviation, double variance) {
    if (!(variance > 0)) return;
    sum_ += deviation * deviation / variance;
    ++count_;
  }
  [[nodiscard]] double dispersion() const {
    return count_ < windows_min ? 1.0 : std::max(1.0, sum_ / (count_ - 1));
  }

 private:
  double sum_ = 0;
  int count_ = 0;
};

std::vector<double> exposure_sums(const ObservationColumn& events,
                                  const ObservationColumn* exposure, const TimeAxis& axis) {
  return exposure == nullptr ? window_sums(events, axis, one)
                             : window_sums(*exposure, axis, itself);
}

}  // namespace

double sample_dispersion(const ColumnPair& columns, double threshold, double probability) {
  const double smaller =
      static_cast<double>(std::min(columns.baseline->values.size(), columns.canary->values.size()));
  const TimeAxis axis = common_axis(columns, smaller * std::min(probability, 1 - probability));
  if (axis.windows == 0) return 1;
  const auto at_or_below = [threshold](double v) { return v <= threshold ? 1.0 : 0.0; };
  const std::vector<double> n_b = window_sums(*columns.baseline, axis, one);
  const std::vector<double> n_c = window_sums(*columns.canary, axis, one);
  const std::vector<double> k_b = window_sums(*columns.baseline, axis, at_or_below);
  const std::vector<double> k_c = window_sums(*columns.canary, axis, at_or_below);
  double weight_sum = 0;
  double weighted = 0;
  double n_total = 0;
  double k_total = 0;
  std::vector<double> weight(n_b.size(), 0.0);
  std::vector<double> difference(n_b.size(), 0.0);
  for (std::size_t w = 0; w < n_b.size(); ++w) {
    n_total += n_b[w] + n_c[w];
    k_total += k_b[w] + k_c[w];
    if (n_b[w] == 0 || n_c[w] == 0) continue;
    weight[w] = 1 / (1 / n_b[w] + 1 / n_c[w]);
    difference[w] = k_c[w] / n_c[w] - k_b[w] / n_b[w];
    weight_sum += weight[w];
    weighted += weight[w] * difference[w];
  }
  const double share = k_total / n_total;
  Scatter scatter;
  for (std::size_t w = 0; w < n_b.size(); ++w) {
    if (weight[w] == 0) continue;
    scatter.add(difference[w] - weighted / weight_sum, share * (1 - share) / weight[w]);
  }
  return scatter.dispersion();
}

double rate_dispersion(const ColumnPair& events, const ColumnPair& exposure) {
  const RateArms totals = rate_arms(events, exposure);
  const TimeAxis axis = common_axis(events, totals.baseline.events + totals.canary.events);
  const bool exposure_timed =
      exposure.baseline == nullptr ||
      (!exposure.baseline->times_s.empty() && !exposure.canary->times_s.empty());
  if (axis.windows == 0 || !exposure_timed) return 1;
  const std::vector<double> x_b = window_sums(*events.baseline, axis, itself);
  const std::vector<double> x_c = window_sums(*events.canary, axis, itself);
  const std::vector<double> e_b = exposure_sums(*events.baseline, exposure.baseline, axis);
  const std::vector<double> e_c = exposure_sums(*events.canary, exposure.canary, axis);
  // Half an event each keeps the expected split inside (0, 1).
  const double ratio = ((totals.canary.events + 0.5) / totals.canary.exposure) /
                       ((totals.baseline.events + 0.5) / totals.baseline.exposure);
  Scatter scatter;
  for (std::size_t w = 0; w < x_b.size(); ++w) {
    if (!(e_b[w] > 0) || !(e_c[w] > 0)) continue;
    const double odds = e_c[w] / e_b[w] * ratio;
    const double share = odds / (1 + odds);
    const double total = x_b[w] + x_c[w];
    scatter.add(x_c[w] - share * total, share * (1 - share) * total);
  }
  return scatter.dispersion();
}

}  // namespace haldane::analysis
