#include "analysis/compare/bootstrap.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <numeric>

#include "analysis/compare/mean.h"
#include "analysis/compare/normal.h"
#include "analysis/compare/sort_values.h"
#include "sim/base/hash.h"

namespace haldane::analysis {
namespace {

constexpr double infinity = std::numeric_limits<double>::infinity();
constexpr std::uint64_t golden_gamma = 0x9e3779b97f4a7c15ULL;  // of SplitMix64

// Numbers from 0 to `below` - 1, addressed by stream and index: SplitMix64 as a counter.
class Draws {
 public:
  Draws(std::uint64_t seed, std::uint64_t stream, std::size_t below)
      : state_(mix(seed) ^ mix(stream + golden_gamma)), below_(below) {}
  std::size_t next() {
    state_ += golden_gamma;
    return static_cast<std::size_t>((mix(state_) >> 32U) * below_ >> 32U);
  }

 private:
  std::uint64_t state_;
  std::uint64_t below_;
};

// Means of resamples of one arm. `stream` makes them independent of another arm's, or the same.
std::vector<double> resampled_means(std::span<const double> values, std::size_t block,
                                    std::size_t resamples, std::uint64_t seed,
                                    std::uint64_t stream) {
  const std::size_t n = values.size();
  // Sums before each index of the values written twice: a block that runs over the end goes on at
  // the beginning.
  std::vector<double> before(2 * n + 1, 0.0);
  for (std::size_t i = 0; i < 2 * n; ++i) before[i + 1] = before[i] + values[i % n];
  std::vector<double> means(resamples);
  for (std::size_t r = 0; r < resamples; ++r) {
    Draws draws(seed, stream * resamples + r, n);
    double sum = 0;
    if (block == 1) {
      for (std::size_t i = 0; i < n; ++i) sum += values[draws.next()];
    } else {
      for (std::size_t done = 0; done < n; done += block) {
        const std::size_t begin = draws.next();
        sum += before[begin + std::min(block, n - done)] - before[begin];
      }
    }
    means[r] = sum / static_cast<double>(n);
  }
  return means;
}

double contrast(double canary, double baseline, bool relative) {
  if (!relative) return canary - baseline;
  return baseline != 0 ? canary / baseline - 1 : infinity;
}

// Sums of powers of what each block of an arm adds to the contrast.
struct Influence {
  double squares = 0;
  double cubes = 0;

  void add(const std::vector<double>& each, std::size_t block) {
    for (std::size_t begin = 0; begin < each.size(); begin += block) {
      const auto end = std::min(each.size(), begin + block);
      const double sum = std::accumulate(each.begin() + static_cast<std::ptrdiff_t>(begin),
                                         each.begin() + static_cast<std::ptrdiff_t>(end), 0.0);
      squares += sum * sum;
      cubes += sum * sum * sum;
    }
  }
};

double acceleration_of(const BootstrapArms& arms) {
  const double mean_b = mean_of(arms.baseline);
  const double mean_c = mean_of(arms.canary);
  // Up to a common factor: canary - slope * baseline, each around its mean.
  const double slope = arms.relative ? mean_c / mean_b : 1;
  std::vector<double> of_b(arms.baseline.size());
  std::vector<double> of_c(arms.canary.size());
  for (std::size_t i = 0; i < of_b.size(); ++i) {
    of_b[i] = -slope * (arms.baseline[i] - mean_b) / static_cast<double>(of_b.size());
  }
  for (std::size_t i = 0; i < of_c.size(); ++i) {
    of_c[i] = (arms.canary[i] - mean_c) / static_cast<double>(of_c.size());
    if (arms.paired) of_c[i] += of_b[i];
  }
  Influence influence;
  influence.add(of_c, arms.block);
  if (!arms.paired) influence.add(of_b, arms.block);
  // A negative baseline turns the direction of a ratio.
  const double direction = arms.relative && mean_b < 0 ? -1 : 1;
  return influence.squares > 0
             ? direction * influence.cubes / (6 * std::pow(influence.squares, 1.5))
             : 0.0;
}

// How much wider than its resamples a contrast scatters: few values or blocks scatter about their
// own mean, and blocks cut neighbours apart (Künsch 1989: a part c / length of the variance, with c
// = 2 phi / (1 - phi^2) for an AR(1)).
double inflation(const BootstrapArms& arms) {
  const double length = static_cast<double>(arms.block);
  const double blocks =
      static_cast<double>(std::min(arms.baseline.size(), arms.canary.size())) / length;
  const double phi = arms.correlation;
  const double hidden = arms.block > 1 ? std::min(0.5, 2 * phi / ((1 - phi * phi) * length)) : 0.0;
  return std::sqrt(blocks / std::max(1.0, blocks - 1) / (1 - hidden));
}

}  // namespace

std::size_t block_length(double correlation, std::size_t n) {
  const double phi = std::clamp(correlation, 0.0, 0.999);
  const double length =
      std::pow(std::sqrt(6.0) * phi / (1 - phi * phi), 2.0 / 3) * std::cbrt(static_cast<double>(n));
  const double most = std::max(1.0, std::floor(static_cast<double>(n) / 4));
  return static_cast<std::size_t>(std::clamp(std::ceil(length), 1.0, most));
}

Bootstrap::Bootstrap(const BootstrapArms& arms, std::size_t resamples, std::uint64_t seed)
    : estimate_(contrast(mean_of(arms.canary), mean_of(arms.baseline), arms.relative)),
      resampled_(resampled_means(arms.canary, arms.block, resamples, seed, 0)),
      acceleration_(acceleration_of(arms)) {
  const std::vector<double> baseline =
      resampled_means(arms.baseline, arms.block, resamples, seed, arms.paired ? 0 : 1);
  const double wider = inflation(arms);
  double below = 0;
  for (std::size_t r = 0; r < resamples; ++r) {
    const double drawn = contrast(resampled_[r], baseline[r], arms.relative);
    below += drawn < estimate_ ? 1 : drawn == estimate_ ? 0.5 : 0;
    resampled_[r] = estimate_ + wider * (drawn - estimate_);
  }
  sort_values(resampled_);
  const double size = static_cast<double>(resamples);
  bias_ = -normal_upper_quantile(std::clamp(below, 0.5, size - 0.5) / size);
}

// The share of resamples below a bound of this error, and back.
double Bootstrap::adjusted(double error) const {
  const double z = bias_ - normal_upper_quantile(error);
  const double scale = 1 - acceleration_ * z;
  return scale > 0 ? normal_below(bias_ + z / scale) : z > 0 ? 1.0 : 0.0;
}

double Bootstrap::unadjusted(double share) const {
  if (!(share > 0)) return 0;
  if (!(share < 1)) return 1;
  const double w = -normal_upper_quantile(share) - bias_;
  const double scale = 1 + acceleration_ * w;
  if (!(scale > 0)) return w > 0 ? 1.0 : 0.0;
  return normal_below(w / scale - bias_);
}

double Bootstrap::low(double error) const {
  const double size = static_cast<double>(resampled_.size());
  const double rank = std::floor(adjusted(error) * (size + 1));
  return rank < 1 ? -infinity : resampled_[static_cast<std::size_t>(std::min(rank, size)) - 1];
}

double Bootstrap::high(double error) const {
  const double size = static_cast<double>(resampled_.size());
  const double rank = std::ceil(adjusted(1 - error) * (size + 1));
  return rank > size ? infinity : resampled_[static_cast<std::size_t>(std::max(rank, 1.0)) - 1];
}

double Bootstrap::p_above(double bound) const {
  const auto upto = std::upper_bound(resampled_.begin(), resampled_.end(), bound);
  const double rank = static_cast<double>(upto - resampled_.begin()) + 1;
  const double size = static_cast<double>(resampled_.size());
  return rank > size ? 1 : unadjusted(rank / (size + 1));
}

double Bootstrap::p_below(double bound) const {
  const auto from = std::lower_bound(resampled_.begin(), resampled_.end(), bound);
  const double rank = static_cast<double>(from - resampled_.begin());
  const double size = static_cast<double>(resampled_.size());
  return rank < 1 ? 1 : 1 - unadjusted(rank / (size + 1));
}

}  // namespace haldane::analysis
