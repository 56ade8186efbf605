#include "models/replay/replay.h"

#include <algorithm>

#include "models/cache/arc.h"
#include "models/cache/clock.h"
#include "models/cache/fifo.h"
#include "models/cache/gdsf.h"
#include "models/cache/lfu.h"
#include "models/cache/lru.h"
#include "models/cache/s3_fifo.h"
#include "models/cache/sieve.h"
#include "models/cache/w_tinylfu.h"
#include "models/replay/replay_loop.h"
#include "sim/base/check.h"

namespace haldane::models {
namespace {

template <class Policy>
class CountingObjects {
 public:
  CountingObjects(std::uint32_t objects, std::uint64_t capacity) : policy_(objects, capacity) {}

  [[gnu::always_inline]] void prefetch(std::uint32_t object) const { policy_.prefetch(object); }
  [[gnu::always_inline]] void prefetch_links(std::uint32_t object) const {
    policy_.prefetch_links(object);
  }
  [[gnu::always_inline]] bool ask(std::uint32_t object, std::size_t) {
    if (policy_.entry(object).resident) {
      policy_.hit(object);
      return true;
    }
    policy_.insert(object);
    return false;
  }

 private:
  Policy policy_;
};

template <class Policy>
MissCounts replay_with(const AccessTrace& trace, std::uint64_t capacity) {
  // More room than objects changes nothing but memory.
  const std::uint64_t room = std::min<std::uint64_t>(capacity, trace.object_count);
  CountingObjects<Policy> cache(trace.object_count, room);
  return replay_loop(trace, cache);
}

}  // namespace

MissCounts replay(const AccessTrace& trace, ReplayPolicy policy, std::uint64_t capacity) {
  HALDANE_CHECK(capacity >= 1);
  if (trace.objects.empty()) return {};
  switch (policy) {
    case ReplayPolicy::lru:
      return replay_with<LruCache>(trace, capacity);
    case ReplayPolicy::fifo:
      return replay_with<FifoCache>(trace, capacity);
    case ReplayPolicy::clock:
      return replay_with<ClockCache>(trace, capacity);
    case ReplayPolicy::sieve:
      return replay_with<SieveCache>(trace, capacity);
    case ReplayPolicy::s3_fifo:
      return replay_with<S3FifoCache>(trace, capacity);
    case ReplayPolicy::arc:
      return replay_with<ArcCache>(trace, capacity);
    case ReplayPolicy::w_tinylfu:
      return replay_with<WTinyLfuCache>(trace, capacity);
    case ReplayPolicy::gdsf:
      return replay_with<GdsfCache>(trace, capacity);
    case ReplayPolicy::lfu:
      return replay_with<LfuCache>(trace, capacity);
  }
  return {};
}

}  // namespace haldane::models
