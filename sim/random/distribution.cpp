#include "sim/random/distribution.h"

#include <algorithm>
#include <array>
#include <cstring>
#include <limits>
#include <numeric>

#include "sim/base/check.h"
#include "sim/base/math.h"
#include "sim/random/philox.h"
#include "sim/random/quantiles.h"

namespace haldane::sim {
namespace {

double exponential_quantile(double mean, double p, bool upper) {
  if (upper) return -mean * math::log(p);
  // 1 - p keeps no digits of a small p, so -ln(1 - p) comes from its series there.
  if (p < 1e-5) return mean * p * (1 + p * (0.5 + p * (1.0 / 3)));
  return -mean * math::log(1 - p);
}

// P(X > x) of a mixture of exponentials.
double mixture_tail(std::span<const double> means, std::span<const double> weights, double x) {
  double tail = 0;
  for (std::size_t i = 0; i < means.size(); ++i) tail += weights[i] * math::exp(-x / means[i]);
  return tail;
}

// Bisection on the logarithm of x: 80 halvings take the bracket below double resolution.
double mixture_quantile(std::span<const double> means, std::span<const double> weights, double p,
                        bool upper) {
  const double largest = *std::max_element(means.begin(), means.end());
  double low = math::log(largest) - 60;
  double high = math::log(largest) + math::log(60);
  for (int i = 0; i < 80; ++i) {
    const double middle = 0.5 * (low + high);
    const double tail = mixture_tail(means, weights, math::exp(middle));
    const bool too_small = upper ? tail > p : 1 - tail < p;
    (too_small ? low : high) = middle;
  }
  return math::exp(0.5 * (low + high));
}

}  // namespace

double Distribution::end_of(const Cubic& c) {
  return c.c0 + c.c1 + c.c2 + c.c3;
}

// The cubic through the quantiles at t = 0, 1/3, 2/3, 1 of a cell (Newton's forward differences).
// `y0` is that at its beginning.
Cubic Distribution::cubic_of(const Quantile& quantile, bool upper, double begin, double end,
                             double y0) {
  const double width = end - begin;
  const double y1 = quantile(begin + width / 3, upper);
  const double y2 = quantile(begin + width * 2 / 3, upper);
  const double y3 = quantile(end, upper);
  const double d1 = y1 - y0;
  const double d2 = y2 - 2 * y1 + y0;
  const double d3 = y3 - 3 * y2 + 3 * y1 - y0;
  return {y0, 3 * d1 - 1.5 * d2 + d3, 4.5 * d2 - 4.5 * d3, 4.5 * d3};
}

Distribution Distribution::from_quantile(const Quantile& quantile, double mean) {
  std::vector<Cubic> table;
  table.reserve(2 * cells_per_half);
  for (const bool upper : {false, true}) {
    for (std::uint64_t cell = 0; cell < cells_per_half; ++cell) {
      // Tail probabilities are tail * 2^-64 with tail in [1, 2^63]; the last octave holds its
      // largest value only.
      const std::uint64_t octave = cell >> cell_bits;
      if (octave == 63) {
        table.push_back({end_of(table.back()), 0, 0, 0});
        continue;
      }
      const double lowest = std::bit_cast<double>((octave + 1023 - 64) << 52);
      const double step = lowest / static_cast<double>(cells_per_octave);
      const double begin = lowest + step * static_cast<double>(cell % cells_per_octave);
      const double y0 = cell == 0 ? quantile(begin, upper) : end_of(table.back());
      table.push_back(cubic_of(quantile, upper, begin, begin + step, y0));
    }
  }
  Distribution law(mean);
  law.storage_ = std::make_shared<const std::vector<Cubic>>(std::move(table));
  law.table_ = law.storage_->data();
  return law;
}

Distribution Distribution::constant(double value) {
  return from_quantile([value](double, bool) { return value; }, value);
}

Distribution Distribution::exponential(double mean) {
  return from_quantile(
      [mean](double p, bool upper) { return exponential_quantile(mean, p, upper); }, mean);
}

Distribution Distribution::lognormal(double median, double sigma) {
  const auto quantile = [median, sigma](double p, bool upper) {
    const double z = quantiles::normal_upper(p);
    return median * math::exp(upper ? sigma * z : -sigma * z);
  };
  return from_quantile(quantile, median * math::exp(0.5 * sigma * sigma));
}

Distribution Distribution::gamma(double mean, double shape) {
  const double scale = mean / shape;
  const auto quantile = [scale, shape](double p, bool upper) {
    return scale * (upper ? quantiles::gamma_upper(p, shape) : quantiles::gamma_lower(p, shape));
  };
  return from_quantile(quantile, mean);
}

Distribution Distribution::erlang(double mean, std::uint32_t phases) {
  return gamma(mean, static_cast<double>(phases));
}

Distribution Distribution::hyperexponential(std::span<const double> means,
                                            std::span<const double> weights) {
  HALDANE_CHECK(!means.empty() && means.size() == weights.size());
  const double total = std::accumulate(weights.begin(), weights.end(), 0.0);
  std::vector<double> shares(weights.begin(), weights.end());
  for (double& share : shares) share /= total;
  const double mean = std::inner_product(means.begin(), means.end(), shares.begin(), 0.0);
  const auto quantile = [&](double p, bool upper) {
    return mixture_quantile(means, shares, p, upper);
  };
  return from_quantile(quantile, mean);
}

Distribution Distribution::uniform(double low, double high) {
  const auto quantile = [low, high](double p, bool upper) {
    return upper ? high - (high - low) * p : low + (high - low) * p;
  };
  return from_quantile(quantile, 0.5 * (low + high));
}

Distribution Distribution::weibull(double scale, double shape) {
  const auto quantile = [scale, shape](double p, bool upper) {
    return scale * math::pow(exponential_quantile(1, p, upper), 1 / shape);
  };
  return from_quantile(quantile, scale * math::exp(math::log_gamma(1 + 1 / shape)));
}

Distribution Distribution::pareto(double scale, double shape) {
  const auto quantile = [scale, shape](double p, bool upper) {
    return scale * math::exp(exponential_quantile(1, p, upper) / shape);
  };
  const double mean =
      shape > 1 ? scale * shape / (shape - 1) : std::numeric_limits<double>::infinity();
  return from_quantile(quantile, mean);
}

Distribution Distribution::empirical(std::span<const double> samples) {
  HALDANE_CHECK(!samples.empty());
  Distribution law(std::accumulate(samples.begin(), samples.end(), 0.0) /
                   static_cast<double>(samples.size()));
  law.samples_ = std::make_shared<const std::vector<double>>(samples.begin(), samples.end());
  return law;
}

Distribution Distribution::scaled(double factor) const {
  Distribution law(mean_ * factor);
  if (samples_) {
    std::vector<double> samples = *samples_;
    for (double& value : samples) value *= factor;
    law.samples_ = std::make_shared<const std::vector<double>>(std::move(samples));
    return law;
  }
  std::vector<Cubic> table = *storage_;
  for (Cubic& c : table) c = {c.c0 * factor, c.c1 * factor, c.c2 * factor, c.c3 * factor};
  law.storage_ = std::make_shared<const std::vector<Cubic>>(std::move(table));
  law.table_ = law.storage_->data();
  return law;
}

void Distribution::sample_block(std::span<const std::uint64_t> words,
                                std::span<double> values) const {
  HALDANE_DCHECK(words.size() == values.size());
  if (samples_) {
    for (std::size_t i = 0; i < words.size(); ++i) values[i] = sample_empirical(words[i]);
    return;
  }
  alignas(64) std::array<std::uint32_t, cubic_block> cells{};
  alignas(64) std::array<double, cubic_block> places{};
  alignas(64) std::array<double, cubic_block> results;
  while (!words.empty()) {
    const std::size_t count = std::min(words.size(), cubic_block);
    for (std::size_t i = 0; i < count; ++i) {
      const Cell cell = cell_of(words[i]);
      cells[i] = static_cast<std::uint32_t>(cell.index);
      places[i] = cell.place;
    }
    evaluate(table_, cells.data(), places.data(), results.data());
    std::memcpy(values.data(), results.data(), count * sizeof(double));
    words = words.subspan(count);
    values = values.subspan(count);
  }
}

double Distribution::sample_empirical(std::uint64_t word) const {
  return (*samples_)[to_index(word, samples_->size())];
}

}  // namespace haldane::sim
