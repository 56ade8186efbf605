// Which node of a site a request goes to, where that is more than a fixed hash of its object.
#pragma once

#include <cstdint>
#include <vector>

#include "models/spec/spread_spec.h"
#include "sim/base/time.h"

namespace haldane::models {

/// Nodes 0 to nodes - 1 share the objects of a site, and may become more or fewer. On the ring of
/// `consistent` and `bounded` each node has points by a hash of its number, and an object belongs
/// to the node whose point comes next to the object's own hash: nodes that come or go leave the
/// objects between the others where they are. **Cost** 4 bytes an object; O(objects * log points)
/// when the number of nodes changes.
/// **Source** ring: Karger et al., STOC 1997; bounded loads: Mirrokni, Thorup & Zadimoghaddam, SODA
/// 2018.
class NodeSpread {
 public:
  NodeSpread(const SpreadSpec& spec, std::uint32_t objects, std::uint32_t nodes);

  [[nodiscard]] std::uint32_t nodes() const { return nodes_; }
  void set_nodes(std::uint32_t nodes);

  /// Where a request for `object` goes; counts it as load. `word` decides where chance does.
  /// **Domain** `now` never decreases. **Cost** O(1); bounded: a step a busy point.
  std::uint32_t pick(std::uint32_t object, std::uint64_t word, SimTime now);

  /// The node that an object belongs to, whatever the load. **Domain** not random.
  [[nodiscard]] std::uint32_t owner(std::uint32_t object) const {
    return spec_.kind == SpreadSpec::Kind::hash ? homes_[object] : ring_[homes_[object]].node;
  }

 private:
  struct Point {
    std::uint64_t at = 0;
    std::uint32_t node = 0;
  };
  void place_on_ring();
  std::uint32_t pick_bounded(std::uint32_t object, SimTime now);

  SpreadSpec spec_;
  std::uint32_t nodes_;
  std::vector<Point> ring_;           // ascending
  std::vector<std::uint32_t> homes_;  // [object]: its node, or the point that comes next to it
  std::vector<std::int64_t> loads_;   // [node]: of this window
  std::int64_t load_ = 0;             // of all
  SimTime window_ends_ = SimTime::zero();
};

}  // namespace haldane::models
