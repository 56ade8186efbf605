// How often objects were asked for, from fewer counters than there are objects: what W-TinyLFU
// decides by.
#pragma once

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <limits>

#include "sim/base/hash.h"
#include "sim/base/large_vector.h"

namespace haldane::models {

/// A counting Bloom filter: an object has ten counters, shares them with others, and was asked for
/// at most as often as the least of them says. That estimates are too high, the more so the more
/// objects there are for the places of a cache, is part of the policy: with exact counts its miss
/// ratio is up to 0.02 lower (docs/models/edge.md). **Determinism** depends on the calls only.
/// **Cost** 29 bytes a place, at most 4 an object; O(1) with ten random accesses.
/// **Source** size, number of hashes and 32 requests a place between halvings as in libCacheSim,
/// WTinyLFU.c and minimalIncrementCBF.c (an error of 0.001 with as many objects as places).
class RequestSketch {
 public:
  RequestSketch(std::uint32_t objects, std::uint64_t places)
      : counters_(counters_for(objects, std::max<std::uint64_t>(places, 1))),
        requests_an_era_(32 * std::max<std::uint64_t>(places, 1)) {}

  [[nodiscard]] std::uint32_t operator[](std::uint32_t object) const {
    std::uint32_t least = std::numeric_limits<Counter>::max();
    for_each_place(object,
                   [&](std::size_t at) { least = std::min<std::uint32_t>(least, counters_[at]); });
    return least;
  }
  /// One request more.
  void add(std::uint32_t object) {
    bool full = false;
    for_each_place(object, [&](std::size_t at) {
      full |= ++counters_[at] == std::numeric_limits<Counter>::max();
    });
    if (full) [[unlikely]]
      halve();
  }
  /// As add(), of a request that makes counts older: every so many all are halved.
  void add_and_age(std::uint32_t object) {
    add(object);
    if (++requests_ == requests_an_era_) [[unlikely]] {
      requests_ = 0;
      halve();
    }
  }

  [[nodiscard]] std::size_t bytes() const { return counters_.size() * sizeof(Counter); }

 private:
  using Counter = std::uint16_t;
  static constexpr std::uint32_t hashes = 10;

  static std::size_t counters_for(std::uint32_t objects, std::uint64_t places) {
    constexpr double a_place = 14.3776;  // -ln(0.001) / ln(2)^2
    const double wanted = std::ceil(a_place * static_cast<double>(places));
    const double most = 2.0 * std::max(objects, hashes);
    return static_cast<std::size_t>(std::max(std::min(wanted, most), 2.0 * hashes));
  }

  // Two hashes make ten (Kirsch & Mitzenmacher 2006).
  template <class Visit>
  void for_each_place(std::uint32_t object, const Visit& visit) const {
    const std::uint64_t word = mix(object + 0x9e3779b97f4a7c15ULL);
    auto at = static_cast<std::uint32_t>(word);
    const auto step = static_cast<std::uint32_t>(word >> 32);
    for (std::uint32_t i = 0; i < hashes; ++i, at += step)
      visit(static_cast<std::size_t>((std::uint64_t{at} * counters_.size()) >> 32));
  }
  void halve() {
    for (Counter& counter : counters_) counter = static_cast<Counter>(counter / 2);
  }

  LargeVector<Counter> counters_;
  std::uint64_t requests_an_era_;
  std::uint64_t requests_ = 0;
};

}  // namespace haldane::models
