// One arm's replicas of an API cell by events: for queues in which admission does not foresee when
// a request is served.
//
// Says what ReplicaPool says, later: when a request starts, when it departs, or that it was given
// up. Where both apply they agree to the bit (tests/property/event_pool_test.cpp).
#pragma once

#include <algorithm>
#include <cstdint>
#include <optional>
#include <span>
#include <utility>
#include <vector>

#include "models/balance/hash_ring.h"
#include "models/balance/outlier_detector.h"
#include "models/balance/peak_ewma.h"
#include "models/balance/weighted_least_requests.h"
#include "models/limit/concurrency_limit.h"
#include "models/plan.h"
#include "models/queue/request_line.h"
#include "models/tiers/api/dependency.h"
#include "models/tiers/api/free_slots.h"
#include "models/tiers/api/pauses.h"
#include "models/tiers/link/messages.h"
#include "models/tiers/scaling/central_station.h"
#include "models/tiers/scaling/scalable_pool.h"
#include "models/tiers/scaling/scale_signals.h"
#include "sim/kernel/station_bank.h"

namespace haldane::models {

/// A request between its arrival at a cell and its departure.
struct InFlight {
  RequestTag tag;
  SimTime arrival;
  SimTime start;
  double service_ns = 0;        ///< as drawn; from the start on the pauses that had begun by then
  std::uint64_t number = 0;     ///< of the cell's arrivals; no_number once it has left
  std::uint32_t in_system = 0;  ///< in its queue and served from it when it came, it included
  std::uint32_t station = 0xffffffffU;  ///< its replica; EventPool::nobody: none (yet)

  static constexpr std::uint64_t no_number = ~std::uint64_t{0};
};
static_assert(sizeof(InFlight) <= 64);

/// What a request brings along.
struct Arrival {
  ApiRequest request;
  double service_ns = 0;
  std::uint64_t pick_word = 0;
  std::uint64_t number = 0;
  SimTime deadline = SimTime::never();  ///< not worth serving from then on
};

/// **Determinism** depends on the sequence of calls only.
class EventPool final : public ScalablePool {
 public:
  /// No such request: it was turned away.
  static constexpr std::uint32_t nobody = 0xffffffffU;

  /// What a pool is part of. `entity` addresses its own draws.
  struct Place {
    std::span<const std::vector<Outage>> outages;
    std::uint64_t seed = 0;
    std::uint64_t replication = 0;
    std::uint64_t entity = 0;
    Dependency* dependency = nullptr;  ///< of the cell; null if it has none
  };
  EventPool(const ApiArmPlan& plan, const Place& place);

  /// **Returns** where the request is kept until it leaves, or nobody. `leave(in_flight,
  /// admission)` is told of every departure. **Domain** times never decrease, over all calls;
  /// everything before `arrival` has happened.
  template <class Leave>
  std::uint32_t arrive(const Arrival& arrival, const Leave& leave);
  /// Lets happen what is due at next_time().
  template <class Leave>
  void step(const Leave& leave);
  [[nodiscard]] SimTime next_time() const {
    if (!central_ || bank_.waiting() == 0) return bank_.next_time();
    return std::min({bank_.next_time(), next_change_, match_at_});
  }
  /// Whether somebody waits for any replica that comes up.
  [[nodiscard]] bool awaits_replicas() const { return central_ && bank_.waiting() > 0; }
  /// Those for whom nobody will ever come: `lost(in_flight)`. **Domain** next_time() is never, and
  /// nobody arrives any more.
  template <class Lost>
  void abandon(const Lost& lost) {
    for (InFlight& request : in_flight_) {
      if (request.number != InFlight::no_number) lost(std::as_const(request));
      request.number = InFlight::no_number;
    }
  }

  /// The request kept at `index`; its slot may have been taken by a later one (look at `number`).
  [[nodiscard]] InFlight& at(std::uint32_t index) { return in_flight_[index]; }
  [[nodiscard]] std::uint64_t waiting() const { return bank_.waiting(); }
  /// What became of a request that left.
  void tell_outcome(SimTime now, const InFlight& request, bool ok) {
    if (!outliers_ || request.station == nobody) return;
    outliers_->advance(now);
    outliers_->record(now, request.station, ok);
  }
  // A replica that is stopped finishes those that it has, who wait with it included.
  void start(std::uint32_t replica, SimTime now) override;
  SimTime stop(std::uint32_t replica, SimTime now) override;
  std::size_t serving(SimTime now) override;
  [[nodiscard]] bool serves(std::uint32_t replica) const override;
  [[nodiscard]] SimTime next_change() const override { return next_change_; }
  /// Tells `signals` of everything from now on.
  void tell(ScaleSignals& signals) { signals_ = &signals; }
  /// The replica that was stopped and lost its last request in the last step(), or nobody.
  [[nodiscard]] std::uint32_t emptied() const { return emptied_; }
  /// Null where nobody is ejected.
  [[nodiscard]] const OutlierDetector* outliers() const {
    return outliers_ ? &*outliers_ : nullptr;
  }

 private:
  using Bank = sim::StationBank<Ticket, RequestLine>;

  // What the bank tells: the requests behind the tickets.
  template <class Leave>
  struct Host {
    EventPool& pool;
    const Leave& leave;
    SimTime start(std::uint32_t station, const Ticket& ticket, SimTime now) {
      return pool.begin_service(station, ticket.index, now);
    }
    [[nodiscard]] bool serves_on(std::uint32_t station, SimTime now) const {
      return !pool.central_ || pool.takes_from_queue(station, now);
    }
    SimTime postponed(std::uint32_t station, const Ticket& ticket, SimTime now) {
      return pool.pauses_ ? pool.end_of_service(station, ticket.index, now) : now;
    }
    void depart(std::uint32_t station, const Ticket& ticket, SimTime now) {
      const InFlight done = pool.release(station, ticket.index, now, false);
      pool.left_ = station;
      if (pool.signals_ != nullptr) pool.signal_departure(now, done);
      leave(done, Admission{done.start, now, false, done.tag.crashed});
    }
    void gave_up(std::uint32_t station, const Ticket& ticket, SimTime now) {
      if (pool.signals_ != nullptr) pool.signals_->in_system(now, -1);
      leave(pool.release(station, ticket.index, now, true), Admission{now, now, true, false});
    }
  };

  [[nodiscard]] std::uint32_t pick(SimTime now, std::uint64_t word);
  [[nodiscard]] std::uint32_t least_loaded(std::uint64_t word) const;
  [[nodiscard]] std::uint32_t less_loaded_of_two(std::uint64_t word) const;
  [[nodiscard]] std::uint32_t next_by_weight(SimTime now);
  [[nodiscard]] std::uint64_t load(std::uint32_t replica) const {
    return bank_.in_service(replica) + (central_ ? 0 : bank_.waiting(replica));
  }
  // What is limited, and counted for that: a replica, or all with their central queue.
  [[nodiscard]] std::uint32_t limited(std::uint32_t replica) const {
    return central_ ? 0 : replica;
  }
  [[nodiscard]] std::uint64_t inside(std::uint32_t replica) const {
    return central_ ? bank_.in_service() + bank_.waiting() : load(replica);
  }
  template <class Leave>
  bool enter(std::uint32_t replica, SimTime now, const Ticket& ticket, const Leave& leave);
  template <class Leave>
  void match(SimTime now, const Leave& leave);
  template <class Leave>
  void step_centrally(const Leave& leave);
  [[nodiscard]] std::uint32_t next_free(SimTime now);
  void note_free(std::uint32_t replica, SimTime now);
  [[nodiscard]] SimTime usable_from(std::uint32_t replica, SimTime now) const;
  [[nodiscard]] bool takes_from_queue(std::uint32_t replica, SimTime now) const {
    return free_slots_.is_open(replica) && usable_from(replica, now) <= now;
  }
  [[nodiscard]] std::uint32_t cheaper_of_two(SimTime now, std::uint64_t word);
  void look_for_outliers(SimTime now);
  void find_alive_at(SimTime now);
  void find_alive(SimTime now);
  [[nodiscard]] bool is_up(std::uint32_t replica, SimTime now);
  void leave_outliers_out();
  [[nodiscard]] std::uint32_t turn_away(std::uint32_t station, SimTime now);
  void tell_balancer(SimTime now);
  [[nodiscard]] double weight_of(std::uint32_t replica, SimTime now) const;
  void signal_departure(SimTime now, const InFlight& done);
  void note_emptied();
  void come_up(std::uint32_t replica, SimTime now);
  SimTime begin_service(std::uint32_t replica, std::uint32_t index, SimTime now);
  SimTime end_of_service(std::uint32_t replica, std::uint32_t index, SimTime now);
  SimTime cut_at_outage(std::uint32_t replica, InFlight& request, SimTime now, SimTime departure);
  [[nodiscard]] double stretch(std::uint32_t replica, SimTime start) const;
  std::uint32_t keep(const Arrival& arrival, std::uint32_t station);
  void forget(std::uint32_t index);
  InFlight release(std::uint32_t station, std::uint32_t index, SimTime now, bool gave_up);
  void tell_limit(std::uint32_t station, const InFlight& request, SimTime now, bool gave_up);
  [[nodiscard]] std::uint32_t level_of(const RequestTag& tag) const;

  const ApiArmPlan* plan_;
  bool central_;
  Bank bank_;
  std::vector<InFlight> in_flight_;
  std::vector<std::uint32_t> free_;
  std::vector<OutageCursor> outages_;
  std::vector<std::uint32_t> up_;     // and started
  std::vector<std::uint32_t> alive_;  // of them, those that the balancer sends requests to
  SimTime next_change_;
  FreeSlots free_slots_;                 // of a central queue
  SimTime match_at_ = SimTime::never();  // when some may be free though somebody waits
  std::uint64_t turn_ = 0;               // round robin
  HashRing ring_;                        // consistent hash
  WeightedLeastRequests weighted_;
  bool takes_turns_ = false;    // by weight: as long as replicas weigh differently
  std::vector<PeakEwma> ewma_;  // one a replica; empty with other balancers
  std::optional<OutlierDetector> outliers_;
  std::uint64_t outlier_changes_ = 0;  // that alive_ knows of
  sim::StreamKey limit_key_;
  std::vector<ConcurrencyLimit> limits_;  // one a station; empty without a limit
  std::optional<Pauses> pauses_;
  Dependency* dependency_;
  std::vector<SimTime> since_;   // when each replica came up; empty if that means nothing
  SimTime newest_;               // likewise, the last one that did
  std::vector<bool> started_;    // [replica]
  std::uint32_t left_ = nobody;  // whose request left in this step
  std::uint32_t emptied_ = nobody;
  ScaleSignals* signals_ = nullptr;  // null where nobody scales the pool
};

template <class Leave>
std::uint32_t EventPool::arrive(const Arrival& arrival, const Leave& leave) {
  const SimTime now = arrival.request.order.time;
  if (signals_ != nullptr) signals_->came(now);
  const std::uint32_t replica = pick(now, arrival.pick_word);
  if (replica == nobody && !central_) return nobody;
  if (!ewma_.empty()) ewma_[replica].begin();
  if (!limits_.empty() && !limits_[limited(replica)].admits(inside(replica)))
    return turn_away(replica, now);
  const std::uint32_t index = keep(arrival, replica);
  if (signals_ != nullptr) signals_->in_system(now, 1);
  const Ticket ticket{now, arrival.deadline, index, level_of(arrival.request.tag)};
  if (enter(replica, now, ticket, leave)) return index;
  if (signals_ != nullptr) signals_->in_system(now, -1);
  forget(index);
  return turn_away(replica, now);
}

template <class Leave>
bool EventPool::enter(std::uint32_t replica, SimTime now, const Ticket& ticket,
                      const Leave& leave) {
  Host<Leave> host{*this, leave};
  if (replica == nobody) return bank_.wait(0, ticket);
  if (!central_) return bank_.arrive(replica, now, ticket, host);
  free_slots_.take();
  bank_.arrive(replica, now, ticket, host);
  note_free(replica, now);
  return true;
}

template <class Leave>
void EventPool::step(const Leave& leave) {
  left_ = nobody;
  if (central_) {
    step_centrally(leave);
  } else {
    Host<Leave> host{*this, leave};
    bank_.step(host);
  }
  if (signals_ != nullptr) note_emptied();
}

// A departure, replicas that came up, or both.
template <class Leave>
void EventPool::step_centrally(const Leave& leave) {
  Host<Leave> host{*this, leave};
  const SimTime now = next_time();
  if (now >= next_change_) find_alive(now);
  if (bank_.next_time() == now) {
    bank_.step(host);
    if (left_ != nobody) note_free(left_, now);
  }
  if (bank_.waiting() == 0) match_at_ = SimTime::never();
  if (match_at_ <= now && bank_.next_time() > now) match(now, leave);  // after all departures
}

// Gives those who wait to replicas that have come up.
template <class Leave>
void EventPool::match(SimTime now, const Leave& leave) {
  Host<Leave> host{*this, leave};
  match_at_ = SimTime::never();
  while (bank_.waiting() > 0) {
    const std::uint32_t replica = next_free(now);
    if (replica == nobody) return;
    free_slots_.take();
    bank_.begin_next(replica, now, host);
    note_free(replica, now);
  }
}

}  // namespace haldane::models
