// The free slots of replicas that draw from one queue: who serves the next one that comes.
#pragma once

#include <cstdint>
#include <functional>
#include <queue>
#include <tuple>
#include <vector>

#include "sim/base/time.h"

namespace haldane::models {

/// A slot that has been free longest is next, of equals that of the lowest replica: what slots that
/// take turns at one queue come to (sim::SlotHeap). Slots of a replica that is down are free when
/// it is up again; one that is closed has none. **Domain** times never decrease.
/// **Cost** O(log slots) a slot that is taken or given back.
/// **Determinism** depends on the calls only.
class FreeSlots {
 public:
  /// No slot is free.
  static constexpr std::uint32_t none = 0xffffffffU;

  explicit FreeSlots(std::uint32_t slots) : slots_(slots) {}

  /// The replica takes customers from `since` on. **Domain** closed, or new, and empty.
  void open(std::uint32_t replica, SimTime since);
  /// The replica takes nobody any more. **Domain** open.
  void close(std::uint32_t replica) { replicas_[replica].open = false; }
  [[nodiscard]] bool is_open(std::uint32_t replica) const {
    return replica < replicas_.size() && replicas_[replica].open;
  }
  /// The replica that has the next slot, or none. `usable_from(replica)` says until when it is
  /// down; not after `now` if it is up.
  template <class UsableFrom>
  std::uint32_t next(SimTime now, const UsableFrom& usable_from);
  /// The slot that next() found is taken.
  void take();
  /// `taken` slots are left of those that were: the others are free since `since`. Nothing where
  /// the replica is closed.
  void free_but(std::uint32_t replica, SimTime since, std::uint64_t taken);

 private:
  struct Replica {
    bool open = false;
    std::uint32_t free = 0;
    std::uint32_t times_open = 0;
  };
  // Slots of a replica that was closed since are found out when their turn comes.
  struct Slot {
    SimTime since;
    std::uint32_t replica;
    std::uint32_t times_open;
    friend bool operator>(const Slot& a, const Slot& b) {
      return std::tie(a.since, a.replica) > std::tie(b.since, b.replica);
    }
  };

  std::uint32_t slots_;
  std::vector<Replica> replicas_;
  std::priority_queue<Slot, std::vector<Slot>, std::greater<>> free_;
};

template <class UsableFrom>
std::uint32_t FreeSlots::next(SimTime now, const UsableFrom& usable_from) {
  while (!free_.empty() && free_.top().since <= now) {
    Slot slot = free_.top();
    const Replica& one = replicas_[slot.replica];
    const bool gone = !one.open || one.times_open != slot.times_open;
    const SimTime from = gone ? now : usable_from(slot.replica);
    if (!gone && from <= now) return slot.replica;
    free_.pop();
    slot.since = from;
    if (!gone) free_.push(slot);
  }
  return none;
}

}  // namespace haldane::models
