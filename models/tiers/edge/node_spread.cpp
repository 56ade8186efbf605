#include "models/tiers/edge/node_spread.h"

#include <algorithm>

#include "sim/base/hash.h"
#include "sim/random/philox.h"

namespace haldane::models {

NodeSpread::NodeSpread(const SpreadSpec& spec, std::uint32_t objects, std::uint32_t nodes)
    : spec_(spec), nodes_(0), homes_(spec.kind == SpreadSpec::Kind::random ? 0 : objects) {
  set_nodes(nodes);
}

void NodeSpread::set_nodes(std::uint32_t nodes) {
  nodes_ = nodes;
  loads_.assign(nodes, 0);
  load_ = 0;
  window_ends_ = SimTime::zero();
  if (spec_.kind == SpreadSpec::Kind::random) return;
  if (spec_.kind != SpreadSpec::Kind::hash) return place_on_ring();
  for (std::uint32_t object = 0; object < homes_.size(); ++object) {
    const std::uint32_t block = object / nodes;
    homes_[object] =
        static_cast<std::uint32_t>((object % nodes + sim::to_index(mix(block), nodes)) % nodes);
  }
}

void NodeSpread::place_on_ring() {
  ring_.clear();
  for (std::uint32_t node = 0; node < nodes_; ++node) {
    for (std::uint32_t point = 0; point < spec_.points; ++point) {
      const std::uint64_t name = (std::uint64_t{node} << 32) | point;
      ring_.push_back({mix(mix(name ^ 0xc2b2ae3d27d4eb4fULL)), node});
    }
  }
  const auto before = [](const Point& a, const Point& b) {
    return a.at < b.at || (a.at == b.at && a.node < b.node);
  };
  std::ranges::sort(ring_, before);
  for (std::uint32_t object = 0; object < homes_.size(); ++object) {
    const Point of_object{mix(object + 0x165667b19e3779f9ULL), 0};
    const auto next = std::ranges::lower_bound(ring_, of_object, before);
    homes_[object] = next == ring_.end() ? 0 : static_cast<std::uint32_t>(next - ring_.begin());
  }
}

std::uint32_t NodeSpread::pick(std::uint32_t object, std::uint64_t word, SimTime now) {
  switch (spec_.kind) {
    case SpreadSpec::Kind::random:
      return static_cast<std::uint32_t>(sim::to_index(word, nodes_));
    case SpreadSpec::Kind::bounded:
      return pick_bounded(object, now);
    case SpreadSpec::Kind::hash:
    case SpreadSpec::Kind::consistent:
      break;
  }
  return owner(object);
}

// A node may have the factor's share of the load with this request, rounded up, so that somebody
// has room.
std::uint32_t NodeSpread::pick_bounded(std::uint32_t object, SimTime now) {
  if (now >= window_ends_) {
    std::ranges::fill(loads_, 0);
    load_ = 0;
    const std::int64_t window = spec_.window.count_ns();
    window_ends_ = SimTime::at_nanoseconds((now.count_ns() / window + 1) * window);
  }
  const double bound = spec_.load_factor * static_cast<double>(load_ + 1) / nodes_;
  std::size_t at = homes_[object];
  while (static_cast<double>(loads_[ring_[at].node]) >= bound)
    at = at + 1 < ring_.size() ? at + 1 : 0;
  const std::uint32_t node = ring_[at].node;
  ++loads_[node];
  ++load_;
  return node;
}

}  // namespace haldane::models
