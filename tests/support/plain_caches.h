// The eviction policies once more, slow and obvious, as oracles: lists that are searched and
// rebuilt, numbers that are compared one by one.
#pragma once

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <list>
#include <map>
#include <optional>
#include <utility>
#include <vector>

#include "sim/base/hash.h"

namespace haldane::test {

struct CacheOutcome {
  bool hit = false;
  std::optional<std::uint32_t> victim;
  friend bool operator==(const CacheOutcome&, const CacheOutcome&) = default;
};

// A list of residents with the newest in front.
class PlainList {
 public:
  [[nodiscard]] std::size_t size() const { return ids_.size(); }
  [[nodiscard]] bool holds(std::uint32_t id) const {
    return std::find(ids_.begin(), ids_.end(), id) != ids_.end();
  }
  [[nodiscard]] std::uint32_t last() const { return ids_.back(); }
  void push(std::uint32_t id) { ids_.push_front(id); }
  void erase(std::uint32_t id) { ids_.remove(id); }
  std::uint32_t pop() {
    const std::uint32_t id = ids_.back();
    ids_.pop_back();
    return id;
  }
  void refresh(std::uint32_t id) {
    erase(id);
    push(id);
  }

 private:
  std::list<std::uint32_t> ids_;
};

class PlainLru {
 public:
  explicit PlainLru(std::size_t capacity) : capacity_(capacity) {}
  CacheOutcome ask(std::uint32_t id) {
    CacheOutcome out{list_.holds(id), {}};
    list_.erase(id);
    if (list_.size() == capacity_) out.victim = list_.pop();
    list_.push(id);
    return out;
  }

 private:
  PlainList list_;
  std::size_t capacity_;
};

class PlainFifo {
 public:
  explicit PlainFifo(std::size_t capacity) : capacity_(capacity) {}
  CacheOutcome ask(std::uint32_t id) {
    if (list_.holds(id)) return {true, {}};
    CacheOutcome out;
    if (list_.size() == capacity_) out.victim = list_.pop();
    list_.push(id);
    return out;
  }

 private:
  PlainList list_;
  std::size_t capacity_;
};

// CLOCK as "second chance": the marked last goes to the front unmarked.
class PlainClock {
 public:
  explicit PlainClock(std::size_t capacity) : capacity_(capacity) {}
  CacheOutcome ask(std::uint32_t id) {
    if (list_.holds(id)) {
      marked_[id] = true;
      return {true, {}};
    }
    CacheOutcome out;
    if (list_.size() == capacity_) {
      while (marked_[list_.last()]) {
        marked_[list_.last()] = false;
        list_.push(list_.pop());
      }
      out.victim = list_.pop();
    }
    list_.push(id);
    return out;
  }

 private:
  PlainList list_;
  std::map<std::uint32_t, bool> marked_;
  std::size_t capacity_;
};

// SIEVE as in the paper's algorithm 1: head is new, the hand walks from tail to head.
class PlainSieve {
 public:
  explicit PlainSieve(std::size_t capacity) : capacity_(capacity) {}
  CacheOutcome ask(std::uint32_t object) {
    for (auto& [id, visited] : list_) {
      if (id == object) {
        visited = true;
        return {true, {}};
      }
    }
    CacheOutcome out;
    if (list_.size() == capacity_) out.victim = evict();
    list_.push_front({object, false});
    return out;
  }

 private:
  using List = std::list<std::pair<std::uint32_t, bool>>;
  std::uint32_t evict() {
    auto o = hand_set_ ? hand_ : std::prev(list_.end());
    while (o->second) {
      o->second = false;
      o = o == list_.begin() ? std::prev(list_.end()) : std::prev(o);
    }
    hand_set_ = o != list_.begin();
    if (hand_set_) hand_ = std::prev(o);
    const std::uint32_t victim = o->first;
    list_.erase(o);
    return victim;
  }
  List list_;
  List::iterator hand_;
  bool hand_set_ = false;
  std::size_t capacity_;
};

class PlainS3Fifo {
 public:
  explicit PlainS3Fifo(std::size_t capacity)
      : capacity_(capacity),
        main_wanted_(capacity - std::max<std::size_t>(capacity / 10, 1)),
        ghosts_wanted_(capacity * 9 / 10) {}
  CacheOutcome ask(std::uint32_t id) {
    if (small_.holds(id) || main_.holds(id)) {
      ++uses_[id];
      return {true, {}};
    }
    CacheOutcome out;
    const bool ghost = ghosts_.holds(id);
    ghosts_.erase(id);
    while (small_.size() + main_.size() == capacity_) out.victim = evict();
    (ghost ? main_ : small_).push(id);
    uses_[id] = 0;
    return out;
  }

 private:
  std::optional<std::uint32_t> evict() {
    if (main_.size() > main_wanted_ || small_.size() == 0) {
      const std::uint32_t id = main_.pop();
      if (uses_[id] == 0) return id;
      uses_[id] = std::min(uses_[id], 3) - 1;
      main_.push(id);
      return {};
    }
    const std::uint32_t id = small_.pop();
    if (uses_[id] < 2) {
      ghosts_.push(id);
      if (ghosts_.size() > ghosts_wanted_) ghosts_.pop();
      return id;
    }
    uses_[id] = 0;
    main_.push(id);
    return {};
  }
  PlainList small_;
  PlainList main_;
  PlainList ghosts_;
  std::map<std::uint32_t, int> uses_;
  std::size_t capacity_;
  std::size_t main_wanted_;
  std::size_t ghosts_wanted_;
};

// ARC, case by case as in the paper's figure 4.
class PlainArc {
 public:
  explicit PlainArc(std::size_t capacity) : c_(capacity) {}
  CacheOutcome ask(std::uint32_t x) {
    CacheOutcome out;
    if (t1_.holds(x) || t2_.holds(x)) {
      t1_.erase(x);
      t2_.refresh(x);
      out.hit = true;
    } else if (b1_.holds(x)) {
      p_ = std::min(p_ + std::max(ratio(b2_, b1_), 1.0), static_cast<double>(c_));
      b1_.erase(x);
      out.victim = replace(false);
      t2_.push(x);
    } else if (b2_.holds(x)) {
      p_ = std::max(p_ - std::max(ratio(b1_, b2_), 1.0), 0.0);
      b2_.erase(x);
      out.victim = replace(true);
      t2_.push(x);
    } else {
      out.victim = make_room();
      t1_.push(x);
    }
    return out;
  }

 private:
  static double ratio(const PlainList& a, const PlainList& b) {
    return static_cast<double>(a.size()) / static_cast<double>(b.size());
  }
  std::optional<std::uint32_t> make_room() {
    if (t1_.size() + b1_.size() == c_) {
      if (t1_.size() == c_) return t1_.pop();
      b1_.pop();
      return replace(false);
    }
    const std::size_t all = t1_.size() + t2_.size() + b1_.size() + b2_.size();
    if (all < c_) return {};
    if (all == 2 * c_) b2_.pop();
    return replace(false);
  }
  std::uint32_t replace(bool in_b2) {
    const auto once = static_cast<double>(t1_.size());
    const bool first = t1_.size() > 0 && (once > p_ || (in_b2 && once == p_));
    PlainList& from = first || t2_.size() == 0 ? t1_ : t2_;
    const std::uint32_t victim = from.pop();
    (&from == &t1_ ? b1_ : b2_).push(victim);
    return victim;
  }
  std::size_t c_;
  double p_ = 0;
  PlainList t1_;
  PlainList t2_;
  PlainList b1_;
  PlainList b2_;
};

// A counting Bloom filter by the book: ten counters an object.
class PlainSketch {
 public:
  /// Of objects whose numbers, divided by `divisor`, are hashed.
  PlainSketch(std::size_t objects, std::size_t places, std::uint32_t divisor = 1)
      : divisor_(divisor),
        counters_(std::max<std::size_t>(
            20, std::min(static_cast<std::size_t>(std::ceil(14.3776 * static_cast<double>(places))),
                         2 * std::max<std::size_t>(objects, 10)))) {}
  [[nodiscard]] int estimate(std::uint32_t id) const {
    int least = 65'535;
    for (const std::size_t at : counters_of(id)) least = std::min(least, counters_[at]);
    return least;
  }
  void add(std::uint32_t id) {
    for (const std::size_t at : counters_of(id)) ++counters_[at];
  }
  void halve() {
    for (int& counter : counters_) counter /= 2;
  }

 private:
  [[nodiscard]] std::vector<std::size_t> counters_of(std::uint32_t id) const {
    const std::uint64_t word = mix(id / divisor_ + 0x9e3779b97f4a7c15ULL);
    std::vector<std::size_t> found;
    for (std::uint64_t i = 0; i < 10; ++i) {
      const std::uint64_t hash = (word + i * (word >> 32)) % (std::uint64_t{1} << 32);
      found.push_back(hash * counters_.size() / (std::uint64_t{1} << 32));
    }
    return found;
  }
  std::uint32_t divisor_;
  std::vector<int> counters_;
};

// W-TinyLFU on three lists, counting what libCacheSim counts.
class PlainWTinyLfu {
 public:
  PlainWTinyLfu(std::size_t capacity, std::size_t objects, std::uint32_t divisor = 1)
      : window_wanted_(std::max<std::size_t>(std::min(capacity, objects) / 100, 1)),
        rest_wanted_(std::min(capacity, objects) - window_wanted_),
        protected_wanted_(rest_wanted_ * 4 / 5),
        sketch_(objects, std::max<std::size_t>(rest_wanted_, 1), divisor) {}
  CacheOutcome ask(std::uint32_t id) {
    CacheOutcome out;
    const bool in_rest = probation_.holds(id) || protected_.holds(id);
    out.hit = window_.holds(id) || in_rest;
    if (in_rest) {
      sketch_.add(id);
      if (++rest_hits_ % (32 * rest_wanted_) == 0) sketch_.halve();
    }
    if (probation_.holds(id)) {
      probation_.erase(id);
      protected_.push(id);
      if (protected_.size() > protected_wanted_) probation_.push(protected_.pop());
    } else if (protected_.holds(id)) {
      protected_.refresh(id);
    } else {
      window_.refresh(id);
      if (window_.size() > window_wanted_) out.victim = leave_window(window_.pop());
    }
    if (!out.hit) sketch_.add(id);
    return out;
  }

 private:
  std::optional<std::uint32_t> leave_window(std::uint32_t candidate) {
    const std::optional<std::uint32_t> victim = contest(candidate);
    sketch_.add(candidate);
    return victim;
  }
  std::optional<std::uint32_t> contest(std::uint32_t candidate) {
    std::optional<std::uint32_t> victim;
    if (probation_.size() + protected_.size() == rest_wanted_) {
      if (rest_wanted_ == 0) return candidate;
      PlainList& lowest = probation_.size() > 0 ? probation_ : protected_;
      if (sketch_.estimate(candidate) <= sketch_.estimate(lowest.last())) return candidate;
      victim = lowest.pop();
    }
    const bool room_on_probation = probation_.size() < rest_wanted_ - protected_wanted_;
    const bool room_protected = protected_.size() < protected_wanted_;
    (room_on_probation || !room_protected ? probation_ : protected_).push(candidate);
    return victim;
  }
  std::size_t window_wanted_;
  std::size_t rest_wanted_;
  std::size_t protected_wanted_;
  PlainList window_;
  PlainList probation_;
  PlainList protected_;
  PlainSketch sketch_;
  std::size_t rest_hits_ = 0;
};

// The resident with the least rank leaves, of equals the one that got its rank first. LFU and GDSF
// differ in the rank.
template <class Rank>
class PlainRanked {
 public:
  explicit PlainRanked(std::size_t capacity, Rank rank = {})
      : rank_(std::move(rank)), capacity_(capacity) {}
  CacheOutcome ask(std::uint32_t id) {
    ++now_;
    CacheOutcome out;
    const auto found = residents_.find(id);
    out.hit = found != residents_.end();
    if (!out.hit && residents_.size() == capacity_) out.victim = evict();
    Resident& resident = residents_[id];
    ++resident.requests;
    resident.rank = rank_.of(clock_, resident.requests, id);
    resident.since = now_;
    return out;
  }

 private:
  struct Resident {
    double rank = 0;
    int requests = 0;
    int since = 0;
  };
  std::uint32_t evict() {
    const auto least =
        std::min_element(residents_.begin(), residents_.end(), [](const auto& a, const auto& b) {
          return std::pair(a.second.rank, a.second.since) <
                 std::pair(b.second.rank, b.second.since);
        });
    const std::uint32_t victim = least->first;
    clock_ = least->second.rank;
    residents_.erase(least);
    return victim;
  }
  Rank rank_;
  std::map<std::uint32_t, Resident> residents_;
  std::size_t capacity_;
  double clock_ = 0;
  int now_ = 0;
};

struct FrequencyRank {
  static double of(double, int requests, std::uint32_t) { return requests; }
};
struct GreedyDualRank {
  static double of(double clock, int requests, std::uint32_t) { return clock + requests; }
};
struct SizedGreedyDualRank {
  static std::uint32_t bytes(std::uint32_t id) { return 1 + id * id % 97; }
  static double of(double clock, int requests, std::uint32_t id) {
    return clock + static_cast<double>(requests) / static_cast<double>(bytes(id));
  }
};
using PlainLfu = PlainRanked<FrequencyRank>;
using PlainGdsf = PlainRanked<GreedyDualRank>;

}  // namespace haldane::test
