// Any number of servers that draw from one queue: who serves a customer, from when to when.
//
// Service is first come, first served, so everything is known at admission (sorted_slots.h).
// Outages are scripted, hence also known: work that would reach into one fails when it begins.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "models/plan.h"
#include "sim/base/time.h"
#include "sim/kernel/slot_heap.h"
#include "sim/kernel/sorted_slots.h"
#include "sim/kernel/start_ring.h"

namespace haldane::models {

/// What became of a request or job at a station. Waiting is [arrival, start), service [start,
/// departure).
struct Admission {
  SimTime start;
  SimTime departure;
  bool rejected = false;  ///< queue full or nobody up; start = departure = arrival
  bool crashed = false;   ///< its server went down at `departure` (possibly before the start)
};

/// The next outage of one server at or after a time, by a cursor that only moves forward.
class OutageCursor {
 public:
  explicit OutageCursor(std::span<const Outage> outages = {}) : outages_(outages) {}
  /// The first outage that ends after `t`; {never, never} if none. **Domain** t never decreases.
  [[nodiscard]] Outage next(SimTime t) {
    while (position_ < outages_.size() && outages_[position_].up <= t) ++position_;
    if (position_ == outages_.size()) return {SimTime::never(), SimTime::never()};
    return outages_[position_];
  }
  /// Outages that are over, as of the last next().
  [[nodiscard]] std::size_t passed() const { return position_; }

 private:
  std::span<const Outage> outages_;
  std::size_t position_ = 0;
};

/// One for each of `servers`; none at all where nothing ever fails.
[[nodiscard]] std::vector<OutageCursor> outage_cursors(std::span<const std::vector<Outage>> outages,
                                                       std::uint32_t servers);

/// Any number of servers that draw from one queue. **Cost** O(log slots) an admission; where
/// nothing ever fails and slots are few, as SortedSlots, for then nobody asks which slot it is.
class CentralStation {
 public:
  /// `outages[s / slots_per_server]` are those of slot s; an empty span means none at all.
  CentralStation(std::uint32_t servers, std::uint32_t slots_per_server,
                 std::span<const std::vector<Outage>> outages);

  /// Start and departure of a customer that arrives now; `service_at(start)` draws its service
  /// time.
  template <class ServiceAt>
  Admission admit(SimTime now, std::uint32_t queue_capacity, const ServiceAt& service_at) {
    waiting_.expire(now);
    if (!sorted_.empty()) return admit_sorted(now, queue_capacity, service_at);
    const sim::SlotHeap::Slot slot = usable_slot(now);
    const SimTime start = std::max(now, slot.free_at);
    if (start > now && waiting_.size() >= queue_capacity) return {now, now, true, false};
    if (start > now) waiting_.push(start);
    last_slot_ = slot.index;
    if (start == SimTime::never()) return {start, start, false, true};
    const SimTime departure = start + service_at(start);
    const Outage outage = outage_of(slot.index, start);
    const bool crashed = departure > outage.down;
    slots_.book_earliest(crashed ? outage.up : departure);
    return {start, crashed ? outage.down : departure, false, crashed};
  }

  /// Customers waiting now. **Domain** now never decreases.
  [[nodiscard]] std::uint64_t waiting() const { return waiting_.size(); }

  /// From now on last_server() says who serves. **Domain** nobody has been admitted yet.
  void name_servers() { sorted_.clear(); }
  /// Of the last customer that was admitted. **Domain** name_servers(); it was not rejected.
  [[nodiscard]] std::uint32_t last_server() const { return last_slot_ / slots_per_server_; }

 private:
  static constexpr std::uint32_t few = 64;  // slots, up to which sorting beats the heap

  template <class ServiceAt>
  Admission admit_sorted(SimTime now, std::uint32_t queue_capacity, const ServiceAt& service_at) {
    sim::SortedSlots<> slots(sorted_, slots_in_all_);
    const SimTime start = slots.earliest_start(now);
    if (start > now && waiting_.size() >= queue_capacity) return {now, now, true, false};
    if (start > now) waiting_.push(start);
    const SimTime departure = start + service_at(start);
    slots.book(departure);
    return {start, departure, false, false};
  }
  sim::SlotHeap::Slot usable_slot(SimTime now);
  [[nodiscard]] Outage outage_of(std::uint32_t slot, SimTime start);

  std::uint32_t slots_in_all_;
  std::vector<std::int64_t> sorted_;  // empty where the heap has the slots
  sim::SlotHeap slots_;
  std::uint32_t slots_per_server_;
  std::uint32_t last_slot_ = 0;
  std::vector<OutageCursor> outages_;
  sim::StartRing waiting_;
};

}  // namespace haldane::models
