// Which replicas of a cell a balancer gives more requests than others.
#pragma once

#include <cstdint>
#include <vector>

namespace haldane::models {

/// `api.weights`: groups of the baseline's replicas in their order; whoever comes behind the groups
/// weighs 1.
struct ReplicaWeightsSpec {
  struct Group {
    std::uint32_t replicas = 1;
    std::uint32_t weight = 1;
  };
  std::vector<Group> groups;       ///< empty = all alike
  double active_request_bias = 1;  ///< exponent of the requests that a replica has

  /// Of each of so many replicas.
  [[nodiscard]] std::vector<double> weights_of(std::size_t replicas) const {
    std::vector<double> weights;
    for (const Group& group : groups)
      weights.insert(weights.end(), group.replicas, static_cast<double>(group.weight));
    weights.resize(replicas, 1.0);
    return weights;
  }
};

}  // namespace haldane::models
