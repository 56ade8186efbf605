// What a cache knows of one object, beside its place in the eviction order.
//
// Objects have dense ids, so a cache is an array indexed by object: a hit costs one cache line, and
// no hash. Expiry is kept in 32-bit ticks to make an entry 8 bytes; it is checked at look-up, never
// by timers.
#pragma once

#include <cstdint>

namespace haldane::models {

/// Expiry, version and `refreshing` are the site's; the rest belongs to the eviction policy, also
/// while the object is not resident. **Units** expiry in ticks of the site's TickClock.
struct CacheEntry {
  static constexpr std::uint32_t never = 0xffffffffU;
  /// A version that no site reaches: the copy is out of date by a job's result.
  static constexpr std::uint16_t written_over = 0xffffU;

  std::uint32_t expiry = 0;   ///< fresh while now < expiry
  std::uint16_t version = 0;  ///< purges seen when the content was fetched
  bool resident = false;
  bool marked : 1 = false;      ///< reference bit of CLOCK, visited bit of SIEVE
  bool refreshing : 1 = false;  ///< a background fetch is under way
  std::uint8_t list : 2 = 0;    ///< which of the policy's queues the object is in
  std::uint8_t uses : 2 = 0;    ///< S3-FIFO: requests seen, up to 3
  std::uint8_t holes : 2 = 0;   ///< S3-FIFO: places in the ghost queue that the object has left
};
static_assert(sizeof(CacheEntry) == 8);

/// A policy that weighs the sizes of objects; it is told them before the first request.
template <class Policy>
concept WeighsSizes = requires(Policy policy) { policy.set_size(0U, 1U); };

/// "No object was evicted."
inline constexpr std::uint32_t no_object = 0xffffffffU;

}  // namespace haldane::models
