// Polynomials of degree three in a table: how laws and popularities are looked up.
#pragma once

#include <cstddef>
#include <cstdint>
#include <cstring>

namespace haldane::sim {

/// One cell of a piecewise cubic function. The four coefficients share half a cache line.
struct Cubic {
  double c0, c1, c2, c3;

  /// **Domain** t in [0, 1], the place in the cell.
  [[nodiscard, gnu::always_inline]] double at(double t) const {
    return ((c3 * t + c2) * t + c1) * t + c0;
  }
};

/// Look-ups made together, four at a time. **Domain** a power of two times four.
inline constexpr std::size_t cubic_block = 64;

/// values[i] = table[cells[i]].at(places[i]) for i < cubic_block, to the bit.
///
/// Compilers load one coefficient of four cells after the other, sixteen loads. Here halves of the
/// four cells are loaded and their coefficients brought together in registers, eight loads; gathers
/// take longer still on processors with microcode against data sampling.
[[gnu::always_inline]] inline void evaluate(const Cubic* table, const std::uint32_t* cells,
                                            const double* places, double* values) {
  using Pair [[gnu::vector_size(16)]] = double;
  using Four [[gnu::vector_size(32)]] = double;
  for (std::size_t i = 0; i < cubic_block; i += 4) {
    Pair low[4];
    Pair high[4];
    for (std::size_t k = 0; k < 4; ++k) {
      std::memcpy(&low[k], &table[cells[i + k]].c0, sizeof low[k]);
      std::memcpy(&high[k], &table[cells[i + k]].c2, sizeof high[k]);
    }
    const Four low_even = __builtin_shufflevector(low[0], low[2], 0, 1, 2, 3);
    const Four low_odd = __builtin_shufflevector(low[1], low[3], 0, 1, 2, 3);
    const Four high_even = __builtin_shufflevector(high[0], high[2], 0, 1, 2, 3);
    const Four high_odd = __builtin_shufflevector(high[1], high[3], 0, 1, 2, 3);
    const Four c0 = __builtin_shufflevector(low_even, low_odd, 0, 4, 2, 6);
    const Four c1 = __builtin_shufflevector(low_even, low_odd, 1, 5, 3, 7);
    const Four c2 = __builtin_shufflevector(high_even, high_odd, 0, 4, 2, 6);
    const Four c3 = __builtin_shufflevector(high_even, high_odd, 1, 5, 3, 7);
    Four t;
    std::memcpy(&t, places + i, sizeof t);
    const Four value = ((c3 * t + c2) * t + c1) * t + c0;
    std::memcpy(values + i, &value, sizeof value);
  }
}

}  // namespace haldane::sim
