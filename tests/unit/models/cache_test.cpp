// The four eviction policies against miss counts and against plain models of themselves.
#include <algorithm>
#include <list>
#include <random>
#include <vector>

#include <gtest/gtest.h>

#include "models/cache/clock.h"
#include "models/cache/fifo.h"
#include "models/cache/lru.h"
#include "models/cache/no_cache.h"
#include "models/cache/sieve.h"

namespace haldane::models {
namespace {

// A resident list with the newest (or most recently used) in front; slow and obvious.
class PlainLru {
 public:
  explicit PlainLru(std::size_t capacity) : capacity_(capacity) {}
  bool ask(std::uint32_t object) {
    const auto found = std::find(list_.begin(), list_.end(), object);
    const bool hit = found != list_.end();
    if (hit) list_.erase(found);
    if (!hit && list_.size() == capacity_) list_.pop_back();
    list_.push_front(object);
    return hit;
  }

 private:
  std::list<std::uint32_t> list_;
  std::size_t capacity_;
};

class PlainFifo {
 public:
  explicit PlainFifo(std::size_t capacity) : capacity_(capacity) {}
  bool ask(std::uint32_t object) {
    if (std::find(list_.begin(), list_.end(), object) != list_.end()) return true;
    if (list_.size() == capacity_) list_.pop_back();
    list_.push_front(object);
    return false;
  }

 private:
  std::list<std::uint32_t> list_;
  std::size_t capacity_;
};

// CLOCK as "second chance": the marked back goes to the front unmarked.
class PlainClock {
 public:
  explicit PlainClock(std::size_t capacity) : capacity_(capacity) {}
  bool ask(std::uint32_t object) {
    for (auto& [id, marked] : list_) {
      if (id == object) return marked = true;
    }
    if (list_.size() == capacity_) {
      while (list_.back().second) {
        list_.push_front({list_.back().first, false});
        list_.pop_back();
      }
      list_.pop_back();
    }
    list_.push_front({object, false});
    return false;
  }

 private:
  std::list<std::pair<std::uint32_t, bool>> list_;
  std::size_t capacity_;
};

// SIEVE as in the paper's algorithm 1: head is new, the hand walks from tail to head.
class PlainSieve {
 public:
  explicit PlainSieve(std::size_t capacity) : capacity_(capacity) {}
  bool ask(std::uint32_t object) {
    for (auto& [id, visited] : list_) {
      if (id == object) return visited = true;
    }
    if (list_.size() == capacity_) evict();
    list_.push_front({object, false});
    return false;
  }

 private:
  using List = std::list<std::pair<std::uint32_t, bool>>;
  void evict() {
    auto o = hand_set_ ? hand_ : std::prev(list_.end());
    while (o->second) {
      o->second = false;
      o = o == list_.begin() ? std::prev(list_.end()) : std::prev(o);
    }
    hand_set_ = o != list_.begin();
    if (hand_set_) hand_ = std::prev(o);
    list_.erase(o);
  }
  List list_;
  List::iterator hand_;
  bool hand_set_ = false;
  std::size_t capacity_;
};

template <class Cache>
bool ask(Cache& cache, std::uint32_t object) {
  const bool hit = cache.entry(object).resident;
  if (hit) {
    cache.hit(object);
  } else {
    cache.insert(object);
  }
  return hit;
}

template <class Cache, class Plain>
void expect_same_hits() {
  std::mt19937 random(6);
  for (const std::uint32_t capacity : {1U, 2U, 3U, 10U, 40U, 64U}) {
    Cache cache(64, capacity);
    Plain plain(capacity);
    for (int i = 0; i < 20'000; ++i) {
      // Squaring a uniform draw makes some objects popular.
      const double u = static_cast<double>(random()) / 4294967296.0;
      const auto object = static_cast<std::uint32_t>(u * u * 64);
      ASSERT_EQ(ask(cache, object), plain.ask(object))
          << "capacity " << capacity << " request " << i;
      ASSERT_LE(cache.size(), capacity);
    }
  }
}

TEST(LruCache, HitsLikeAListOfResidents) {
  expect_same_hits<LruCache, PlainLru>();
}
TEST(FifoCache, HitsLikeAListOfResidents) {
  expect_same_hits<FifoCache, PlainFifo>();
}
TEST(ClockCache, HitsLikeSecondChanceOnAList) {
  expect_same_hits<ClockCache, PlainClock>();
}
TEST(SieveCache, HitsLikeThePapersAlgorithm) {
  expect_same_hits<SieveCache, PlainSieve>();
}

TEST(NoCache, NeverHoldsAnything) {
  NoCache cache(10, 10);
  cache.insert(3);
  EXPECT_FALSE(cache.entry(3).resident);
  EXPECT_EQ(cache.size(), 0U);
}

}  // namespace
}  // namespace haldane::models
