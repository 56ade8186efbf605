#include "models/replay/byte_replay.h"

#include "models/replay/byte_list.h"
#include "models/replay/byte_ranking.h"
#include "models/replay/replay_loop.h"
#include "sim/base/check.h"

namespace haldane::models {
namespace {

template <class Cache>
MissCounts replay_with(const AccessTrace& trace, std::uint64_t capacity) {
  Cache cache(trace, capacity);
  return replay_loop(trace, cache);
}

}  // namespace

bool knows_bytes(ReplayPolicy policy) {
  return policy != ReplayPolicy::s3_fifo && policy != ReplayPolicy::arc &&
         policy != ReplayPolicy::w_tinylfu;
}

MissCounts replay_bytes(const AccessTrace& trace, ReplayPolicy policy,
                        std::uint64_t capacity_bytes) {
  HALDANE_CHECK(knows_bytes(policy) && capacity_bytes >= 1);
  if (trace.objects.empty()) return {};
  HALDANE_CHECK(trace.has_sizes());
  switch (policy) {
    case ReplayPolicy::fifo:
      return replay_with<ByteList<ReplayPolicy::fifo>>(trace, capacity_bytes);
    case ReplayPolicy::clock:
      return replay_with<ByteList<ReplayPolicy::clock>>(trace, capacity_bytes);
    case ReplayPolicy::sieve:
      return replay_with<ByteList<ReplayPolicy::sieve>>(trace, capacity_bytes);
    case ReplayPolicy::gdsf:
      return replay_with<ByteRanking<ReplayPolicy::gdsf>>(trace, capacity_bytes);
    case ReplayPolicy::lfu:
      return replay_with<ByteRanking<ReplayPolicy::lfu>>(trace, capacity_bytes);
    default:
      return replay_with<ByteList<ReplayPolicy::lru>>(trace, capacity_bytes);
  }
}

}  // namespace haldane::models
