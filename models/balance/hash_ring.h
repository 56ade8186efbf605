// Consistent hashing: replicas own arcs of a ring of hashes, and one that leaves or joins moves its
// own arcs only.
#pragma once

#include <algorithm>
#include <cstdint>
#include <span>
#include <vector>

#include "sim/base/hash.h"

namespace haldane::models {

/// Each replica has as many points as make the ring of `all` replicas at least 1,024 points.
/// **Determinism** depends on the calls only. **Source** Karger et al., STOC 1997; the size is
/// Envoy's minimum_ring_size.
class HashRing {
 public:
  /// **Cost** O(points x log points).
  void build(std::span<const std::uint32_t> replicas, std::uint32_t all) {
    constexpr std::uint32_t least_points = 1'024;
    const std::uint32_t each = (least_points + all - 1) / std::max(1U, all);
    points_.clear();
    for (const std::uint32_t replica : replicas) {
      for (std::uint32_t i = 0; i < each; ++i)
        points_.push_back(
            {mix((std::uint64_t{replica} << 32 | i) + 0x632be59bd9b4e019ULL), replica});
    }
    std::sort(points_.begin(), points_.end(),
              [](const Point& a, const Point& b) { return a.place < b.place; });
  }

  /// Who owns `place`: the first point at or behind it. **Domain** built of at least one replica.
  /// **Cost** O(log points).
  [[nodiscard]] std::uint32_t owner(std::uint64_t place) const {
    const auto point =
        std::lower_bound(points_.begin(), points_.end(), place,
                         [](const Point& p, std::uint64_t at) { return p.place < at; });
    return point == points_.end() ? points_.front().replica : point->replica;
  }

 private:
  struct Point {
    std::uint64_t place;
    std::uint32_t replica;
  };
  std::vector<Point> points_;
};

}  // namespace haldane::models
