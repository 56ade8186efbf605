#include "analysis/judge/distribution_pictures.h"

#include <algorithm>

#include <fmt/format.h>

#include "analysis/sequential/distribution_band.h"

namespace haldane::analysis {
namespace {

constexpr double band_error = 0.05;
constexpr std::size_t points_max = 400;

std::vector<EcdfPoint> thin(const OrderStatistics& sorted) {
  const double n = static_cast<double>(sorted.size());
  const double band = distribution_band(n, band_error / 2);
  const std::size_t points = std::min(points_max, sorted.size());
  std::vector<EcdfPoint> curve;
  curve.reserve(points);
  for (std::size_t i = 1; i <= points; ++i) {
    // Rounded up, so that the point of a percentile reaches it and is its quantile.
    const std::size_t rank = (sorted.size() * i + points - 1) / points;
    const double probability = static_cast<double>(rank) / n;
    curve.push_back({sorted[rank - 1], probability, std::max(0.0, probability - band),
                     std::min(1.0, probability + band)});
  }
  return curve;
}

// Largest excess of the distribution of `a` over that of `b`: a is smaller there. Thinned points
// are exact points of the distribution of a, and understate it by at most one step elsewhere.
double largest_excess(const std::vector<EcdfPoint>& a, const OrderStatistics& b) {
  double excess = 0;
  for (const EcdfPoint& point : a) {
    const auto not_above = static_cast<double>(b.count_through(point.value));
    const double other = not_above / static_cast<double>(b.size());
    excess = std::max(excess, point.probability - other);
  }
  return excess;
}

void remark_on_order(const std::string& name, const RankedArms& arms, const EcdfPair& pair,
                     std::vector<std::string>& remarks) {
  const double apart =
      distribution_band(static_cast<double>(arms.baseline.size()), band_error / 2) +
      distribution_band(static_cast<double>(arms.canary.size()), band_error / 2);
  const double larger = largest_excess(pair.baseline, arms.canary);
  const double smaller = largest_excess(pair.canary, arms.baseline);
  if (std::max(larger, smaller) <= apart) return;
  remarks.push_back(
      fmt::format("{}: the whole distributions differ at every look (error 5 %): the canary is {} "
                  "by up to {:.3g} in probability, and {} by up to {:.3g}",
                  name, larger >= smaller ? "larger" : "smaller", std::max(larger, smaller),
                  larger >= smaller ? "smaller" : "larger", std::min(larger, smaller)));
}

}  // namespace

EcdfPair draw_distributions(const std::string& name, const RankedArms& at_upper,
                            const RankedArms& at_lower, std::vector<std::string>& remarks) {
  EcdfPair pair{name, thin(at_upper.baseline), thin(at_upper.canary)};
  remark_on_order(name, at_lower, pair, remarks);
  return pair;
}

EcdfPair draw_distributions(const std::string& name, const RankedArms& arms,
                            std::vector<std::string>& remarks) {
  return draw_distributions(name, arms, arms, remarks);
}

}  // namespace haldane::analysis
