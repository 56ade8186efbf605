// The eviction policies against plain models of themselves, and the memory that they take.
#include <random>
#include <vector>

#include <gtest/gtest.h>

#include "models/cache/aging_counts.h"
#include "models/cache/arc.h"
#include "models/cache/clock.h"
#include "models/cache/fifo.h"
#include "models/cache/gdsf.h"
#include "models/cache/lfu.h"
#include "models/cache/lru.h"
#include "models/cache/no_cache.h"
#include "models/cache/s3_fifo.h"
#include "models/cache/sieve.h"
#include "models/cache/w_tinylfu.h"
#include "tests/support/plain_caches.h"

namespace haldane::models {
namespace {

using test::CacheOutcome;

template <class Cache>
CacheOutcome ask(Cache& cache, std::uint32_t object) {
  if (cache.entry(object).resident) {
    cache.hit(object);
    return {true, {}};
  }
  const std::uint32_t victim = cache.insert(object);
  if (victim == no_object) return {};
  return {false, victim};
}

// A stream in which some objects are popular and which ones drifts: without drift the policies that
// count settle down, and most of their code rests.
class Stream {
 public:
  Stream(std::uint32_t seed, std::uint32_t objects) : random_(seed), objects_(objects) {}
  std::uint32_t next() {
    const double u = static_cast<double>(random_()) / 4294967296.0;
    const auto rank = static_cast<std::uint32_t>(u * u * u * objects_);
    return (rank + ++asked_ / 100) % objects_;
  }

 private:
  std::mt19937 random_;
  std::uint32_t objects_;
  std::uint32_t asked_ = 0;
};

template <class Cache, class Plain>
void expect_same_outcomes(Cache cache, Plain plain, std::uint32_t seed, std::uint32_t objects,
                          std::uint64_t capacity, int requests) {
  Stream stream(seed, objects);
  for (int i = 0; i < requests; ++i) {
    const std::uint32_t object = stream.next();
    cache.prefetch(object);
    cache.prefetch_links(object);
    ASSERT_EQ(ask(cache, object), plain.ask(object))
        << "seed " << seed << " capacity " << capacity << " request " << i;
    ASSERT_TRUE(cache.entry(object).resident);
    ASSERT_LE(cache.size(), capacity);
  }
}

template <class Plain>
Plain plain_of(std::size_t capacity, std::size_t objects) {
  if constexpr (std::is_constructible_v<Plain, std::size_t, std::size_t>) {
    return Plain(capacity, objects);
  } else {
    return Plain(capacity);
  }
}

template <class Cache, class Plain>
void expect_same_outcomes_on_many_streams() {
  std::uint32_t seed = 0;
  for (int round = 0; round < 150; ++round) {
    for (const std::uint32_t capacity : {1U, 2U, 3U, 4U, 7U, 10U, 20U, 40U, 63U, 64U}) {
      expect_same_outcomes(Cache(64, capacity), plain_of<Plain>(capacity, 64), ++seed, 64, capacity,
                           300);
    }
  }
  for (const std::uint32_t capacity : {1U, 3U, 11U, 30U, 100U, 250U}) {
    expect_same_outcomes(Cache(300, capacity), plain_of<Plain>(capacity, 300), ++seed, 300,
                         capacity, 10'000);
  }
}

TEST(LruCache, EvictsLikeAListOfResidents) {
  expect_same_outcomes_on_many_streams<LruCache, test::PlainLru>();
}
TEST(FifoCache, EvictsLikeAListOfResidents) {
  expect_same_outcomes_on_many_streams<FifoCache, test::PlainFifo>();
}
TEST(ClockCache, EvictsLikeSecondChanceOnAList) {
  expect_same_outcomes_on_many_streams<ClockCache, test::PlainClock>();
}
TEST(SieveCache, EvictsLikeThePapersAlgorithm) {
  expect_same_outcomes_on_many_streams<SieveCache, test::PlainSieve>();
}
TEST(S3FifoCache, EvictsLikeThreeLists) {
  expect_same_outcomes_on_many_streams<S3FifoCache, test::PlainS3Fifo>();
}
TEST(ArcCache, EvictsLikeThePapersCases) {
  expect_same_outcomes_on_many_streams<ArcCache, test::PlainArc>();
}
TEST(WTinyLfuCache, EvictsLikeThreeListsAndASketch) {
  expect_same_outcomes_on_many_streams<WTinyLfuCache, test::PlainWTinyLfu>();
}
TEST(LfuCache, EvictsTheLeastNumberOfRequests) {
  expect_same_outcomes_on_many_streams<LfuCache, test::PlainLfu>();
}
TEST(GdsfCache, EvictsTheLeastPriority) {
  expect_same_outcomes_on_many_streams<GdsfCache, test::PlainGdsf>();
}

TEST(GdsfCache, PrefersSmallObjects) {
  using Rank = test::SizedGreedyDualRank;
  for (const std::uint32_t capacity : {1U, 7U, 40U}) {
    GdsfCache cache(64, capacity);
    for (std::uint32_t id = 0; id < 64; ++id) cache.set_size(id, Rank::bytes(id));
    expect_same_outcomes(cache, test::PlainRanked<Rank>(capacity), 5, 64, capacity, 10'000);
  }
}
TEST(GdsfCache, KeepsTheOrderWhenRequestNumbersRunOut) {
  for (const std::uint32_t capacity : {1U, 7U, 40U}) {
    expect_same_outcomes(GdsfCache(64, capacity, 0xffffffffU - 700), test::PlainGdsf(capacity), 6,
                         64, capacity, 2'000);
  }
}

// The era's number has 8 bits: 300 eras of 32 requests.
TEST(AgingCounts, ForgetsAnObjectOfLongAgo) {
  AgingCounts counts(2, 32);
  for (int i = 0; i < 20; ++i) counts.add(0);
  EXPECT_EQ(counts[0], 20U);
  for (int i = 20; i < 32; ++i) counts.add(1);
  EXPECT_EQ(counts[0], 10U);
  for (int i = 0; i < 32 * 4; ++i) counts.add(1);
  for (int i = 0; i < 32 * 300; ++i) {
    ASSERT_EQ(counts[0], 0U);
    counts.add(1);
  }
}

// Bytes for a catalogue of 100,000 objects, of which `capacity` fit in.
template <class Cache>
double bytes_an_object(std::uint64_t capacity) {
  return static_cast<double>(Cache(100'000, capacity).bytes()) / 100'000;
}

TEST(CachePolicies, TakeTheMemoryThatTheirHeadersState) {
  EXPECT_LE(bytes_an_object<FifoCache>(100'000), 12.0);
  EXPECT_LE(bytes_an_object<ClockCache>(100'000), 12.0);
  EXPECT_LE(bytes_an_object<SieveCache>(50'000), 12.0);
  EXPECT_LE(bytes_an_object<SieveCache>(100'000), 13.1);
  EXPECT_LE(bytes_an_object<S3FifoCache>(10'000), 12.0);
  EXPECT_LE(bytes_an_object<S3FifoCache>(50'000), 8 + 6.8);
  EXPECT_LE(bytes_an_object<LruCache>(50'000), 16.1);
  EXPECT_LE(bytes_an_object<ArcCache>(50'000), 16.1);
  EXPECT_LE(bytes_an_object<WTinyLfuCache>(10'000), 16 + 2.9);
  EXPECT_LE(bytes_an_object<WTinyLfuCache>(100'000), 20.1);
  EXPECT_LE(bytes_an_object<LfuCache>(50'000), 20.1);
  EXPECT_LE(bytes_an_object<GdsfCache>(10'000), 17.7);
  EXPECT_LE(bytes_an_object<GdsfCache>(50'000), 24.1);
}

TEST(NoCache, NeverHoldsAnything) {
  NoCache cache(10, 10);
  cache.insert(3);
  EXPECT_FALSE(cache.entry(3).resident);
  EXPECT_EQ(cache.size(), 0U);
}

}  // namespace
}  // namespace haldane::models
