// Laws of durations (and sizes), sampled by one table look-up from one random word.
//
// Every continuous law becomes the same object: its quantile function as cubic pieces on a grid
// that is geometric in the tail probability, so that the centre and p = 1e-16 are resolved alike. A
// sample costs one load of 32 bytes and three multiply-adds, has no rejection loop (so draw number
// k always uses word number k), and the same bits on any processor. Rejection samplers (ziggurat)
// are as fast but use a varying number of words, which would break the addressing of draws;
// polynomial logarithms serve the exponential law only.
#pragma once

#include <array>
#include <bit>
#include <cstdint>
#include <functional>
#include <memory>
#include <span>
#include <vector>

#include "sim/base/time.h"
#include "sim/random/cubic.h"

namespace haldane::sim {

/// A law on [0, infinity). Cheap to copy (shares its table). **Units** the unit of its parameters
/// throughout: the simulator builds laws in nanoseconds or bytes. **Accuracy** interpolation error
/// below 1e-6 relative to the scale of the law, far below what any run can resolve; tails end at
/// probability 2^-53.
class Distribution {
 public:
  /// The constant 0.
  Distribution() : Distribution(constant(0)) {}

  static Distribution constant(double value);
  static Distribution exponential(double mean);
  static Distribution lognormal(double median, double sigma);
  static Distribution gamma(double mean, double shape);
  static Distribution erlang(double mean, std::uint32_t phases);
  static Distribution hyperexponential(std::span<const double> means,
                                       std::span<const double> weights);
  static Distribution uniform(double low, double high);
  static Distribution weibull(double scale, double shape);
  static Distribution pareto(double scale, double shape);
  /// The empirical law of `samples`: each with equal probability. **Domain** not empty, ascending.
  static Distribution empirical(std::span<const double> samples);

  /// The same law with every value multiplied by `factor` >= 0.
  [[nodiscard]] Distribution scaled(double factor) const;

  /// Expectation, exact for the law as parameterised; infinity where there is none (Pareto with
  /// shape <= 1).
  [[nodiscard]] double mean() const { return mean_; }

  /// One value from one random word. **Cost** 2-3 ns.
  [[nodiscard]] double sample(std::uint64_t word) const {
    if (samples_) [[unlikely]]
      return sample_empirical(word);
    return interpolate(table_, word);
  }

  /// values[i] = sample(words[i]), in SIMD lanes where the processor has them. **Domain** equal
  /// sizes. **Cost** 4 ns each.
  void sample_block(std::span<const std::uint64_t> words, std::span<double> values) const;

  /// sample() rounded to whole nanoseconds, for laws in nanoseconds.
  [[nodiscard]] Duration sample_duration(std::uint64_t word) const {
    return Duration::nanoseconds(static_cast<std::int64_t>(sample(word) + 0.5));
  }

 private:
  static constexpr int cell_bits = 4;  // 16 cells an octave of tail probability
  static constexpr std::uint64_t cells_per_octave = std::uint64_t{1} << cell_bits;
  static constexpr std::uint64_t cells_per_half = 64 * cells_per_octave;
  static constexpr std::uint64_t one_bits = 0x3ff0000000000000ULL;

  // Where in the table a word belongs.
  struct Cell {
    std::uint64_t index;
    double place;
  };
  [[gnu::always_inline]] static Cell cell_of(std::uint64_t word) {
    // The top bit chooses the end, the others are its tail probability in units of 2^-64. As a
    // floating-point number they spell out where to look: exponent and first mantissa bits are
    // octave and cell, the rest is the place in the cell. (Vector units convert, but cannot count
    // zeros everywhere.)
    constexpr std::uint64_t lower_63 = ~std::uint64_t{0} >> 1;
    constexpr int mantissa_bits = 52;
    constexpr std::uint64_t first_cell = std::uint64_t{1023} << cell_bits;
    const auto tail = static_cast<double>(static_cast<std::int64_t>((word & lower_63) | 1));
    const auto bits = std::bit_cast<std::uint64_t>(tail);
    const std::uint64_t fraction = (bits << (12 + cell_bits)) >> 12;
    return {(word >> 63) * cells_per_half + (bits >> (mantissa_bits - cell_bits)) - first_cell,
            std::bit_cast<double>(fraction | one_bits) - 1.0};
  }
  static double interpolate(const Cubic* table, std::uint64_t word) {
    const Cell cell = cell_of(word);
    return table[cell.index].at(cell.place);
  }

  static double end_of(const Cubic& c);

  /// Quantile at tail probability p in (0, 1/2], from the lower or the upper end.
  using Quantile = std::function<double(double p, bool upper)>;

  static Cubic cubic_of(const Quantile& quantile, bool upper, double begin, double end, double y0);
  static Distribution from_quantile(const Quantile& quantile, double mean);
  explicit Distribution(double mean) : mean_(mean) {}
  [[nodiscard]] double sample_empirical(std::uint64_t word) const;

  std::shared_ptr<const std::vector<Cubic>> storage_;
  const Cubic* table_ = nullptr;
  std::shared_ptr<const std::vector<double>> samples_;  // empirical only
  double mean_ = 0;
};

}  // namespace haldane::sim
