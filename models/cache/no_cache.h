// No cache at all: `edge: none`, where every request goes to the API.
#pragma once

#include <cstdint>

#include "models/cache/entry.h"

namespace haldane::models {

/// Satisfies the interface of a cache policy; nothing is ever resident.
class NoCache {
 public:
  NoCache(std::uint32_t, std::uint64_t) {}

  [[nodiscard]] CacheEntry& entry(std::uint32_t) {
    absent_ = {};
    return absent_;
  }
  [[nodiscard]] std::uint64_t size() const { return 0; }
  [[gnu::always_inline]] void prefetch(std::uint32_t) const {}
  [[gnu::always_inline]] void prefetch_links(std::uint32_t) const {}
  void hit(std::uint32_t) {}
  std::uint32_t insert(std::uint32_t) { return no_object; }

 private:
  CacheEntry absent_;
};

}  // namespace haldane::models
