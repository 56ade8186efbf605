// Draws from a fixed discrete law in constant time: which object a request asks for.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "sim/base/large_vector.h"
#include "sim/random/philox.h"

namespace haldane::sim {

/// Walker's alias table over {0, ..., n - 1}. One 8-byte entry an outcome holds both the coin and
/// the alias, so a draw touches one cache line; callers that draw in batches prefetch it.
/// **Accuracy** probabilities to 2^-32 / n.
/// **Source** Walker 1977; construction by Vose 1991.
class AliasTable {
 public:
  /// **Domain** 1 <= weights.size() < 2^32, weights >= 0 and not all 0. **Cost** O(n).
  explicit AliasTable(std::span<const double> weights);

  /// P(k) proportional to (k + 1 + shift)^-exponent: Zipf's law by rank; exponent 0 is uniform.
  static AliasTable zipf(std::uint32_t count, double exponent, double shift = 0);

  [[nodiscard]] std::uint32_t size() const { return static_cast<std::uint32_t>(entries_.size()); }

  /// The raw columns: threshold of keeping the column << 32 | alias.
  [[nodiscard]] const std::uint64_t* entries() const { return entries_.data(); }

  [[gnu::always_inline]] void prefetch(std::uint64_t word) const {
    __builtin_prefetch(&entries_[to_index(word, entries_.size())]);
  }

  /// One outcome from one random word. **Cost** 3-12 ns by table size and prefetching.
  [[nodiscard]] std::uint32_t sample(std::uint64_t word) const {
    const Uint128 product = static_cast<Uint128>(word) * entries_.size();
    const auto column = static_cast<std::uint32_t>(product >> 64);
    const auto coin = static_cast<std::uint32_t>(static_cast<std::uint64_t>(product) >> 32);
    const std::uint64_t entry = entries_[column];
    return coin < static_cast<std::uint32_t>(entry >> 32) ? column
                                                          : static_cast<std::uint32_t>(entry);
  }

 private:
  LargeVector<std::uint64_t> entries_;  // threshold of keeping the column << 32 | alias
};

}  // namespace haldane::sim
