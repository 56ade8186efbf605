// Pending events in buckets of time: for processes with more than about ten of them.
//
// Events of later buckets are only put on a list; a bucket is sorted once, when its first event is
// taken, and then consumed by a cursor. Events lie in one pool whose places are used again at once,
// which keeps them in the nearest cache, and only their order is sorted. So an event costs a few
// nanoseconds of append and its share of a short sort, where a heap costs a chain of unpredictable
// comparisons. The price is a bucket width that has to fit the load: best are 2 to 8 events a
// bucket, and a ring long enough for most of them. What does not fit is still in order, at the cost
// of the heap: events in the open bucket or before it, and events beyond the ring. Source: R.
// Brown, "Calendar queues", CACM 31(10), 1988, from which the ring is taken but neither its fixed
// year nor its resizing.
#pragma once

#include <algorithm>
#include <array>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <type_traits>
#include <utility>
#include <vector>

#include "sim/base/check.h"
#include "sim/base/time.h"
#include "sim/kernel/event_queue.h"

namespace haldane::sim {

/// A priority queue of `Event`s by their `order` member, in the same total order as EventQueue.
/// Any order of pushes is legal, also before what was popped last. **Domain** Event is trivially
/// copyable, at most 64 bytes.
/// **Cost** amortised O(1) where buckets hold a few events, O(log n) otherwise; empty spans cost
/// buckets / 64 steps at most. Allocates only while it grows.
template <class Event>
class CalendarQueue {
  static_assert(std::is_trivially_copyable_v<Event> && sizeof(Event) <= 64,
                "events are moved about in buckets: keep them small and trivial");

 public:
  /// The width is rounded up to a power of two nanoseconds. **Domain** width > 0; buckets a power
  /// of two.
  CalendarQueue(Duration bucket_width, std::size_t buckets)
      : shift_(static_cast<int>(
            std::bit_width(static_cast<std::uint64_t>(bucket_width.count_ns()) - 1))),
        mask_(buckets - 1),
        buckets_(buckets),
        filled_((buckets + 63) / 64) {
    HALDANE_CHECK(bucket_width > Duration() && std::has_single_bit(buckets));
  }

  [[nodiscard]] bool empty() const { return size() == 0; }
  [[nodiscard]] std::size_t size() const {
    return run_.size() - cursor_ + early_.size() + in_ring_ + far_.size();
  }
  /// Never when empty.
  [[nodiscard]] SimTime next_time() const { return next_time_; }
  /// Not const: may sort the bucket that comes next. **Domain** not empty.
  [[nodiscard]] const Event& top() {
    open_if_exhausted();
    return early_leads() ? early_.top() : pool_[run_[cursor_].node].event;
  }

  /// The event `steps` after the next one, as far as it is known already; nullptr otherwise. A
  /// hint for prefetching.
  [[nodiscard]] const Event* ahead(std::size_t steps) const {
    return cursor_ + steps < run_.size() ? &pool_[run_[cursor_ + steps].node].event : nullptr;
  }

  void push(const Event& event) {
    const std::int64_t day = day_of(event.order.time);
    if (day <= open_day_) {
      early_.push(event);
    } else if (in_reach(day)) [[likely]] {
      append(day, event);
    } else {
      far_.push(event);
    }
    next_time_ = std::min(next_time_, event.order.time);
  }

  /// **Domain** not empty.
  Event pop() {
    HALDANE_DCHECK(!empty());
    open_if_exhausted();
    const Event first = early_leads() ? early_.pop() : release(run_[cursor_++].node);
    next_time_ = earliest();
    return first;
  }

 private:
  static constexpr std::uint32_t none = 0xffffffffU;
  static constexpr std::size_t few = 16;  // events that are sorted by counting

  struct Node {
    Event event;
    std::uint32_t next = none;
  };
  // The events of one span of time, in no order.
  struct Bucket {
    SimTime earliest = SimTime::never();
    std::uint32_t head = none;
  };
  struct Entry {
    EventOrder order;
    std::uint32_t node;
  };

  [[nodiscard]] std::int64_t day_of(SimTime t) const { return t.count_ns() >> shift_; }
  // Of a day after the open one: whether the ring has its bucket. Unsigned, for days may be as far
  // apart as the ends of time.
  [[nodiscard]] bool in_reach(std::int64_t day) const {
    return static_cast<std::uint64_t>(day) - static_cast<std::uint64_t>(open_day_) - 1 <= mask_;
  }
  [[nodiscard]] bool early_leads() const {
    if (early_.empty()) [[likely]]
      return false;
    return cursor_ == run_.size() || early_.top().order < run_[cursor_].order;
  }

  void append(std::int64_t day, const Event& event) {
    const std::size_t slot = static_cast<std::uint64_t>(day) & mask_;
    Bucket& bucket = buckets_[slot];
    bucket.head = place(event, bucket.head);
    bucket.earliest = std::min(bucket.earliest, event.order.time);
    filled_[slot / 64] |= std::uint64_t{1} << (slot % 64);
    ++in_ring_;
  }

  std::uint32_t place(const Event& event, std::uint32_t next) {
    std::uint32_t node = free_;
    if (node == none) [[unlikely]] {
      node = static_cast<std::uint32_t>(pool_.size());
      pool_.emplace_back();
    } else {
      free_ = pool_[node].next;
    }
    pool_[node].event = event;
    pool_[node].next = next;
    return node;
  }
  const Event& release(std::uint32_t node) {
    pool_[node].next = free_;
    free_ = node;
    return pool_[node].event;
  }

  // Early events lie in or before the open bucket, which lies before the ring, which lies before
  // what is far.
  [[nodiscard]] SimTime earliest() const {
    if (cursor_ < run_.size()) [[likely]]
      return std::min(run_[cursor_].order.time, early_.next_time());
    if (!early_.empty()) return early_.next_time();
    return in_ring_ > 0 ? buckets_[next_slot()].earliest : far_.next_time();
  }

  // The first filled bucket after the open one. **Domain** there is one.
  [[nodiscard]] std::size_t next_slot() const {
    const std::size_t start = (static_cast<std::uint64_t>(open_day_) + 1) & mask_;
    std::size_t word = start / 64;
    std::uint64_t bits = filled_[word] & (~std::uint64_t{0} << (start % 64));
    while (bits == 0) {
      word = word + 1 == filled_.size() ? 0 : word + 1;
      bits = filled_[word];
    }
    return word * 64 + static_cast<std::size_t>(std::countr_zero(bits));
  }

  // Postcondition where anything is pending: the first event leads `run_` or `early_`.
  void open_if_exhausted() {
    if (cursor_ < run_.size() || !early_.empty()) [[likely]]
      return;
    if (in_ring_ == 0) {
      open_day_ = day_of(far_.next_time()) - 1;
      bring_far_near();
    }
    open(next_slot());
    bring_far_near();
  }

  void open(std::size_t slot) {
    Bucket& bucket = buckets_[slot];
    run_.clear();
    cursor_ = 0;
    for (std::uint32_t node = bucket.head; node != none; node = pool_[node].next)
      run_.push_back({pool_[node].event.order, node});
    open_day_ = day_of(bucket.earliest);
    bucket = {};
    filled_[slot / 64] &= ~(std::uint64_t{1} << (slot % 64));
    in_ring_ -= run_.size();
    sort_run();
  }

  void bring_far_near() {
    while (!far_.empty() && in_reach(day_of(far_.next_time()))) {
      const Event event = far_.pop();
      append(day_of(event.order.time), event);
    }
  }

  void sort_run() {
    if (run_.size() > few) {
      std::sort(run_.begin(), run_.end(),
                [](const Entry& a, const Entry& b) { return a.order < b.order; });
      return;
    }
    if (run_.size() < 2) return;
    rank_by_time();
    // What is left to move are ties.
    for (std::size_t i = 1; i < run_.size(); ++i) {
      if (!(run_[i].order < run_[i - 1].order)) [[likely]]
        continue;
      const Entry entry = run_[i];
      std::size_t hole = i;
      for (; hole > 0 && entry.order < run_[hole - 1].order; --hole) run_[hole] = run_[hole - 1];
      run_[hole] = entry;
    }
  }

  // The place of each is the number of earlier ones. Counting compares every pair, but without the
  // branches of an insertion sort, of which half are mispredicted.
  void rank_by_time() {
    const std::size_t count = run_.size();
    std::array<std::int64_t, few> times;
    std::array<std::uint32_t, few> places{};
    std::array<Entry, few> entries;
    for (std::size_t i = 0; i < count; ++i) {
      entries[i] = run_[i];
      const std::int64_t time = run_[i].order.time.count_ns();
      times[i] = time;
      std::uint32_t place = 0;
      for (std::size_t j = 0; j < i; ++j) {
        const std::uint32_t later = times[j] > time ? 1 : 0;
        places[j] += later;
        place += 1 - later;
      }
      places[i] = place;
    }
    for (std::size_t i = 0; i < count; ++i) run_[places[i]] = entries[i];
  }

  int shift_;
  std::uint64_t mask_;
  std::int64_t open_day_ = -1;  // the bucket whose events are in run_
  SimTime next_time_ = SimTime::never();
  std::vector<Entry> run_;  // sorted from cursor_ on
  std::size_t cursor_ = 0;
  EventQueue<Event> early_;
  std::vector<Node> pool_;
  std::uint32_t free_ = none;
  std::vector<Bucket> buckets_;        // by day modulo their number
  std::vector<std::uint64_t> filled_;  // a bit a bucket
  std::size_t in_ring_ = 0;
  EventQueue<Event> far_;
};

}  // namespace haldane::sim
