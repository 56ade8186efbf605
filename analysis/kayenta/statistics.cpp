#include "analysis/kayenta/statistics.h"

#include <algorithm>
#include <cmath>
#include <iterator>
#include <limits>

#include "analysis/compare/sort_values.h"

namespace haldane::analysis::kayenta {

double arm_mean(std::span<const double> values) {
  if (values.empty()) return 0;
  const auto n = static_cast<double>(values.size());
  double sum = 0;
  for (const double value : values) sum += value;
  const double mean = sum / n;
  double left_over = 0;
  for (const double value : values) left_over += value - mean;
  return mean + left_over / n;
}

ArmStatistics arm_statistics(std::span<const double> values) {
  ArmStatistics out;
  out.count = static_cast<std::int64_t>(values.size());
  if (values.empty()) return out;
  const auto [least, greatest] = std::minmax_element(values.begin(), values.end());
  out.min = *least;
  out.max = *greatest;
  out.mean = arm_mean(values);
  if (values.size() == 1) return out;
  double squares = 0;
  double sum = 0;
  for (const double value : values) {
    squares += (value - out.mean) * (value - out.mean);
    sum += value - out.mean;
  }
  const auto n = static_cast<double>(values.size());
  out.std = std::sqrt((squares - sum * sum / n) / (n - 1));
  return out;
}

double percentile(std::span<const double> sorted, double percent) {
  if (sorted.empty()) return std::nan("");
  const double position = static_cast<double>(sorted.size() - 1) * (percent / 100);
  const auto below = static_cast<std::size_t>(std::floor(position));
  if (below + 1 >= sorted.size()) return sorted.back();
  const double share = position - std::floor(position);
  return sorted[below] + share * (sorted[below + 1] - sorted[below]);
}

Fences quartile_fences(std::span<const double> sorted, double factor, bool widened) {
  const double first = percentile(sorted, 25);
  const double third = percentile(sorted, 75);
  const double range = third - first;
  Fences fences{first - factor * range, third + factor * range};
  if (widened) {
    fences.low = std::min(percentile(sorted, 1), fences.low);
    fences.high = std::max(percentile(sorted, 99), fences.high);
  }
  return fences;
}

std::vector<double> without_outliers(const std::vector<double>& values, double factor) {
  if (values.empty()) return {};
  std::vector<double> sorted = values;
  sort_values(sorted);
  const Fences fences = quartile_fences(sorted, factor, true);
  std::vector<double> kept;
  std::copy_if(values.begin(), values.end(), std::back_inserter(kept),
               [&](double v) { return !(v > fences.high || v < fences.low); });
  return kept;
}

Fences sigma_fences(std::span<const double> values, double factor) {
  const ArmStatistics arm = arm_statistics(values);
  return {arm.mean - factor * arm.std, arm.mean + factor * arm.std};
}

double cohens_d(std::span<const double> experiment, std::span<const double> control) {
  const ArmStatistics e = arm_statistics(experiment);
  const ArmStatistics c = arm_statistics(control);
  const double n_e = static_cast<double>(e.count) - 1;
  const double n_c = static_cast<double>(c.count) - 1;
  const double pooled = (n_e * e.std * e.std + n_c * c.std * c.std) / (n_e + n_c);
  return pooled > 0 ? (e.mean - c.mean) / std::sqrt(pooled)
                    : std::numeric_limits<double>::quiet_NaN();
}

}  // namespace haldane::analysis::kayenta
