// A choice of rows by what they hold, so that it does not depend on their order and equal rows of
// both arms share their fate.
#pragma once

#include <bit>
#include <cstdint>

namespace haldane::analysis {

/// Whether a row with this key is among one in `one_in`, a power of two: a hash of the key's bits
/// (the finaliser of splitmix64).
[[nodiscard]] inline bool is_kept(double key, std::uint64_t one_in) {
  std::uint64_t bits = std::bit_cast<std::uint64_t>(key);
  bits = (bits ^ (bits >> 30U)) * 0xbf58476d1ce4e5b9ULL;
  bits = (bits ^ (bits >> 27U)) * 0x94d049bb133111ebULL;
  return ((bits ^ (bits >> 31U)) & (one_in - 1)) == 0;
}

}  // namespace haldane::analysis
