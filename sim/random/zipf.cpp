#include "sim/random/zipf.h"

#include <algorithm>
#include <bit>

#include "sim/base/check.h"
#include "sim/base/math.h"

namespace haldane::sim {
namespace {

constexpr std::uint32_t head_ranks = 4096;
constexpr std::size_t tail_cells = 1024;
constexpr double steepest_exponent = 1.25;

std::uint32_t head_of(std::uint32_t count, double exponent) {
  return exponent > steepest_exponent || count <= 2 * head_ranks ? count : head_ranks;
}

// The integral of x^-a over ranks from `low` on, and its inverse. Written with exp and log so that
// it stays exact as a passes 1.
class PowerIntegral {
 public:
  PowerIntegral(double low, double exponent) : low_(low), slope_(1 - exponent) {}

  [[nodiscard]] double to(double x) const {
    const double scale = math::pow(low_, slope_);
    const double octaves = math::log(x / low_);
    return scale * (is_flat() ? octaves : (math::exp(slope_ * octaves) - 1) / slope_);
  }
  [[nodiscard]] double inverse(double mass) const {
    const double scaled = mass / math::pow(low_, slope_);
    return low_ * math::exp(is_flat() ? scaled : math::log(1 + slope_ * scaled) / slope_);
  }
  /// d inverse / d mass at x.
  [[nodiscard]] double derivative(double x) const { return math::pow(x, 1 - slope_); }

 private:
  [[nodiscard]] bool is_flat() const { return slope_ > -1e-9 && slope_ < 1e-9; }
  double low_;
  double slope_;
};

}  // namespace

ZipfSampler::ZipfSampler(std::uint32_t count, double exponent)
    : count_(count),
      head_count_(head_of(count, exponent)),
      head_(AliasTable::zipf(head_count_, exponent)) {
  HALDANE_CHECK(count >= 1 && exponent >= 0);
  // Draws past the head read the table of cubics even where they then discard it.
  tail_.assign(tail_cells, {});
  if (head_count_ < count_) tabulate_tail(exponent);
}

// A cell holds the cubic Hermite interpolant of (rank - 1/2) as a function of the mass.
void ZipfSampler::tabulate_tail(double exponent) {
  const PowerIntegral integral(head_count_ + 0.5, exponent);
  double head = 0;
  for (std::uint32_t rank = head_count_; rank >= 1; --rank) head += math::pow(rank, -exponent);
  const double tail = integral.to(count_ + 0.5);
  head_mass_ = head / (head + tail);
  const double step = tail / static_cast<double>(tail_cells);
  double x = head_count_ + 0.5;
  for (std::size_t cell = 0; cell < tail_cells; ++cell) {
    const double next = integral.inverse(step * static_cast<double>(cell + 1));
    const double d0 = integral.derivative(x) * step;
    const double d1 = integral.derivative(next) * step;
    const double rise = next - x;
    tail_[cell] = {x - 0.5, d0, 3 * rise - 2 * d0 - d1, d0 + d1 - 2 * rise};
    x = next;
  }
}

ZipfSampler::Tables ZipfSampler::tables() const {
  const double tail_mass = 1 - head_mass_;
  return {head_.entries(),
          tail_.data(),
          head_mass_,
          head_count_ / head_mass_,
          tail_mass > 0 ? static_cast<double>(tail_cells) / tail_mass : 0.0,
          std::int64_t{head_count_} - 1,
          std::int64_t{tail_cells} - 1,
          std::int64_t{count_} - 1};
}

// Without a branch: the head is as likely as the tail, and lanes cannot branch.
inline std::uint32_t ZipfSampler::draw(const Tables& t, std::uint64_t word) {
  constexpr std::uint64_t one_bits = 0x3ff0000000000000ULL;
  const double u = std::bit_cast<double>((word >> 12) | one_bits) - 1.0;

  // Integers of 64 bits and integer selections throughout: what compilers turn into vectors.
  const double place = u * t.columns_per_mass;
  const std::int64_t column = std::min(static_cast<std::int64_t>(place), t.last_column);
  const std::uint64_t entry = t.head[column];
  const auto coin = static_cast<std::int64_t>((place - static_cast<double>(column)) * 0x1p32);
  const auto threshold = static_cast<std::int64_t>(entry >> 32);
  const auto alias = static_cast<std::int64_t>(entry & 0xffffffffU);
  const std::int64_t keeps = -static_cast<std::int64_t>(coin < threshold);
  const std::int64_t in_head = (column & keeps) | (alias & ~keeps);

  const double y = (u - t.head_mass) * t.cells_per_mass;
  const auto whole = static_cast<std::int64_t>(y);
  const std::int64_t cell = std::clamp(whole, std::int64_t{0}, t.last_cell);
  const double f = y - static_cast<double>(cell);
  const Cubic* const c = t.tail + cell;
  const double x = ((c->c3 * f + c->c2) * f + c->c1) * f + c->c0;
  const std::int64_t in_tail = std::min(static_cast<std::int64_t>(x), t.last_rank);

  const std::int64_t is_head = -static_cast<std::int64_t>(u < t.head_mass);
  return static_cast<std::uint32_t>((in_head & is_head) | (in_tail & ~is_head));
}

std::uint32_t ZipfSampler::sample(std::uint64_t word) const {
  return draw(tables(), word);
}

void ZipfSampler::sample_block(std::span<const std::uint64_t> words,
                               std::span<std::uint32_t> ranks) const {
  HALDANE_DCHECK(words.size() == ranks.size());
  const Tables t = tables();
  const std::uint64_t* __restrict const from = words.data();
  std::uint32_t* __restrict const to = ranks.data();
  const std::size_t count = words.size();
  for (std::size_t i = 0; i < count; ++i) to[i] = draw(t, from[i]);
}

}  // namespace haldane::sim
