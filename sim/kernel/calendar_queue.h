// Pending events in buckets of time: for processes with more than about ten of them.
//
// Events of later buckets are only put on a list; a bucket is sorted once, when its first event is
// taken, and then consumed by a cursor. Events lie in one pool whose places are used again at once,
// which keeps them in the nearest cache, and only their order is sorted; lists go through an array
// of their own, whose eight bytes an event are near whatever events there are. So an event costs a
// few nanoseconds of append and its share of a short sort, where a heap costs a chain of
// unpredictable comparisons. The price is a bucket width that has to fit the load: best are 2 to 8
// events a bucket, and a ring long enough for most of them. What does not fit is still in order, at
// the cost of the heap: events in the open bucket or before it, and events beyond the ring. Source:
// R. Brown, "Calendar queues", CACM 31(10), 1988, from which the ring is taken but neither its
// fixed year nor its resizing.
#pragma once

#include <algorithm>
#include <array>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <limits>
#include <span>
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
  /// The width is rounded up to a power of two nanoseconds, at most 2^31. **Domain** width > 0;
  /// buckets a power of two.
  CalendarQueue(Duration bucket_width, std::size_t buckets)
      : shift_(std::min(widest, static_cast<int>(std::bit_width(
                                    static_cast<std::uint64_t>(bucket_width.count_ns()) - 1)))),
        width_mask_((std::int64_t{1} << shift_) - 1),
        mask_(buckets - 1),
        buckets_(buckets),
        filled_((buckets + 63) / 64) {
    HALDANE_CHECK(bucket_width > Duration() && std::has_single_bit(buckets));
  }

  [[nodiscard]] bool empty() const { return size() == 0; }
  [[nodiscard]] std::size_t size() const {
    return run_size_ - cursor_ + early_.size() + in_ring_ + far_.size();
  }
  /// Never when empty.
  [[nodiscard]] SimTime next_time() const { return next_time_; }
  /// Where it lies until the next push or drop(). Not const: may sort the bucket that comes next.
  /// **Domain** not empty.
  [[nodiscard, gnu::always_inline]] const Event& top() {
    if (cursor_ == run_size_ || !early_.empty()) [[unlikely]]
      return top_slowly();
    return pool_[run_[cursor_].node].event;
  }
  /// Removes the top(). **Domain** the caller has just looked at it.
  [[gnu::always_inline]] void drop() {
    if (!early_.empty()) [[unlikely]]
      return drop_slowly();
    release(run_[cursor_++].node);
    next_time_ = cursor_ < run_size_ ? time_in_run() : earliest();
  }

  /// Opens the bucket of the first event. **Returns** how many events follow each other from the
  /// top() on that can be had by ready(i), until the next push or drop(): those of that bucket, or
  /// none where one was pushed into it since it was opened. **Domain** not empty.
  [[nodiscard]] std::size_t ready() {
    open_if_exhausted();
    return early_.empty() ? run_size_ - cursor_ : 0;
  }
  /// **Domain** i < ready().
  [[nodiscard]] const Event& ready(std::size_t i) const {
    return pool_[run_[cursor_ + i].node].event;
  }
  /// Removes the first `count` of them. **Domain** 0 < count <= ready().
  void drop(std::size_t count) {
    for (const std::size_t end = cursor_ + count; cursor_ < end;) release(run_[cursor_++].node);
    next_time_ = cursor_ < run_size_ ? time_in_run() : earliest();
  }

  /// A hint for prefetching: the event `steps` after the top(), or, where that is not known yet,
  /// any other that is or was pending. **Domain** after top(); steps <= 8.
  [[nodiscard]] const Event& about(std::size_t steps) const {
    HALDANE_DCHECK(!pool_.empty() && steps <= lanes);
    return pool_[run_[cursor_ + steps].node].event;
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

  /// As push() of each: what most of them need is looked up once.
  void push_all(std::span<const Event> events) {
    while (free_count_ < events.size()) [[unlikely]]
      grow_pool();
    const std::uint32_t* free = free_.data() + free_count_;
    SimTime first = next_time_;
    for (const Event& event : events) {
      const std::int64_t day = day_of(event.order.time);
      if (!in_reach(day)) [[unlikely]]
        continue;
      link(static_cast<std::uint64_t>(day) & mask_, event, *--free);
      first = earlier(event.order.time, first);
    }
    next_time_ = first;
    const auto linked = static_cast<std::size_t>(free_.data() + free_count_ - free);
    free_count_ -= linked;
    in_ring_ += linked;
    if (linked == events.size()) [[likely]]
      return;
    for (const Event& event : events) {
      if (!in_reach(day_of(event.order.time))) push(event);
    }
  }

  /// **Domain** not empty.
  Event pop() {
    HALDANE_DCHECK(!empty());
    const Event first = top();
    drop();
    return first;
  }

 private:
  static constexpr std::uint32_t none = 0xffffffffU;
  static constexpr int widest = 31;
  static constexpr std::size_t few = 64;  // events that are sorted by counting
  static constexpr std::size_t lanes = 8;
  using Lanes [[gnu::vector_size(4 * lanes)]] = std::int32_t;

  // On one cache line.
  struct alignas(64) Node {
    Event event;
  };
  // What the list of a bucket says of an event.
  struct Link {
    std::int32_t offset;  // ns since the beginning of the bucket
    std::uint32_t next;   // place of another one
  };
  // The events of one span of time, in no order.
  struct Bucket {
    SimTime earliest = SimTime::never();
    std::uint32_t head = none;
  };
  struct Entry {
    std::int32_t offset;  // ns since the beginning of the bucket
    std::uint32_t node;
  };

  // By value: of the references that std::min takes gcc makes a branch, which nobody can predict.
  static SimTime earlier(SimTime a, SimTime b) { return a < b ? a : b; }
  [[nodiscard]] std::int64_t day_of(SimTime t) const { return t.count_ns() >> shift_; }
  // Of a day after the open one: whether the ring has its bucket. Unsigned, for days may be as far
  // apart as the ends of time.
  [[nodiscard]] bool in_reach(std::int64_t day) const {
    return static_cast<std::uint64_t>(day) - static_cast<std::uint64_t>(open_day_) - 1 <= mask_;
  }
  [[nodiscard]] bool early_leads() const {
    if (early_.empty()) [[likely]]
      return false;
    return cursor_ == run_size_ || early_.top().order < pool_[run_[cursor_].node].event.order;
  }
  [[nodiscard]] std::int64_t open_begin() const { return open_day_ << shift_; }
  [[nodiscard]] SimTime time_in_run() const {
    return SimTime::at_nanoseconds(open_begin() + run_[cursor_].offset);
  }

  [[gnu::noinline]] const Event& top_slowly() {
    open_if_exhausted();
    return early_leads() ? early_.top() : pool_[run_[cursor_].node].event;
  }
  [[gnu::noinline]] void drop_slowly() {
    if (early_leads()) {
      early_.pop();
    } else {
      release(run_[cursor_++].node);
    }
    next_time_ = earliest();
  }

  void append(std::int64_t day, const Event& event) {
    if (free_count_ == 0) [[unlikely]]
      grow_pool();
    link(static_cast<std::uint64_t>(day) & mask_, event, free_[--free_count_]);
    ++in_ring_;
  }

  // Puts the event at a place of the pool, and that at the head of its bucket.
  void link(std::size_t slot, const Event& event, std::uint32_t node) {
    Bucket& bucket = buckets_[slot];
    pool_[node].event = event;
    links_[node] = {static_cast<std::int32_t>(event.order.time.count_ns() & width_mask_),
                    bucket.head};
    bucket.head = node;
    bucket.earliest = earlier(event.order.time, bucket.earliest);
    filled_[slot / 64] |= std::uint64_t{1} << (slot % 64);
  }
  void release(std::uint32_t node) { free_[free_count_++] = node; }
  // One place more, which is free.
  [[gnu::noinline]] void grow_pool() {
    free_.push_back(0);
    free_[free_count_++] = static_cast<std::uint32_t>(pool_.size());
    pool_.emplace_back();
    links_.emplace_back();
  }

  // Early events lie in or before the open bucket, which lies before the ring, which lies before
  // what is far.
  [[nodiscard]] SimTime earliest() const {
    if (cursor_ < run_size_) return std::min(time_in_run(), early_.next_time());
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
    if (cursor_ < run_size_ || !early_.empty()) [[likely]]
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
    open_day_ = day_of(bucket.earliest);
    cursor_ = run_size_ = 0;
    for (std::uint32_t node = bucket.head; node != none; node = links_[node].next) {
      if (run_size_ + lanes > offsets_.size()) [[unlikely]]
        make_room();
      __builtin_prefetch(&pool_[node]);
      offsets_[run_size_] = links_[node].offset;
      nodes_[run_size_++] = node;
    }
    bucket = {};
    filled_[slot / 64] &= ~(std::uint64_t{1} << (slot % 64));
    in_ring_ -= run_size_;
    if (run_size_ > few || !sorted_by_counting()) [[unlikely]]
      sort_by_order();
  }
  [[gnu::noinline]] void make_room() {
    offsets_.resize(2 * offsets_.size());
    nodes_.resize(offsets_.size());
    run_.resize(offsets_.size() + lanes);
  }

  void bring_far_near() {
    while (!far_.empty() && in_reach(day_of(far_.next_time()))) {
      const Event event = far_.pop();
      append(day_of(event.order.time), event);
    }
  }

  // The place of each is the number of earlier ones: comparing every pair in lanes takes less than
  // the mispredicted branches of any sort. **Returns** false if two times are equal.
  bool sorted_by_counting() {
    for (std::size_t i = run_size_; i % lanes != 0; ++i)
      offsets_[i] = std::numeric_limits<std::int32_t>::max();
    std::size_t sum_of_places = 0;
    std::size_t begin = 0;
    for (; begin + 2 * lanes < run_size_; begin += 3 * lanes) sum_of_places += place<3>(begin);
    if (begin + lanes < run_size_) {
      sum_of_places += place<2>(begin);
    } else if (begin < run_size_) {
      sum_of_places += place<1>(begin);
    }
    return 2 * sum_of_places == run_size_ * (run_size_ - 1);
  }
  // Of so many blocks of lanes at once, for each time is then loaded once for all of them.
  // **Returns** the sum of the places.
  template <std::size_t Blocks>
  std::size_t place(std::size_t begin) {
    std::array<Lanes, Blocks> these;
    std::memcpy(&these, &offsets_[begin], sizeof these);
    std::array<Lanes, Blocks> earlier{};
    for (std::size_t i = 0; i < run_size_; ++i) {
      for (std::size_t b = 0; b < Blocks; ++b) earlier[b] -= these[b] > offsets_[i];
    }
    std::array<std::int32_t, Blocks * lanes> places;
    std::memcpy(&places, &earlier, sizeof places);
    std::size_t sum = 0;
    const std::size_t count = std::min(run_size_ - begin, places.size());
    for (std::size_t i = 0; i < count; ++i) {
      const auto at = static_cast<std::size_t>(places[i]);
      run_[at] = {offsets_[begin + i], nodes_[begin + i]};
      sum += at;
    }
    return sum;
  }
  [[gnu::noinline]] void sort_by_order() {
    for (std::size_t i = 0; i < run_size_; ++i) run_[i] = {offsets_[i], nodes_[i]};
    std::sort(run_.begin(), run_.begin() + static_cast<std::ptrdiff_t>(run_size_),
              [this](const Entry& a, const Entry& b) {
                return pool_[a.node].event.order < pool_[b.node].event.order;
              });
  }

  int shift_;
  std::int64_t width_mask_;
  std::uint64_t mask_;
  std::int64_t open_day_ = -1;  // the bucket whose events are in run_
  SimTime next_time_ = SimTime::never();
  std::vector<Entry> run_ = std::vector<Entry>(few + lanes);  // sorted from cursor_ on
  std::size_t run_size_ = 0;
  std::size_t cursor_ = 0;
  std::vector<std::int32_t> offsets_ = std::vector<std::int32_t>(few);  // of run_, unsorted
  std::vector<std::uint32_t> nodes_ = std::vector<std::uint32_t>(few);
  EventQueue<Event> early_;
  std::vector<Node> pool_;
  std::vector<Link> links_;  // of each place of the pool
  // Places to use again, the last one first: on a stack of their own rather than linked through the
  // pool, so that the next one is known without waiting for the memory of the one before.
  std::vector<std::uint32_t> free_;  // as many as the pool has
  std::size_t free_count_ = 0;
  std::vector<Bucket> buckets_;        // by day modulo their number
  std::vector<std::uint64_t> filled_;  // a bit a bucket
  std::size_t in_ring_ = 0;
  EventQueue<Event> far_;
};

}  // namespace haldane::sim
