// Draws from Zipf's law over any number of ranks, from a table that fits into the caches.
//
// An alias table of a million outcomes is 8 MB indexed at random: one cache miss a draw, and more
// than the whole request costs otherwise. Here only the first 4,096 ranks, which hold about half of
// the mass at usual exponents, have an alias table (32 KB); the ranks above are drawn by inverting
// the integral of x^-a, through a table of cubics (32 KB). Neither grows with the number of ranks,
// so a catalogue of ten million objects is set up in microseconds.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "sim/random/alias_table.h"
#include "sim/random/cubic.h"

namespace haldane::sim {

/// P(k) proportional to (k + 1 + shift)^-exponent over k = 0 ... count - 1: Zipf's law, with a
/// shift the law of Zipf and Mandelbrot; exponent 0 is uniform.
/// **Accuracy** a rank r above 4,096 is drawn with the mass of [r - 1/2, r + 1/2] under x^-a: its
/// probability is off by a (a + 1) / 24 r^2 < 2e-8 of itself; the cubics add less than 1e-7 of it.
/// **Determinism** one word a draw; blocks and single draws give the same ranks.
class ZipfSampler {
 public:
  /// **Domain** count >= 1, exponent and shift >= 0 and finite. **Cost** O(1) for exponents up
  /// to 1.25; above them the law is too steep for the table of cubics, and the alias table covers
  /// all ranks: O(count).
  ZipfSampler(std::uint32_t count, double exponent, double shift = 0);

  [[nodiscard]] std::uint32_t size() const { return count_; }

  /// One rank from one random word. **Cost** 4 ns.
  [[nodiscard]] std::uint32_t sample(std::uint64_t word) const;

  /// ranks[i] = sample(words[i]), in SIMD lanes where the processor has them. **Domain** equal
  /// sizes. **Cost** 3 ns each.
  void sample_block(std::span<const std::uint64_t> words, std::span<std::uint32_t> ranks) const;

 private:
  // What a draw reads, as plain values that a loop keeps in registers.
  struct Tables {
    const std::uint64_t* head;
    const Cubic* tail;
    double head_mass;
    double columns_per_mass;  // head columns / head mass
    double cells_per_mass;    // tail cells / tail mass
    std::int64_t last_column;
    std::int64_t last_cell;
    std::int64_t last_rank;
  };

  // Where a draw looks: both in the head and in the tail, for it decides without branches.
  struct Places {
    std::int64_t column;   // of the head
    std::int64_t coin;     // 32 bits
    std::int64_t is_head;  // all bits or none
    std::int64_t cell;     // of the tail
    double in_cell;
  };
  static Places places_of(const Tables& tables, std::uint64_t word);
  // `entry` is that of the column, `x` the value of the cubic.
  static std::uint32_t rank_at(const Tables& tables, std::int64_t column, std::int64_t coin,
                               std::int64_t is_head, std::uint64_t entry, double x);
  [[nodiscard]] Tables tables() const;
  void tabulate_tail(double exponent, double shift);

  std::uint32_t count_;
  std::uint32_t head_count_;
  AliasTable head_;
  double head_mass_ = 1;
  std::vector<Cubic> tail_;
};

}  // namespace haldane::sim
