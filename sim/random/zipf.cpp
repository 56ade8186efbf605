#include "sim/random/zipf.h"

#include <algorithm>
#include <array>
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

// Spelled out, because compilers would make gathers of it, which take longer (cubic.h).
void look_up(const std::uint64_t* table, const std::array<std::int64_t, cubic_block>& places,
             std::array<std::uint64_t, cubic_block>& entries) {
  for (std::size_t i = 0; i < cubic_block; ++i) {
    std::uint64_t entry = table[places[i]];
    asm("" : "+r"(entry));
    entries[i] = entry;
  }
}

}  // namespace

ZipfSampler::ZipfSampler(std::uint32_t count, double exponent, double shift)
    : count_(count),
      head_count_(head_of(count, exponent)),
      head_(AliasTable::zipf(head_count_, exponent, shift)) {
  HALDANE_CHECK(count >= 1 && exponent >= 0 && shift >= 0);
  // Draws past the head read the table of cubics even where they then discard it.
  tail_.assign(tail_cells, {});
  if (head_count_ < count_) tabulate_tail(exponent, shift);
}

// A cell holds the cubic Hermite interpolant of (rank - 1/2) as a function of the mass.
void ZipfSampler::tabulate_tail(double exponent, double shift) {
  const PowerIntegral integral(head_count_ + 0.5 + shift, exponent);
  double head = 0;
  for (std::uint32_t rank = head_count_; rank >= 1; --rank)
    head += math::pow(rank + shift, -exponent);
  const double tail = integral.to(count_ + 0.5 + shift);
  head_mass_ = head / (head + tail);
  const double step = tail / static_cast<double>(tail_cells);
  double x = head_count_ + 0.5 + shift;
  for (std::size_t cell = 0; cell < tail_cells; ++cell) {
    const double next = integral.inverse(step * static_cast<double>(cell + 1));
    const double d0 = integral.derivative(x) * step;
    const double d1 = integral.derivative(next) * step;
    const double rise = next - x;
    tail_[cell] = {x - 0.5 - shift, d0, 3 * rise - 2 * d0 - d1, d0 + d1 - 2 * rise};
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

// Without a branch: the head is as likely as the tail, and lanes cannot branch. Integers of 64 bits
// and integer selections throughout: what compilers turn into vectors.
[[gnu::always_inline]] inline ZipfSampler::Places ZipfSampler::places_of(const Tables& t,
                                                                         std::uint64_t word) {
  constexpr std::uint64_t one_bits = 0x3ff0000000000000ULL;
  const double u = std::bit_cast<double>((word >> 12) | one_bits) - 1.0;
  const double place = u * t.columns_per_mass;
  const std::int64_t column = std::min(static_cast<std::int64_t>(place), t.last_column);
  const auto coin = static_cast<std::int64_t>((place - static_cast<double>(column)) * 0x1p32);
  const double y = (u - t.head_mass) * t.cells_per_mass;
  const auto whole = static_cast<std::int64_t>(y);
  const std::int64_t cell = std::clamp(whole, std::int64_t{0}, t.last_cell);
  return {column, coin, -static_cast<std::int64_t>(u < t.head_mass), cell,
          y - static_cast<double>(cell)};
}

[[gnu::always_inline]] inline std::uint32_t ZipfSampler::rank_at(const Tables& t,
                                                                 std::int64_t column,
                                                                 std::int64_t coin,
                                                                 std::int64_t is_head,
                                                                 std::uint64_t entry, double x) {
  const auto threshold = static_cast<std::int64_t>(entry >> 32);
  const auto alias = static_cast<std::int64_t>(entry & 0xffffffffU);
  const std::int64_t keeps = -static_cast<std::int64_t>(coin < threshold);
  const std::int64_t in_head = (column & keeps) | (alias & ~keeps);
  const std::int64_t in_tail = std::min(static_cast<std::int64_t>(x), t.last_rank);
  return static_cast<std::uint32_t>((in_head & is_head) | (in_tail & ~is_head));
}

std::uint32_t ZipfSampler::sample(std::uint64_t word) const {
  const Tables t = tables();
  const Places p = places_of(t, word);
  return rank_at(t, p.column, p.coin, p.is_head, t.head[p.column], t.tail[p.cell].at(p.in_cell));
}

// A column a quantity, so that all but the look-ups runs in lanes.
void ZipfSampler::sample_block(std::span<const std::uint64_t> words,
                               std::span<std::uint32_t> ranks) const {
  HALDANE_DCHECK(words.size() == ranks.size());
  const Tables t = tables();
  alignas(64) std::array<std::int64_t, cubic_block> columns{};
  alignas(64) std::array<std::int64_t, cubic_block> coins{};
  alignas(64) std::array<std::int64_t, cubic_block> are_heads{};
  alignas(64) std::array<std::uint32_t, cubic_block> cells{};
  alignas(64) std::array<double, cubic_block> places{};
  alignas(64) std::array<std::uint64_t, cubic_block> entries;
  alignas(64) std::array<double, cubic_block> xs;
  while (!words.empty()) {
    const std::size_t count = std::min(words.size(), cubic_block);
    for (std::size_t i = 0; i < count; ++i) {
      const Places p = places_of(t, words[i]);
      columns[i] = p.column;
      coins[i] = p.coin;
      are_heads[i] = p.is_head;
      cells[i] = static_cast<std::uint32_t>(p.cell);
      places[i] = p.in_cell;
    }
    look_up(t.head, columns, entries);
    evaluate(t.tail, cells.data(), places.data(), xs.data());
    for (std::size_t i = 0; i < count; ++i)
      ranks[i] = rank_at(t, columns[i], coins[i], are_heads[i], entries[i], xs[i]);
    words = words.subspan(count);
    ranks = ranks.subspan(count);
  }
}

}  // namespace haldane::sim
