// Mixing of 64-bit words: keys of random streams, placement of objects on nodes, and digests of
// runs.
#pragma once

#include <cstdint>

namespace haldane {

/// A bijection of 64-bit words whose output bits all depend on all input bits.
/// **Source** Steele, Lea & Flood 2014 (SplitMix64), finaliser "variant 13" of Stafford.
[[nodiscard]] constexpr std::uint64_t mix(std::uint64_t x) {
  x = (x ^ (x >> 30)) * 0xbf58476d1ce4e5b9ULL;
  x = (x ^ (x >> 27)) * 0x94d049bb133111ebULL;
  return x ^ (x >> 31);
}

/// An order-dependent hash of a sequence of words. **Cost** one multiplication a word.
class Digest {
 public:
  constexpr void add(std::uint64_t word) {
    state_ = (state_ ^ word) * 0x9e3779b97f4a7c15ULL + (word >> 29);
  }
  [[nodiscard]] constexpr std::uint64_t value() const { return mix(state_); }

 private:
  std::uint64_t state_ = 0x243f6a8885a308d3ULL;
};

}  // namespace haldane
