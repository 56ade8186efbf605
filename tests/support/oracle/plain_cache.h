// Eviction policies over a list, in the words of their papers: slow, and independent of
// models/cache.
#pragma once

#include <cstdint>
#include <list>
#include <map>
#include <set>

#include "models/spec/scenario.h"

namespace haldane::test::oracle {

class PlainCache {
 public:
  PlainCache(models::CachePolicy policy, std::uint64_t capacity)
      : policy_(policy), capacity_(capacity), hand_(queue_.end()) {}

  [[nodiscard]] bool holds(std::uint32_t object) const { return place_.count(object) > 0; }
  /// **Domain** holds(object).
  void hit(std::uint32_t object);
  /// **Domain** not holds(object).
  void insert(std::uint32_t object);

 private:
  void evict();
  void evict_second_chance();
  void evict_sieve();
  void drop(std::list<std::uint32_t>::iterator at);

  models::CachePolicy policy_;
  std::uint64_t capacity_;
  std::list<std::uint32_t> queue_;  // first: oldest, or least recently used
  std::map<std::uint32_t, std::list<std::uint32_t>::iterator> place_;
  std::set<std::uint32_t> visited_;
  std::list<std::uint32_t>::iterator hand_;  // SIEVE
};

}  // namespace haldane::test::oracle
