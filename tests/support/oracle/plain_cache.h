// Eviction policies over lists, in the words of their papers (tests/support/plain_caches.h), chosen
// at run time: slow, and independent of models/cache.
#pragma once

#include <cstdint>
#include <functional>
#include <set>
#include <vector>

#include "models/spec/scenario.h"
#include "tests/support/plain_caches.h"

namespace haldane::test::oracle {

/// One of the nodes of a site, of each run of as many objects as there are nodes it has one.
struct PlainNode {
  std::uint64_t capacity = 0;
  std::uint64_t objects = 0;  ///< that it may be asked for
  std::uint32_t nodes = 1;
};

class PlainCache {
 public:
  /// `bytes` are the sizes of all objects, or nothing where all are alike.
  PlainCache(models::CachePolicy policy, const PlainNode& node,
             const std::vector<std::uint32_t>& bytes);

  [[nodiscard]] bool holds(std::uint32_t object) const { return residents_.count(object) > 0; }
  /// **Domain** holds(object).
  void hit(std::uint32_t object) { ask_(object); }
  /// **Domain** not holds(object).
  void insert(std::uint32_t object);

 private:
  std::function<CacheOutcome(std::uint32_t)> ask_;
  std::set<std::uint32_t> residents_;
};

}  // namespace haldane::test::oracle
