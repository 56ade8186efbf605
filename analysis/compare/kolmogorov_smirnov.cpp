#include "analysis/compare/kolmogorov_smirnov.h"

#include <algorithm>
#include <cmath>
#include <numbers>
#include <vector>

namespace haldane::analysis {
namespace {

constexpr double exact_pairs_below = 10'000;

struct Distances {
  double above = 0;  // of x's distribution over y's
  double below = 0;
  std::vector<char> last;  // exact only: does the k-th smallest value end a group of ties?
};

Distances distances(std::span<const double> x, std::span<const double> y, double scale,
                    double shift, bool keep_groups) {
  Distances d;
  const double n_x = static_cast<double>(x.size());
  const double n_y = static_cast<double>(y.size());
  std::size_t i = 0;
  std::size_t j = 0;
  const auto moved = [&](std::size_t k) { return x[k] * scale - shift; };
  while (i < x.size() || j < y.size()) {
    const bool from_x = j == y.size() || (i < x.size() && moved(i) <= y[j]);
    const double value = from_x ? moved(i) : y[j];
    while (i < x.size() && moved(i) == value) ++i;
    while (j < y.size() && y[j] == value) ++j;
    const double difference = static_cast<double>(i) / n_x - static_cast<double>(j) / n_y;
    d.above = std::max(d.above, difference);
    d.below = std::max(d.below, -difference);
    if (keep_groups) {
      d.last.resize(i + j, 0);
      d.last.back() = 1;
    }
  }
  return d;
}

// P(distance >= observed) given the groups of ties: lattice paths from (0, 0) to (n_x, n_y), each
// equally likely, that leave the band at the end of some group. Probabilities are carried instead
// of counts, and the escaped mass is added up itself: no overflow, and tiny p keep their digits.
double exact_p(const Distances& d, double n_x, double n_y, double distance, bool two_sided) {
  const double bound = (0.5 + std::floor(distance * n_x * n_y - 1e-7)) / (n_x * n_y);
  const auto columns = static_cast<std::size_t>(n_x);
  // mass[u]: probability of u values of x among the first k, without having left the band.
  std::vector<double> mass(columns + 1, 0.0);
  mass[0] = 1;
  double escaped = 0;
  const std::size_t total = d.last.size();
  for (std::size_t k = 1; k <= total; ++k) {
    const double left = static_cast<double>(total - k + 1);
    for (std::size_t u = std::min(columns, k) + 1; u-- > 0;) {
      const double x_seen = static_cast<double>(u);
      const double y_seen = static_cast<double>(k) - x_seen;
      if (y_seen < 0 || y_seen > n_y) {
        mass[u] = 0;
        continue;
      }
      const double stay = mass[u] * std::max(0.0, n_y - (y_seen - 1)) / left;
      const double step = u > 0 ? mass[u - 1] * (n_x - (x_seen - 1)) / left : 0.0;
      mass[u] = (y_seen > 0 ? stay : 0.0) + step;
      if (d.last[k - 1] == 0) continue;
      double apart = x_seen / n_x - y_seen / n_y;
      if (two_sided) apart = std::abs(apart);
      if (!(bound > apart)) {
        escaped += mass[u];
        mass[u] = 0;
      }
    }
  }
  return std::min(1.0, escaped);
}

double limit_p_two_sided(double statistic) {
  if (statistic <= 0) return 1;
  const double square = statistic * statistic;
  if (statistic < 1) {
    const double exponent = -std::numbers::pi * std::numbers::pi / (8 * square);
    return 1 - std::exp(exponent - std::log(statistic)) * std::sqrt(2 * std::numbers::pi);
  }
  double sum = 0;
  double sign = 1;
  for (int k = 1; k < 100; ++k) {
    const double term = 2 * std::exp(-2 * square * k * k);
    sum += sign * term;
    sign = -sign;
    if (term < 1e-20 * sum) break;
  }
  return sum;
}

}  // namespace

KolmogorovSmirnov kolmogorov_smirnov(std::span<const double> x, std::span<const double> y,
                                     Alternative alternative, double scale, double shift) {
  const double n_x = static_cast<double>(x.size());
  const double n_y = static_cast<double>(y.size());
  KolmogorovSmirnov result;
  result.exact = n_x * n_y < exact_pairs_below;
  const bool two_sided = alternative == Alternative::two_sided;
  const Distances d = distances(x, y, scale, shift, result.exact);
  result.distance = two_sided                             ? std::max(d.above, d.below)
                    : alternative == Alternative::greater ? d.above
                                                          : d.below;
  if (result.exact) {
    // With ties the law of one direction is not that of the other, but that of swapped samples. R
    // 4.2 takes the one for both: its p for "less" can be anything, even 6e-15 instead of 1/55.
    result.p_value = alternative == Alternative::less
                         ? exact_p(d, n_y, n_x, result.distance, false)
                         : exact_p(d, n_x, n_y, result.distance, two_sided);
  } else {
    const double size = n_x * n_y / (n_x + n_y);
    result.p_value = two_sided ? limit_p_two_sided(std::sqrt(size) * result.distance)
                               : std::exp(-2 * size * result.distance * result.distance);
  }
  return result;
}

}  // namespace haldane::analysis
