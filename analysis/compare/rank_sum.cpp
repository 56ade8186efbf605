#include "analysis/compare/rank_sum.h"

#include <algorithm>
#include <cmath>
#include <limits>

namespace haldane::analysis {

double RankSum::deviation() const {
  const double n = n_x + n_y;
  return std::sqrt(n_x * n_y / 12 * ((n + 1) - tie_cubes / (n * (n - 1))));
}

RankSum rank_sum(std::span<const double> x, std::span<const double> y, double shift) {
  RankSum sum;
  sum.n_x = static_cast<double>(x.size());
  sum.n_y = static_cast<double>(y.size());
  std::size_t i = 0;
  std::size_t j = 0;
  while (i < x.size()) {
    const double value = x[i] - shift;
    while (j < y.size() && y[j] < value) {
      // A group of y alone: only its ties among themselves count.
      const std::size_t first = j;
      while (j < y.size() && y[j] == y[first]) ++j;
      const double t = static_cast<double>(j - first);
      sum.tie_cubes += t * t * t - t;
    }
    const std::size_t first_x = i;
    const std::size_t first_y = j;
    while (i < x.size() && x[i] - shift == value) ++i;
    while (j < y.size() && y[j] == value) ++j;
    const double in_x = static_cast<double>(i - first_x);
    const double in_y = static_cast<double>(j - first_y);
    sum.wins += in_x * (static_cast<double>(first_y) + 0.5 * in_y);
    const double t = in_x + in_y;
    sum.tie_cubes += t * t * t - t;
  }
  while (j < y.size()) {
    const std::size_t first = j;
    while (j < y.size() && y[j] == y[first]) ++j;
    const double t = static_cast<double>(j - first);
    sum.tie_cubes += t * t * t - t;
  }
  return sum;
}

namespace {

// Number of ways to draw each U: partitions of u into at most n_x parts of at most n_y, by adding
// only, so that no digit is lost.
std::vector<double> count_ways(int n_x, int n_y) {
  const auto range = static_cast<std::size_t>(n_x) * static_cast<std::size_t>(n_y);
  // ways[a] holds the counts for a values of x among the y seen so far.
  std::vector<std::vector<double>> ways(static_cast<std::size_t>(n_x) + 1,
                                        std::vector<double>(range + 1, 0.0));
  for (auto& row : ways) row[0] = 1;
  for (std::size_t b = 1; b <= static_cast<std::size_t>(n_y); ++b) {
    // The largest y is beaten by all a values of x above it: c(u; a, b) = c(u - b; a - 1, b) +
    // c(u; a, b - 1).
    for (std::size_t a = 1; a < ways.size(); ++a) {
      for (std::size_t u = b; u <= a * b; ++u) ways[a][u] += ways[a - 1][u - b];
    }
  }
  return ways.back();
}

}  // namespace

RankSumLaw::RankSumLaw(int n_x, int n_y) : range_(n_x * n_y) {
  const std::vector<double> ways = count_ways(n_x, n_y);
  double total = 0;
  for (const double w : ways) total += w;
  double sum = 0;
  for (int u = 0; u <= range_ / 2; ++u) {
    sum += ways[static_cast<std::size_t>(u)];
    cumulative_.push_back(sum / total);
  }
}

double RankSumLaw::at_most(double u) const {
  const double whole = std::floor(u + 1e-7);
  if (whole < 0) return 0;
  if (whole >= range_) return 1;
  const int k = static_cast<int>(whole);
  if (k <= range_ / 2) return cumulative_[static_cast<std::size_t>(k)];
  // The law is symmetric about half its range.
  return 1 - cumulative_[static_cast<std::size_t>(range_ - k - 1)];
}

double RankSumLaw::at_least(double u) const {
  return at_most(range_ - u);
}

int RankSumLaw::quantile(double probability) const {
  const double wanted = probability - 10 * std::numeric_limits<double>::epsilon();
  const auto found = std::lower_bound(cumulative_.begin(), cumulative_.end(), wanted);
  return static_cast<int>(found - cumulative_.begin());
}

}  // namespace haldane::analysis
