// Caches with room in bytes once more, slow and obvious, as oracles.
#pragma once

#include <algorithm>
#include <cstdint>
#include <iterator>
#include <list>
#include <tuple>
#include <vector>

#include "models/replay/policy.h"
#include "models/replay/replay.h"
#include "models/trace/access_trace.h"

namespace haldane::models::test {

/// A list with the newest in front: LRU, FIFO, CLOCK, SIEVE.
class PlainByteList {
 public:
  PlainByteList(ReplayPolicy policy, std::uint64_t capacity)
      : policy_(policy), capacity_(capacity) {}

  bool ask(std::uint32_t object, std::uint64_t bytes, std::size_t) {
    const auto found = std::find_if(residents_.begin(), residents_.end(),
                                    [&](const Resident& r) { return r.object == object; });
    if (found != residents_.end()) {
      found->marked = true;
      if (policy_ == ReplayPolicy::lru) to_front(found);
      return true;
    }
    if (bytes > capacity_) return false;
    while (used_ + bytes > capacity_) evict();
    used_ += bytes;
    residents_.push_front({object, bytes, false});
    return false;
  }

 private:
  struct Resident {
    std::uint32_t object;
    std::uint64_t bytes;
    bool marked;
  };
  using Place = std::list<Resident>::iterator;

  void to_front(Place place) { residents_.splice(residents_.begin(), residents_, place); }
  void evict() {
    const Place victim = policy_ == ReplayPolicy::sieve ? by_hand() : oldest();
    used_ -= victim->bytes;
    residents_.erase(victim);
  }
  Place oldest() {
    while (policy_ == ReplayPolicy::clock && residents_.back().marked) {
      residents_.back().marked = false;
      to_front(std::prev(residents_.end()));
    }
    return std::prev(residents_.end());
  }
  // From old to new; end() means that the next walk begins at the oldest.
  Place by_hand() {
    Place at = hand_ == residents_.end() ? std::prev(residents_.end()) : hand_;
    while (at->marked) {
      at->marked = false;
      at = std::prev(at == residents_.begin() ? residents_.end() : at);
    }
    hand_ = at == residents_.begin() ? residents_.end() : std::prev(at);
    return at;
  }

  ReplayPolicy policy_;
  std::uint64_t capacity_;
  std::uint64_t used_ = 0;
  std::list<Resident> residents_;
  Place hand_ = residents_.end();
};

/// The resident of the lowest (rank, time of the last request), searched for: GDSF and LFU.
class PlainRanking {
 public:
  PlainRanking(ReplayPolicy policy, std::uint64_t capacity)
      : policy_(policy), capacity_(capacity) {}

  bool ask(std::uint32_t object, std::uint64_t bytes, std::size_t now) {
    const auto found = std::find_if(residents_.begin(), residents_.end(),
                                    [&](const Ranked& r) { return r.object == object; });
    if (found != residents_.end()) {
      ++found->requests;
      set_rank(*found, now);
      return true;
    }
    if (bytes > capacity_) return false;
    while (used_ + bytes > capacity_) evict();
    used_ += bytes;
    residents_.push_back({object, bytes, 0, 1, now});
    set_rank(residents_.back(), now);
    return false;
  }

 private:
  struct Ranked {
    std::uint32_t object;
    std::uint64_t bytes;
    double rank;
    double requests;
    std::size_t asked;
  };

  void set_rank(Ranked& resident, std::size_t now) const {
    resident.asked = now;
    resident.rank = policy_ == ReplayPolicy::lfu
                        ? resident.requests
                        : clock_ + resident.requests / static_cast<double>(resident.bytes);
  }
  void evict() {
    const auto lowest =
        std::min_element(residents_.begin(), residents_.end(), [](const auto& a, const auto& b) {
          return std::tie(a.rank, a.asked) < std::tie(b.rank, b.asked);
        });
    clock_ = lowest->rank;
    used_ -= lowest->bytes;
    residents_.erase(lowest);
  }

  ReplayPolicy policy_;
  std::uint64_t capacity_;
  std::uint64_t used_ = 0;
  double clock_ = 0;
  std::vector<Ranked> residents_;
};

template <class Cache>
MissCounts plain_replay(Cache&& cache, const AccessTrace& trace) {
  MissCounts counts;
  for (std::size_t i = 0; i < trace.objects.size(); ++i) {
    if (cache.ask(trace.objects[i], trace.sizes[i], i)) continue;
    ++counts.misses;
    counts.missed_bytes += trace.sizes[i];
  }
  return counts;
}

}  // namespace haldane::models::test
