// Requests that wait for another's fetch of the same object (request coalescing).
#pragma once

#include <algorithm>
#include <cstdint>
#include <vector>

#include "models/tiers/link/messages.h"

namespace haldane::models {

/// A request that waits, since when, and at which node of its site.
struct WaitingRequest {
  RequestTag tag;
  SimTime since;
  std::uint32_t node = 0;
};

/// Lists of waiting requests by object (of a node), in one pool. **Cost** 4 bytes an object of the
/// catalogue when in use, O(1) an operation. **Determinism** waiters leave in the order they came.
class Waiters {
 public:
  static constexpr std::uint32_t none = 0xffffffffU;

  /// Storage only where coalescing is on.
  explicit Waiters(std::uint32_t objects) : heads_(objects, not_in_flight) {}

  [[nodiscard]] bool in_flight(std::uint32_t object) const {
    return heads_[object] != not_in_flight;
  }
  void begin_fetch(std::uint32_t object) { heads_[object] = none; }

  /// Adds a waiter. **Domain** in_flight(object). **Returns** its slot, which stays its name until
  /// it leaves.
  std::uint32_t join(std::uint32_t object, const WaitingRequest& request) {
    std::uint32_t slot = free_;
    if (slot == none) {
      slot = static_cast<std::uint32_t>(pool_.size());
      pool_.push_back({});
    } else {
      free_ = pool_[slot].next;
    }
    pool_[slot] = {request, heads_[object], true};
    heads_[object] = slot;
    return slot;
  }

  /// The waiter in `slot` gives up. **Returns** false if it has left already (or the slot serves
  /// another request).
  bool give_up(std::uint32_t slot, const RequestTag& tag) {
    Waiter& waiter = pool_[slot];
    const RequestTag& who = waiter.request.tag;
    if (!waiter.waiting || who.id != tag.id || who.attempt != tag.attempt) return false;
    waiter.waiting = false;
    return true;
  }

  /// Where who is, or was, in a slot waits.
  [[nodiscard]] std::uint32_t node_of(std::uint32_t slot) const { return pool_[slot].request.node; }

  /// Ends the fetch and hands over the waiters in the order they came.
  void end_fetch(std::uint32_t object, std::vector<WaitingRequest>& woken) {
    std::uint32_t slot = heads_[object];
    heads_[object] = not_in_flight;
    const auto first = static_cast<std::ptrdiff_t>(woken.size());
    while (slot != none && slot != not_in_flight) {
      Waiter& waiter = pool_[slot];
      if (waiter.waiting) woken.push_back(waiter.request);
      const std::uint32_t next = waiter.next;
      release(slot);
      slot = next;
    }
    std::reverse(woken.begin() + first, woken.end());
  }

  /// Takes out who has waited longest; the fetch goes on for the others. **Returns** whether there
  /// was anybody. **Cost** O(waiters of the object).
  bool take_oldest(std::uint32_t object, RequestTag& tag) {
    std::uint32_t* oldest = nullptr;
    for (std::uint32_t* at = &heads_[object]; *at != none; at = &pool_[*at].next) {
      if (pool_[*at].waiting) oldest = at;
    }
    if (oldest == nullptr) return false;
    const std::uint32_t slot = *oldest;
    tag = pool_[slot].request.tag;
    *oldest = pool_[slot].next;
    release(slot);
    return true;
  }

 private:
  static constexpr std::uint32_t not_in_flight = 0xfffffffeU;
  struct Waiter {
    WaitingRequest request;
    std::uint32_t next = none;
    bool waiting = false;
  };
  void release(std::uint32_t slot) {
    pool_[slot].waiting = false;
    pool_[slot].next = free_;
    free_ = slot;
  }

  std::vector<std::uint32_t> heads_;
  std::vector<Waiter> pool_;
  std::uint32_t free_ = none;
};

}  // namespace haldane::models
