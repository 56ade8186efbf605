// Hashes of what rows hold, whatever their order: to choose some of them so that equal rows of both
// arms share their fate, and to see that all of them are the same.
#pragma once

#include <bit>
#include <cstdint>

namespace haldane::analysis {

/// The finaliser of splitmix64.
[[nodiscard]] inline std::uint64_t mixed(std::uint64_t bits) {
  bits = (bits ^ (bits >> 30U)) * 0xbf58476d1ce4e5b9ULL;
  bits = (bits ^ (bits >> 27U)) * 0x94d049bb133111ebULL;
  return bits ^ (bits >> 31U);
}

/// Whether a row with this key is among one in `one_in`, a power of two: by a hash of the key's
/// bits.
[[nodiscard]] inline bool is_kept(double key, std::uint64_t one_in) {
  return (mixed(std::bit_cast<std::uint64_t>(key)) & (one_in - 1)) == 0;
}

}  // namespace haldane::analysis
