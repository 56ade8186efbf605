#include "sim/random/alias_table.h"

#include <numeric>

#include "sim/base/check.h"
#include "sim/base/math.h"

namespace haldane::sim {

AliasTable::AliasTable(std::span<const double> weights) : entries_(weights.size()) {
  HALDANE_CHECK(!weights.empty());
  const double total = std::accumulate(weights.begin(), weights.end(), 0.0);
  HALDANE_CHECK(total > 0);
  const double columns = static_cast<double>(weights.size());
  std::vector<double> mass(weights.begin(), weights.end());
  std::vector<std::uint32_t> small;
  std::vector<std::uint32_t> large;
  for (std::uint32_t i = 0; i < mass.size(); ++i) {
    mass[i] *= columns / total;
    (mass[i] < 1 ? small : large).push_back(i);
  }
  while (!small.empty() && !large.empty()) {
    const std::uint32_t giver = large.back();
    const std::uint32_t taker = small.back();
    small.pop_back();
    entries_[taker] = (static_cast<std::uint64_t>(mass[taker] * 0x1p32) << 32) | giver;
    mass[giver] -= 1 - mass[taker];
    if (mass[giver] < 1) {
      large.pop_back();
      small.push_back(giver);
    }
  }
  // What is left keeps its column; its mass is 1 up to rounding. The alias is itself, so the coin
  // cannot matter.
  for (const auto& rest : {small, large}) {
    for (const std::uint32_t i : rest) entries_[i] = 0xffffffff00000000ULL | i;
  }
}

AliasTable AliasTable::zipf(std::uint32_t count, double exponent, double shift) {
  std::vector<double> weights(count, 1.0);
  if (exponent != 0) {
    for (std::uint32_t k = 0; k < count; ++k) weights[k] = math::pow(k + 1.0 + shift, -exponent);
  }
  return AliasTable(weights);
}

}  // namespace haldane::sim
