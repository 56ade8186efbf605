// The policies that rank residents, with room in bytes: GDSF and LFU.
#pragma once

#include <cstddef>
#include <cstdint>
#include <set>
#include <tuple>
#include <utility>
#include <vector>

#include "models/cache/bytes/byte_order.h"
#include "sim/base/large_vector.h"

namespace haldane::models {

enum class RankingPolicy : std::uint8_t { gdsf, lfu };

/// The resident of the lowest rank leaves, of equals the one not asked for longest. The rank is the
/// number of requests since the object came, for GDSF divided by its bytes and added to a clock
/// that rises to the rank of what is evicted. **Cost** 32 bytes an object, 64 a resident;
/// O(log residents). **Source** as gdsf.h and lfu.h.
template <RankingPolicy Policy>
class ByteRanking final : public ByteOrder {
 public:
  ByteRanking(std::uint32_t objects, std::uint64_t capacity)
      : nodes_(objects), room_(capacity), capacity_(capacity) {}

  [[gnu::always_inline]] void prefetch(std::uint32_t object) const {
    __builtin_prefetch(&nodes_[object], 1);
  }
  [[gnu::always_inline]] void prefetch_links(std::uint32_t) const {}

  [[nodiscard]] bool has(std::uint32_t object) const override {
    return nodes_[object].requests > 0;
  }
  [[nodiscard]] std::uint64_t used() const override { return capacity_ - room_; }

  void hit(std::uint32_t object) override {
    Node& node = nodes_[object];
    // The tree's node is used again, so a hit allocates nothing.
    auto handle = order_.extract({node.rank, node.asked, object});
    ++node.requests;
    rank(node);
    handle.value() = {node.rank, node.asked, object};
    order_.insert(std::move(handle));
  }

  void insert(std::uint32_t object, ObjectWeight weight,
              std::vector<std::uint32_t>& evicted) override {
    if (weight.room > capacity_) {
      evicted.push_back(object);
      return;
    }
    while (weight.room > room_) evicted.push_back(evict());
    room_ -= weight.room;
    Node& node = nodes_[object];
    node.weight = weight;
    node.requests = 1;
    rank(node);
    order_.insert({node.rank, node.asked, object});
  }

 private:
  struct Node {
    double rank = 0;
    std::uint64_t asked = 0;
    ObjectWeight weight;
    std::uint32_t requests = 0;  // 0 = not resident
  };

  void rank(Node& node) {
    node.asked = now_++;
    const double requests = node.requests;
    if constexpr (Policy == RankingPolicy::gdsf) {
      node.rank = clock_ + requests / (node.weight.bytes == 0 ? 1.0 : node.weight.bytes);
    } else {
      node.rank = requests;
    }
  }
  std::uint32_t evict() {
    const auto lowest = order_.begin();
    const std::uint32_t victim = std::get<2>(*lowest);
    Node& node = nodes_[victim];
    clock_ = node.rank;
    room_ += node.weight.room;
    node.requests = 0;
    order_.erase(lowest);
    return victim;
  }

  LargeVector<Node> nodes_;
  std::set<std::tuple<double, std::uint64_t, std::uint32_t>> order_;
  double clock_ = 0;
  std::uint64_t now_ = 0;
  std::uint64_t room_;
  std::uint64_t capacity_;
};

}  // namespace haldane::models
