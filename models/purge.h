// What a purge does to a cache: which objects it concerns, and when.
//
// Purges are remembered, not carried out: an entry knows how many purges there had been when its
// content was fetched, and is checked against those since when it is next asked for. So a purge of
// everything costs nothing, and content that was fetched before a purge and arrives after it is
// found out in the same way.
#pragma once

#include <cstdint>
#include <optional>
#include <span>

#include "sim/base/hash.h"
#include "sim/base/time.h"

namespace haldane::models {

/// A set of objects that are purged together.
struct PurgeTarget {
  enum class Kind : std::uint8_t {
    dataset,  ///< the objects whose hash lies below `threshold`: those of one dataset
    tag,      ///< one of `tags` classes into which another hash divides the catalogue
    key,      ///< a single object
  };
  Kind kind = Kind::dataset;
  std::uint64_t threshold = 0;  ///< of 2^32
  std::uint32_t tag = 0;        ///< below tags
  std::uint32_t tags = 1;
  std::uint32_t key = 0;

  /// The datasets of two purges of equal share are the same objects; a smaller one lies within a
  /// larger one. **Cost** a hash.
  [[nodiscard]] bool contains(std::uint32_t object) const {
    switch (kind) {
      case Kind::dataset:
        return (mix(object + 0x51ed270b9f6c4a8fULL) >> 32) < threshold;
      case Kind::tag:
        return (mix(object + 0xa3c59ac2b7e4d613ULL) >> 32) * tags >> 32 == tag;
      case Kind::key:
        return object == key;
    }
    return false;
  }
};

/// At `at` the objects of the target become invalid, or stale if it is soft.
struct Purge {
  SimTime at;
  PurgeTarget target;
  bool soft = false;
  std::optional<std::uint32_t> site;  ///< absent: all of them
};

/// What purges did to an object: the first one's time, and whether all were soft.
struct Purged {
  SimTime since = SimTime::never();
  bool soft = true;
  [[nodiscard]] bool any() const { return since != SimTime::never(); }
};

/// What `purges` did to `object`, the first format of some content, at `site`.
/// **Domain** ascending. **Cost** O(purges).
[[nodiscard]] inline Purged purged_by(std::span<const Purge> purges, std::uint32_t site,
                                      std::uint32_t object) {
  Purged purged;
  for (const Purge& purge : purges) {
    if ((purge.site && *purge.site != site) || !purge.target.contains(object)) continue;
    if (!purged.any()) purged.since = purge.at;
    purged.soft = purged.soft && purge.soft;
  }
  return purged;
}

}  // namespace haldane::models
