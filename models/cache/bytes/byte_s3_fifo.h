// S3-FIFO with room in bytes.
#pragma once

#include <algorithm>
#include <cstdint>
#include <vector>

#include "models/cache/bytes/byte_order.h"
#include "models/cache/bytes/weighed_lists.h"
#include "sim/base/large_vector.h"

namespace haldane::models {

/// The shares of s3_fifo.h (small queue a tenth, memory nine tenths) are shares of the bytes. The
/// small queue's is a wish, not a limit: an object larger than it may still come in.
/// **Cost** 22 bytes an object; O(1) amortised. **Source** as s3_fifo.h, to whose misses it comes
/// down where every object weighs 1.
class ByteS3Fifo final : public ByteOrder {
 public:
  ByteS3Fifo(std::uint32_t objects, std::uint64_t capacity)
      : capacity_(capacity),
        main_wanted_(capacity - std::max<std::uint64_t>(capacity / 10, 1)),
        ghosts_wanted_(capacity / 10 * 9 + capacity % 10 * 9 / 10),
        lists_(objects),
        uses_(objects) {}

  [[gnu::always_inline]] void prefetch(std::uint32_t object) const {
    lists_.prefetch(object);
    __builtin_prefetch(&uses_[object], 1);
  }
  [[gnu::always_inline]] void prefetch_links(std::uint32_t) const {}

  [[nodiscard]] bool has(std::uint32_t object) const override {
    return lists_.list_of(object) <= main;
  }
  [[nodiscard]] std::uint64_t used() const override {
    return lists_.used(small) + lists_.used(main);
  }
  void hit(std::uint32_t object) override {
    if (uses_[object] < 3) ++uses_[object];
  }

  void insert(std::uint32_t object, ObjectWeight weight,
              std::vector<std::uint32_t>& evicted) override {
    const bool returns = lists_.list_of(object) == ghost;
    if (returns) lists_.leave(object);
    if (weight.room > capacity_) {
      evicted.push_back(object);
      return;
    }
    while (used() + weight.room > capacity_) evict(evicted);
    lists_.weigh(object, weight.room);
    lists_.enter(returns ? main : small, object);
    uses_[object] = 0;
  }

 private:
  enum List : std::uint8_t { small, main, ghost };

  // Looks at one object, which is evicted or spared. Something is resident.
  void evict(std::vector<std::uint32_t>& evicted) {
    if (lists_.used(main) > main_wanted_ || lists_.empty(small)) {
      evict_from_main(evicted);
    } else {
      evict_from_small(evicted);
    }
  }
  void evict_from_small(std::vector<std::uint32_t>& evicted) {
    const std::uint32_t object = lists_.take_last(small);
    if (uses_[object] >= 2) {
      uses_[object] = 0;
      lists_.enter(main, object);
      return;
    }
    remember(object);
    evicted.push_back(object);
  }
  void evict_from_main(std::vector<std::uint32_t>& evicted) {
    const std::uint32_t object = lists_.take_last(main);
    if (uses_[object] == 0) {
      evicted.push_back(object);
      return;
    }
    --uses_[object];
    lists_.enter(main, object);
  }
  void remember(std::uint32_t object) {
    const std::uint64_t room = lists_.room_of(object);
    if (room > ghosts_wanted_) return;
    while (lists_.used(ghost) + room > ghosts_wanted_) lists_.take_last(ghost);
    lists_.enter(ghost, object);
  }

  std::uint64_t capacity_;
  std::uint64_t main_wanted_;
  std::uint64_t ghosts_wanted_;
  WeighedLists<3> lists_;
  LargeVector<std::uint8_t> uses_;
};

}  // namespace haldane::models
