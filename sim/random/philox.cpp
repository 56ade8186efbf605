#include "sim/random/philox.h"

#include "sim/base/check.h"

namespace haldane::sim {
namespace {

constexpr std::size_t lanes = 16;
using Lanes = std::array<std::uint32_t, lanes>;

// One round on 16 counters at once; the fixed trip count lets the compiler keep each array in SIMD
// registers.
inline void round(Lanes& c0, Lanes& c1, Lanes& c2, Lanes& c3, std::uint32_t k0, std::uint32_t k1) {
  for (std::size_t i = 0; i < lanes; ++i) {
    const std::uint64_t p0 = std::uint64_t{philox::multiplier_0} * c0[i];
    const std::uint64_t p1 = std::uint64_t{philox::multiplier_1} * c2[i];
    c0[i] = static_cast<std::uint32_t>(p1 >> 32) ^ c1[i] ^ k0;
    c1[i] = static_cast<std::uint32_t>(p1);
    c2[i] = static_cast<std::uint32_t>(p0 >> 32) ^ c3[i] ^ k1;
    c3[i] = static_cast<std::uint32_t>(p0);
  }
}

}  // namespace

void draw_block(StreamKey key, std::uint64_t first_index, std::uint64_t lane,
                std::span<std::uint64_t> first, std::span<std::uint64_t> second) {
  HALDANE_DCHECK(first.size() == second.size() && first.size() % lanes == 0);
  for (std::size_t base = 0; base < first.size(); base += lanes) {
    Lanes c0;
    Lanes c1;
    Lanes c2;
    Lanes c3;
    for (std::size_t i = 0; i < lanes; ++i) {
      const std::uint64_t index = first_index + base + i;
      c0[i] = static_cast<std::uint32_t>(index);
      c1[i] = static_cast<std::uint32_t>(index >> 32);
      c2[i] = static_cast<std::uint32_t>(lane);
      c3[i] = static_cast<std::uint32_t>(lane >> 32);
    }
    std::uint32_t k0 = key.low();
    std::uint32_t k1 = key.high();
    for (int step = 0; step < philox::rounds; ++step) {
      round(c0, c1, c2, c3, k0, k1);
      k0 += philox::weyl_0;
      k1 += philox::weyl_1;
    }
    for (std::size_t i = 0; i < lanes; ++i) {
      first[base + i] = (std::uint64_t{c1[i]} << 32) | c0[i];
      second[base + i] = (std::uint64_t{c3[i]} << 32) | c2[i];
    }
  }
}

}  // namespace haldane::sim
