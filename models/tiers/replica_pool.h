// One arm's replicas of an API cell behind their balancer: who serves a request, from when to when.
//
// Stations are first come, first served, so everything is known at admission (sorted_slots.h): no
// departure events. Crashes are scripted, hence also known: work that would reach into an outage
// fails when the outage begins.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "models/plan.h"
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

/// Any number of servers that draw from one queue. **Cost** O(log slots) an admission.
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
    const sim::SlotHeap::Slot slot = usable_slot(now);
    const SimTime start = std::max(now, slot.free_at);
    if (start > now && waiting_.size() >= queue_capacity) return {now, now, true, false};
    if (start > now) waiting_.push(start);
    if (start == SimTime::never()) return {start, start, false, true};
    const SimTime departure = start + service_at(start);
    const Outage outage = outage_of(slot.index, start);
    const bool crashed = departure > outage.down;
    slots_.book_earliest(crashed ? outage.up : departure);
    return {start, crashed ? outage.down : departure, false, crashed};
  }

  /// Customers waiting now. **Domain** now never decreases.
  [[nodiscard]] std::uint64_t waiting() const { return waiting_.size(); }

 private:
  sim::SlotHeap::Slot usable_slot(SimTime now);
  [[nodiscard]] Outage outage_of(std::uint32_t slot, SimTime start);

  sim::SlotHeap slots_;
  std::uint32_t slots_per_server_;
  std::vector<OutageCursor> outages_;
  sim::StartRing waiting_;
};

/// Replicas with a queue each (or one central queue) behind a balancer.
class ReplicaPool {
 public:
  ReplicaPool(const ApiArmPlan& plan, std::span<const std::vector<Outage>> outages);

  /// **Domain** now never decreases. `service_ns` is a draw of the plan's law, before any
  /// slow-down; `pick_word` draws the replica.
  Admission admit(SimTime now, double service_ns, std::uint64_t pick_word);

 private:
  Admission admit_at(std::uint32_t replica, SimTime now, double service_ns);
  [[nodiscard]] Duration service_time(SimTime start, double service_ns) const;
  std::uint32_t pick(SimTime now, std::uint64_t word);
  std::uint32_t least_loaded(SimTime now, std::uint64_t word);
  std::uint64_t load(std::uint32_t replica, SimTime now);
  sim::SortedSlots slots(std::uint32_t replica) {
    return sim::SortedSlots({&times_[replica * stride_], stride_}, plan_->concurrency);
  }
  void apply_changes(SimTime now);

  const ApiArmPlan* plan_;
  CentralStation central_;
  std::vector<std::int64_t> times_;  // stride_ a replica
  std::size_t stride_;
  std::vector<sim::StartRing> waiting_;
  std::vector<OutageCursor> outages_;
  std::vector<std::uint32_t> alive_;
  SimTime next_change_;
  std::uint64_t turn_ = 0;  // round robin
};

}  // namespace haldane::models
