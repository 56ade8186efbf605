// What a station of any kind offers: customers arrive, time advances, and a sink is told when each
// customer starts and departs.
//
// A first-come-first-served station knows both at the arrival (`AdmissionStation`, the
// Kiefer-Wolfowitz vector); one that lets customers overtake each other knows them when a slot
// becomes free (`EventStation` of event_station.h). Which of the two a station is can therefore be
// decided before the run, and whoever feeds it need not know. Nothing is preempted: a departure is
// certain from the start on.
#pragma once

#include <algorithm>
#include <concepts>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <vector>

#include "sim/base/time.h"
#include "sim/kernel/sorted_slots.h"
#include "sim/kernel/start_ring.h"

namespace haldane::sim {

/// A customer says how long it is served from a start on. `start` may matter (slow-downs).
template <class C>
concept StationCustomer = std::copyable<C> && requires(const C& customer, SimTime start) {
  { customer.service_time(start) } -> std::same_as<Duration>;
};

/// Called as sink(customer, start, departure), once for each customer that is not rejected: at the
/// latest when time reaches its start, and in the order of the starts.
template <class S, class C>
concept StationSink = std::invocable<S&, const C&, SimTime, SimTime>;

/// **Domain** times never decrease. Whoever departs at a time has left before others arrive at it.
/// **Determinism** depends on the sequence of calls only.
template <class S, class C, class Sink>
concept Station = StationCustomer<C> && StationSink<Sink, C> &&
                  requires(S station, const S& seen, SimTime now, const C& customer, Sink& sink) {
                    // Returns false if the customer finds the queue full and is turned away.
                    { station.arrive(now, customer, sink) } -> std::same_as<bool>;
                    // Everything up to `now`, included, has happened.
                    { station.advance(now, sink) } -> std::same_as<void>;
                    // Customers without a slot, as of the last call.
                    { seen.waiting() } -> std::same_as<std::uint64_t>;
                    // Customers in slots, as of the last call.
                    { seen.in_service() } -> std::same_as<std::uint64_t>;
                  };

inline constexpr std::uint64_t unbounded_queue = std::numeric_limits<std::uint64_t>::max();

/// First come, first served, resolved at admission. **Cost** that of SortedSlots: O(slots) in SIMD.
template <StationCustomer Customer>
class AdmissionStation {
 public:
  /// **Domain** slots > 0.
  explicit AdmissionStation(std::size_t slots, std::uint64_t queue_capacity = unbounded_queue)
      : times_(SortedSlots<>::stride_for(slots)), slot_count_(slots), capacity_(queue_capacity) {
    workload().reset(SimTime::zero());
  }

  template <StationSink<Customer> Sink>
  bool arrive(SimTime now, const Customer& customer, Sink& sink) {
    advance(now, sink);
    const SimTime start = workload().earliest_start(now);
    if (start > now) {
      if (waiting_.size() >= capacity_) return false;
      waiting_.push(start);
    }
    const SimTime departure = start + customer.service_time(start);
    workload().book(departure);
    sink(customer, start, departure);
    return true;
  }

  template <StationSink<Customer> Sink>
  void advance(SimTime now, Sink&) {
    now_ = now;
    waiting_.expire(now);
  }

  [[nodiscard]] std::uint64_t waiting() const { return waiting_.size(); }
  [[nodiscard]] std::uint64_t in_service() const {
    const auto end = times_.begin() + static_cast<std::ptrdiff_t>(slot_count_);
    return static_cast<std::uint64_t>(end - std::upper_bound(times_.begin(), end, now_.count_ns()));
  }

 private:
  [[nodiscard]] SortedSlots<> workload() { return {times_, slot_count_}; }

  std::vector<std::int64_t> times_;
  std::size_t slot_count_;
  std::uint64_t capacity_;
  StartRing waiting_;
  SimTime now_;
};

}  // namespace haldane::sim
