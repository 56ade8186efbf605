// The cache of one edge node as a plan wants it, where sizes or admission matter.
#pragma once

#include <cstdint>
#include <vector>

#include "models/cache/bytes/sized_cache.h"
#include "models/plan.h"

namespace haldane::models {

/// Whether a node needs a SizedCache: room in bytes, or rules of admission.
[[nodiscard]] bool needs_sized_cache(const CacheSpec& cache);

/// Empty; sizes are still to be told. **Domain** the plan has an edge; `objects` are those that
/// belong to the node.
[[nodiscard]] SizedCache make_sized_cache(const Plan& plan, std::uint32_t objects);

/// The most popular objects that fill the nodes of a site, the most popular one first. **Cost**
/// O(objects).
[[nodiscard]] std::vector<std::uint32_t> objects_of_warm_site(const Plan& plan);

}  // namespace haldane::models
