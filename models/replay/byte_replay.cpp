#include "models/replay/byte_replay.h"

#include <algorithm>
#include <utility>
#include <vector>

#include "models/cache/bytes/byte_arc.h"
#include "models/cache/bytes/byte_list.h"
#include "models/cache/bytes/byte_ranking.h"
#include "models/cache/bytes/byte_s3_fifo.h"
#include "models/cache/bytes/byte_w_tinylfu.h"
#include "models/replay/replay_loop.h"
#include "models/replay/replay_study.h"
#include "sim/base/check.h"

namespace haldane::models {
namespace {

template <class Order>
class CountingBytes {
 public:
  template <class... Arguments>
  explicit CountingBytes(const AccessTrace& trace, Arguments&&... arguments)
      : sizes_(trace.sizes.data()),
        order_(trace.object_count, std::forward<Arguments>(arguments)...) {}

  [[gnu::always_inline]] void prefetch(std::uint32_t object) const { order_.prefetch(object); }
  [[gnu::always_inline]] void prefetch_links(std::uint32_t object) const {
    order_.prefetch_links(object);
  }
  [[gnu::always_inline]] bool ask(std::uint32_t object, std::size_t request) {
    if (order_.has(object)) {
      order_.hit(object);
      return true;
    }
    evicted_.clear();
    order_.insert(object, {sizes_[request], sizes_[request]}, evicted_);
    return false;
  }

 private:
  const std::uint32_t* sizes_;
  Order order_;
  std::vector<std::uint32_t> evicted_;
};

template <class Order, class... Arguments>
MissCounts replay_with(const AccessTrace& trace, Arguments... arguments) {
  CountingBytes<Order> cache(trace, arguments...);
  return replay_loop(trace, cache);
}

// About how many objects fit in.
std::uint64_t places_of(const AccessTrace& trace, std::uint64_t capacity_bytes) {
  const std::uint64_t all = std::max<std::uint64_t>(working_set_bytes(trace, 1), 1);
  if (capacity_bytes >= all) return trace.object_count;
  return static_cast<std::uint64_t>(
      static_cast<double>(capacity_bytes) / static_cast<double>(all) * trace.object_count + 0.5);
}

}  // namespace

MissCounts replay_bytes(const AccessTrace& trace, ReplayPolicy policy,
                        std::uint64_t capacity_bytes) {
  HALDANE_CHECK(capacity_bytes >= 1);
  if (trace.objects.empty()) return {};
  HALDANE_CHECK(trace.has_sizes());
  switch (policy) {
    case ReplayPolicy::lru:
      return replay_with<ByteList<ListPolicy::lru>>(trace, capacity_bytes);
    case ReplayPolicy::fifo:
      return replay_with<ByteList<ListPolicy::fifo>>(trace, capacity_bytes);
    case ReplayPolicy::clock:
      return replay_with<ByteList<ListPolicy::clock>>(trace, capacity_bytes);
    case ReplayPolicy::sieve:
      return replay_with<ByteList<ListPolicy::sieve>>(trace, capacity_bytes);
    case ReplayPolicy::s3_fifo:
      return replay_with<ByteS3Fifo>(trace, capacity_bytes);
    case ReplayPolicy::arc:
      return replay_with<ByteArc>(trace, capacity_bytes);
    case ReplayPolicy::w_tinylfu:
      return replay_with<ByteWTinyLfu>(trace, capacity_bytes, places_of(trace, capacity_bytes));
    case ReplayPolicy::gdsf:
      return replay_with<ByteRanking<RankingPolicy::gdsf>>(trace, capacity_bytes);
    case ReplayPolicy::lfu:
      return replay_with<ByteRanking<RankingPolicy::lfu>>(trace, capacity_bytes);
  }
  return {};
}

}  // namespace haldane::models
