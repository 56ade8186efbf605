// Philox4x32-10, the counter-based generator behind every random number of a run.
//
// A draw is a pure function of (key, counter). Keys come from (seed, replication, entity, purpose)
// and counters from the index of what is drawn for, so one more draw somewhere never shifts the
// draws elsewhere, and two variants of a system see the same randomness where they are alike. A
// sequential generator is cheaper by a nanosecond a word and has neither property. Source: Salmon,
// Moraes, Dror & Shaw, "Parallel random numbers: as easy as 1, 2, 3", SC'11; the test checks the
// known answers that the authors publish.
#pragma once

#include <array>
#include <cstdint>
#include <span>

#include "sim/base/hash.h"

namespace haldane::sim {

/// Products of two 64-bit words. __extension__ tells -Wpedantic that the type is meant.
__extension__ using Uint128 = unsigned __int128;

/// What a stream is for. Values are part of every stored digest: append, never renumber.
enum class Purpose : std::uint32_t {
  arrival = 1,
  service = 2,
  job = 3,
  warm_start = 4,
  waiter = 5,
  think = 6,
  object_size = 7,
  modulation = 8,
  excitation = 9,
  session = 10,
  fault = 11,
  job_fate = 45,
  dependency = 430,
  limit = 431,
  pause = 432,
  quota_tier = 441,
  warm_up = 442,
  packet_loss = 443,
  proxies = 444,
  revalidation = 445,
  startup = 446,
  test = 1000,
};

/// 128 random bits.
struct RandomWords {
  std::uint64_t first = 0;
  std::uint64_t second = 0;
};

/// The key of one stream. **Determinism** depends on its four coordinates only.
class StreamKey {
 public:
  constexpr StreamKey() = default;
  constexpr StreamKey(std::uint64_t seed, std::uint64_t replication, std::uint64_t entity,
                      Purpose purpose) {
    std::uint64_t word = mix(seed + 0x9e3779b97f4a7c15ULL);
    word = mix(word ^ (replication * 0xd1342543de82ef95ULL + 1));
    word = mix(word ^ (entity * 0xaf251af3b0f025b5ULL + 2));
    word = mix(word ^ (static_cast<std::uint64_t>(purpose) * 0x2545f4914f6cdd1dULL + 3));
    low_ = static_cast<std::uint32_t>(word);
    high_ = static_cast<std::uint32_t>(word >> 32);
  }
  static constexpr StreamKey raw(std::uint32_t low, std::uint32_t high) {
    StreamKey key;
    key.low_ = low;
    key.high_ = high;
    return key;
  }
  [[nodiscard]] constexpr std::uint32_t low() const { return low_; }
  [[nodiscard]] constexpr std::uint32_t high() const { return high_; }

 private:
  std::uint32_t low_ = 0;
  std::uint32_t high_ = 0;
};

namespace philox {
inline constexpr std::uint32_t multiplier_0 = 0xD2511F53U;
inline constexpr std::uint32_t multiplier_1 = 0xCD9E8D57U;
inline constexpr std::uint32_t weyl_0 = 0x9E3779B9U;
inline constexpr std::uint32_t weyl_1 = 0xBB67AE85U;
inline constexpr int rounds = 10;

/// One block: counter words c0..c3 to four random words.
[[nodiscard]] constexpr std::array<std::uint32_t, 4> block(std::array<std::uint32_t, 4> c,
                                                           StreamKey key) {
  std::uint32_t k0 = key.low();
  std::uint32_t k1 = key.high();
  for (int round = 0; round < rounds; ++round) {
    const std::uint64_t p0 = std::uint64_t{multiplier_0} * c[0];
    const std::uint64_t p1 = std::uint64_t{multiplier_1} * c[2];
    c = {static_cast<std::uint32_t>(p1 >> 32) ^ c[1] ^ k0, static_cast<std::uint32_t>(p1),
         static_cast<std::uint32_t>(p0 >> 32) ^ c[3] ^ k1, static_cast<std::uint32_t>(p0)};
    k0 += weyl_0;
    k1 += weyl_1;
  }
  return c;
}
}  // namespace philox

/// The words of index (`index`, `lane`) of a stream. **Cost** about 7 ns alone, 3 ns where calls
/// overlap.
[[nodiscard]] constexpr RandomWords draw(StreamKey key, std::uint64_t index,
                                         std::uint64_t lane = 0) {
  const auto c =
      philox::block({static_cast<std::uint32_t>(index), static_cast<std::uint32_t>(index >> 32),
                     static_cast<std::uint32_t>(lane), static_cast<std::uint32_t>(lane >> 32)},
                    key);
  return {(std::uint64_t{c[1]} << 32) | c[0], (std::uint64_t{c[3]} << 32) | c[2]};
}

/// The words of indices first_index, first_index + 1, ... of one lane: the same values as draw(),
/// made in SIMD lanes.
/// **Domain** first.size() == second.size(), a multiple of 16. **Cost** about 1 ns a word.
void draw_block(StreamKey key, std::uint64_t first_index, std::uint64_t lane,
                std::span<std::uint64_t> first, std::span<std::uint64_t> second);

/// The words of arbitrary (index, lane) pairs: first[i], second[i] = draw(key, indices[i],
/// lanes[i]), made in SIMD lanes. **Domain** all sizes equal, a multiple of 8. **Cost** about 1.5
/// ns a word.
void draw_each(StreamKey key, std::span<const std::uint64_t> indices,
               std::span<const std::uint64_t> lanes, std::span<std::uint64_t> first,
               std::span<std::uint64_t> second);

/// Uniform on (0, 1), 52 bits, symmetric about 1/2.
[[nodiscard]] constexpr double to_unit(std::uint64_t word) {
  return (static_cast<double>(word >> 12) + 0.5) * 0x1p-52;
}

/// Uniform on {0, ..., bound - 1}; bias below bound / 2^64.
[[nodiscard]] constexpr std::uint64_t to_index(std::uint64_t word, std::uint64_t bound) {
  return static_cast<std::uint64_t>((static_cast<Uint128>(word) * bound) >> 64);
}

/// `probability` as a 32-bit threshold: a 32-bit draw below it is a success. **Domain** [0, 1].
[[nodiscard]] constexpr std::uint64_t to_threshold(double probability) {
  return static_cast<std::uint64_t>(probability * 0x1p32 + 0.5);
}

}  // namespace haldane::sim
