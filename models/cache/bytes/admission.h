// Who is let into a cache at all, before the policy decides who must leave for it.
#pragma once

#include <cstdint>
#include <optional>

#include "models/cache/aging_counts.h"

namespace haldane::models {

/// By size and by frequency: an object above a size is never kept, and one that was fetched fewer
/// than `min_uses` times lately is not kept yet. Fetches are counted exactly; every ten a place of
/// the cache all counts are halved. **Cost** 2 bytes an object where fetches count; O(1).
/// **Source** by number of requests: proxy_cache_min_uses of nginx; Maggs & Sitaraman, ACM CCR
/// 45(3), 2015, section 4.1 (cache on second hit), there with Bloom filters that are emptied at
/// times.
class CacheAdmission {
 public:
  struct Rule {
    std::uint64_t max_bytes = ~std::uint64_t{0};
    std::uint32_t min_uses = 1;  ///< up to 255
  };

  CacheAdmission(Rule rule, std::uint32_t objects, std::uint64_t places) : rule_(rule) {
    if (rule.min_uses > 1) fetches_.emplace(objects, 10 * places);
  }

  /// To be asked once a fetch, which it counts.
  [[nodiscard]] bool admits(std::uint32_t object, std::uint64_t bytes) {
    if (bytes > rule_.max_bytes) return false;
    if (!fetches_) return true;
    const std::uint32_t before = (*fetches_)[object];
    fetches_->add(object);
    return before + 1 >= rule_.min_uses;
  }

 private:
  Rule rule_;
  std::optional<AgingCounts> fetches_;
};

}  // namespace haldane::models
