// How often each object was asked for lately, exactly.
#pragma once

#include <algorithm>
#include <cstdint>

#include "sim/base/large_vector.h"

namespace haldane::models {

/// How often each object was asked for, recent requests counting more: every so many requests all
/// counts are halved. Halving is put off: each count remembers the era in which it was last
/// touched.
/// **Cost** 2 bytes an object; O(1), once in 128 eras O(objects). Counts saturate at 255.
class AgingCounts {
 public:
  AgingCounts(std::uint32_t objects, std::uint64_t requests_an_era)
      : counts_(objects), requests_an_era_(requests_an_era) {}

  [[nodiscard]] std::uint32_t operator[](std::uint32_t object) const {
    const Count& c = counts_[object];
    const std::uint32_t eras = static_cast<std::uint8_t>(era_ - c.era);
    return eras < 8 ? std::uint32_t{c.value} >> eras : 0;
  }
  [[gnu::always_inline]] void prefetch(std::uint32_t object) const {
    __builtin_prefetch(&counts_[object], 1);
  }
  [[nodiscard]] std::size_t bytes() const { return counts_.size() * sizeof(Count); }

  void add(std::uint32_t object) {
    const std::uint32_t value = std::min((*this)[object] + 1, 255U);
    counts_[object] = {static_cast<std::uint8_t>(value), era_};
    if (++requests_ == requests_an_era_) [[unlikely]]
      begin_era();
  }

 private:
  struct Count {
    std::uint8_t value = 0;
    std::uint8_t era = 0;
  };

  void begin_era() {
    requests_ = 0;
    ++era_;
    if (era_ % 128 != 0) return;
    // Before an era's number comes round again.
    for (std::uint32_t object = 0; object < counts_.size(); ++object) {
      counts_[object] = {static_cast<std::uint8_t>((*this)[object]), era_};
    }
  }

  LargeVector<Count> counts_;
  std::uint64_t requests_an_era_;
  std::uint64_t requests_ = 0;
  std::uint8_t era_ = 0;
};

}  // namespace haldane::models
