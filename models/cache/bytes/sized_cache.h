// The cache of an edge node whose room is counted in bytes, or that does not let everybody in.
#pragma once

#include <cstdint>
#include <memory>
#include <utility>
#include <vector>

#include "models/cache/bytes/admission.h"
#include "models/cache/bytes/byte_order.h"
#include "models/cache/entry.h"
#include "sim/base/large_vector.h"

namespace haldane::models {

/// Has the interface of the policies that count objects, around any ByteOrder. After insert() an
/// object need not be resident. **Cost** 12 bytes an object beside the order's; a virtual call an
/// operation.
class SizedCache {
 public:
  /// What room is counted in.
  enum class Unit : bool { objects, bytes };

  SizedCache(std::uint32_t objects, Unit unit, std::unique_ptr<ByteOrder> order,
             CacheAdmission admission)
      : entries_(objects),
        sizes_(objects, 1),
        unit_(unit),
        order_(std::move(order)),
        admission_(std::move(admission)) {}

  void set_size(std::uint32_t object, std::uint32_t bytes) { sizes_[object] = bytes; }

  [[nodiscard]] CacheEntry& entry(std::uint32_t object) { return entries_[object]; }
  /// Room taken, in the unit of the capacity.
  [[nodiscard]] std::uint64_t used() const { return order_->used(); }
  [[gnu::always_inline]] void prefetch(std::uint32_t object) const {
    __builtin_prefetch(&entries_[object], 1);
  }
  [[gnu::always_inline]] void prefetch_links(std::uint32_t) const {}

  /// **Domain** resident.
  void hit(std::uint32_t object) { order_->hit(object); }

  /// A fetched object asks to be let in. **Domain** not resident.
  void insert(std::uint32_t object) {
    if (admission_.admits(object, sizes_[object])) let_in(object);
  }

  /// Past the rules of admission, for objects that were there before the run. **Domain** not
  /// resident.
  void let_in(std::uint32_t object) {
    evicted_.clear();
    const std::uint32_t room = unit_ == Unit::bytes ? sizes_[object] : 1;
    order_->insert(object, {room, sizes_[object]}, evicted_);
    entries_[object].resident = true;
    for (const std::uint32_t victim : evicted_) entries_[victim].resident = false;
  }

 private:
  LargeVector<CacheEntry> entries_;
  LargeVector<std::uint32_t> sizes_;
  Unit unit_;
  std::unique_ptr<ByteOrder> order_;
  CacheAdmission admission_;
  std::vector<std::uint32_t> evicted_;  // scratch
};

}  // namespace haldane::models
