#include "tests/support/oracle/plain_cache.h"

#include <memory>
#include <utility>

namespace haldane::test::oracle {
namespace {

using models::CachePolicy;

// Requests for each byte, above what was evicted last.
struct RankOfBytes {
  const std::vector<std::uint32_t>* bytes;
  [[nodiscard]] double of(double clock, int requests, std::uint32_t id) const {
    const double size = bytes->empty() ? 1 : (*bytes)[id];
    return clock + requests / size;
  }
};

template <class Plain>
std::function<CacheOutcome(std::uint32_t)> asker(Plain plain) {
  // Lists hold iterators into themselves: they stay where they are.
  auto cache = std::make_shared<Plain>(std::move(plain));
  return [cache](std::uint32_t object) { return cache->ask(object); };
}

std::function<CacheOutcome(std::uint32_t)> asker_of(CachePolicy policy, const PlainNode& node,
                                                    const std::vector<std::uint32_t>& bytes) {
  const std::uint64_t capacity = node.capacity;
  switch (policy) {
    case CachePolicy::lru:
      return asker(PlainLru(capacity));
    case CachePolicy::fifo:
      return asker(PlainFifo(capacity));
    case CachePolicy::clock:
      return asker(PlainClock(capacity));
    case CachePolicy::sieve:
      return asker(PlainSieve(capacity));
    case CachePolicy::s3_fifo:
      return asker(PlainS3Fifo(capacity));
    case CachePolicy::arc:
      return asker(PlainArc(capacity));
    case CachePolicy::w_tinylfu:
      return asker(PlainWTinyLfu(capacity, node.objects, node.nodes));
    case CachePolicy::lfu:
      return asker(PlainLfu(capacity));
    case CachePolicy::gdsf:
      break;
  }
  return asker(PlainRanked<RankOfBytes>(capacity, {&bytes}));
}

}  // namespace

PlainCache::PlainCache(CachePolicy policy, const PlainNode& node,
                       const std::vector<std::uint32_t>& bytes)
    : ask_(asker_of(policy, node, bytes)) {}

void PlainCache::insert(std::uint32_t object) {
  const CacheOutcome outcome = ask_(object);
  residents_.insert(object);
  if (outcome.victim) residents_.erase(*outcome.victim);
}

}  // namespace haldane::test::oracle
