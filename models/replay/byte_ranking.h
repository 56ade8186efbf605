// The policies that rank residents, with room in bytes: GDSF and LFU.
#pragma once

#include <cstddef>
#include <cstdint>
#include <set>
#include <tuple>
#include <utility>

#include "models/replay/policy.h"
#include "models/trace/access_trace.h"
#include "sim/base/large_vector.h"

namespace haldane::models {

/// The resident of the lowest rank leaves, of equals the one not asked for longest. The rank is the
/// number of requests since the object came, for GDSF divided by its bytes and added to a clock
/// that rises to the rank of what is evicted. **Domain** Policy is gdsf or lfu. **Cost** 24 bytes
/// an object, 64 a resident; O(log residents). **Source** as gdsf.h and lfu.h.
template <ReplayPolicy Policy>
class ByteRanking {
 public:
  ByteRanking(const AccessTrace& trace, std::uint64_t capacity)
      : sizes_(trace.sizes.data()),
        nodes_(trace.object_count),
        room_(capacity),
        capacity_(capacity) {}

  [[gnu::always_inline]] void prefetch(std::uint32_t object) const {
    __builtin_prefetch(&nodes_[object], 1);
  }
  [[gnu::always_inline]] void prefetch_links(std::uint32_t) const {}

  /// Whether `object` was there; if not, it is now, when it fits in at all.
  bool ask(std::uint32_t object, std::size_t request) {
    Node& node = nodes_[object];
    if (node.requests > 0) {
      // The tree's node is used again, so a hit allocates nothing.
      auto handle = order_.extract({node.rank, node.asked, object});
      ++node.requests;
      rank(node, request);
      handle.value() = {node.rank, node.asked, object};
      order_.insert(std::move(handle));
      return true;
    }
    const std::uint32_t bytes = sizes_[request];
    if (bytes > capacity_) return false;
    while (bytes > room_) evict();
    room_ -= bytes;
    node.bytes = bytes;
    node.requests = 1;
    rank(node, request);
    order_.insert({node.rank, node.asked, object});
    return false;
  }

 private:
  struct Node {
    double rank = 0;
    std::uint64_t asked = 0;
    std::uint32_t bytes = 0;
    std::uint32_t requests = 0;  // 0 = not resident
  };

  void rank(Node& node, std::size_t request) {
    node.asked = request;
    const double requests = node.requests;
    if constexpr (Policy == ReplayPolicy::gdsf) {
      node.rank = clock_ + requests / (node.bytes == 0 ? 1.0 : node.bytes);
    } else {
      node.rank = requests;
    }
  }
  void evict() {
    const auto lowest = order_.begin();
    Node& node = nodes_[std::get<2>(*lowest)];
    clock_ = node.rank;
    room_ += node.bytes;
    node.requests = 0;
    order_.erase(lowest);
  }

  const std::uint32_t* sizes_;
  LargeVector<Node> nodes_;
  std::set<std::tuple<double, std::uint64_t, std::uint32_t>> order_;
  double clock_ = 0;
  std::uint64_t room_;
  std::uint64_t capacity_;
};

}  // namespace haldane::models
