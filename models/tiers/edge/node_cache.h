// The cache of one edge node as a plan wants it, where sizes or admission matter.
#pragma once

#include <algorithm>
#include <cstdint>
#include <type_traits>
#include <vector>

#include "models/cache/bytes/sized_cache.h"
#include "models/plan.h"

namespace haldane::models {

/// Whether a node needs a SizedCache: room in bytes, or rules of admission.
[[nodiscard]] bool needs_sized_cache(const CacheSpec& cache);

/// Empty; sizes are still to be told. **Domain** the plan has an edge; `objects` are those that
/// belong to the node.
[[nodiscard]] SizedCache make_sized_cache(const Plan& plan, std::uint32_t objects);
/// Likewise, of other rules than those of the edge's nodes.
[[nodiscard]] SizedCache make_sized_cache(const Plan& plan, const CacheSpec& cache,
                                          std::uint32_t objects);

/// The cache of a node to which `objects` belong, of any policy; without an edge, room for one.
template <class Policy>
[[nodiscard]] Policy make_node_cache(const Plan& plan, std::uint32_t objects) {
  if constexpr (std::is_same_v<Policy, SizedCache>) {
    return make_sized_cache(plan, objects);
  } else {
    const std::uint64_t room = plan.scenario.edge ? plan.scenario.edge->cache.capacity_objects : 1;
    return Policy(objects, std::min<std::uint64_t>(room, objects));
  }
}

/// The most popular objects that fill the nodes of a site, the most popular one first. **Cost**
/// O(objects).
[[nodiscard]] std::vector<std::uint32_t> objects_of_warm_site(const Plan& plan);

}  // namespace haldane::models
