#include "sim/random/philox.h"

#include <bit>

#include "sim/base/check.h"

#if defined(__x86_64__)
#include <immintrin.h>
#endif
#if defined(__GNUC__) && !defined(__clang__)
// gcc 12 reports the deliberately undefined operand inside its own intrinsics header (GCC bug
// 105593).
#pragma GCC diagnostic ignored "-Wmaybe-uninitialized"
#endif

namespace haldane::sim {
namespace {

// A vector of 64-bit lanes of which only the low 32 bits count: the widening multiplication ignores
// the high halves of its operands, so the rounds never have to clear them. Compilers do not find
// this form from a scalar loop.
#if defined(__AVX512F__)
constexpr std::size_t lanes = 8;
#elif defined(__AVX2__)
constexpr std::size_t lanes = 4;
#else
constexpr std::size_t lanes = 2;
#endif
using Lanes [[gnu::vector_size(lanes * 8)]] = std::uint64_t;

inline Lanes broadcast(std::uint64_t value) {
  return Lanes{} + value;
}

inline Lanes multiply_low_halves(Lanes a, Lanes b) {
#if defined(__AVX512F__)
  return std::bit_cast<Lanes>(
      _mm512_mul_epu32(std::bit_cast<__m512i>(a), std::bit_cast<__m512i>(b)));
#elif defined(__AVX2__)
  return std::bit_cast<Lanes>(
      _mm256_mul_epu32(std::bit_cast<__m256i>(a), std::bit_cast<__m256i>(b)));
#elif defined(__x86_64__)
  return std::bit_cast<Lanes>(_mm_mul_epu32(std::bit_cast<__m128i>(a), std::bit_cast<__m128i>(b)));
#else
  return (a & 0xffffffffU) * (b & 0xffffffffU);
#endif
}

struct State {
  Lanes c0, c1, c2, c3;
};

inline State apply_rounds(State s, StreamKey key) {
  const Lanes m0 = broadcast(philox::multiplier_0);
  const Lanes m1 = broadcast(philox::multiplier_1);
  std::uint32_t k0 = key.low();
  std::uint32_t k1 = key.high();
  for (int round = 0; round < philox::rounds; ++round) {
    const Lanes p0 = multiply_low_halves(s.c0, m0);
    const Lanes p1 = multiply_low_halves(s.c2, m1);
    s = {(p1 >> 32) ^ s.c1 ^ broadcast(k0), p1, (p0 >> 32) ^ s.c3 ^ broadcast(k1), p0};
    k0 += philox::weyl_0;
    k1 += philox::weyl_1;
  }
  return s;
}

inline Lanes load(const std::uint64_t* from) {
  Lanes value;
  __builtin_memcpy(&value, from, sizeof value);
  return value;
}

inline void store(const State& s, std::uint64_t* first, std::uint64_t* second) {
  const Lanes a = (s.c1 << 32) | (s.c0 & 0xffffffffU);
  const Lanes b = (s.c3 << 32) | (s.c2 & 0xffffffffU);
  __builtin_memcpy(first, &a, sizeof a);
  __builtin_memcpy(second, &b, sizeof b);
}

}  // namespace

void draw_block(StreamKey key, std::uint64_t first_index, std::uint64_t lane,
                std::span<std::uint64_t> first, std::span<std::uint64_t> second) {
  HALDANE_DCHECK(first.size() == second.size() && first.size() % 16 == 0);
  Lanes step{};
  for (std::size_t i = 0; i < lanes; ++i) step[i] = i;
  for (std::size_t base = 0; base < first.size(); base += lanes) {
    const Lanes index = broadcast(first_index + base) + step;
    const State s = apply_rounds({index, index >> 32, broadcast(lane), broadcast(lane >> 32)}, key);
    store(s, &first[base], &second[base]);
  }
}

void draw_each(StreamKey key, std::span<const std::uint64_t> indices,
               std::span<const std::uint64_t> draw_lanes, std::span<std::uint64_t> first,
               std::span<std::uint64_t> second) {
  HALDANE_DCHECK(indices.size() % 8 == 0 && indices.size() == draw_lanes.size());
  HALDANE_DCHECK(indices.size() == first.size() && indices.size() == second.size());
  for (std::size_t base = 0; base < indices.size(); base += lanes) {
    const Lanes index = load(&indices[base]);
    const Lanes lane = load(&draw_lanes[base]);
    const State s = apply_rounds({index, index >> 32, lane, lane >> 32}, key);
    store(s, &first[base], &second[base]);
  }
}

}  // namespace haldane::sim
