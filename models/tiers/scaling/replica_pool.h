// One arm's replicas of an API cell behind their balancer: who serves a request, from when to when.
//
// Stations are first come, first served, so everything is known at admission (sorted_slots.h): no
// departure events. Crashes are scripted, hence also known: work that would reach into an outage
// fails when the outage begins.
#pragma once

#include <algorithm>
#include <array>
#include <cstdint>
#include <span>
#include <type_traits>
#include <vector>

#include "models/balance/hash_ring.h"
#include "models/plan.h"
#include "models/tiers/scaling/scalable_pool.h"
#include "sim/base/large_vector.h"
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

/// What became of a customer of a batch; see Admission.
enum class Fate : std::uint8_t { served, rejected, crashed };

/// Customers that are admitted one after the other, and what became of them: a column a quantity,
/// for what follows is computed column by column. Columns begin at cache lines: a vector that
/// straddles two takes twice the loads.
struct AdmissionBatch {
  static constexpr std::size_t capacity = 64;

  std::size_t size = 0;
  alignas(64) std::array<SimTime, capacity> times;
  std::array<double, capacity> service_ns;         ///< draws of the law, before any slow-down
  std::array<std::uint64_t, capacity> pick_words;  ///< draw the replica, or are what is hashed
  std::array<SimTime, capacity> starts;
  std::array<SimTime, capacity> departures;
  std::array<Fate, capacity> fates;
  std::array<std::uint32_t, capacity> replicas;  ///< where single ones have events, or are named

  /// Whole vectors of up to eight, which capacity is a multiple of.
  [[nodiscard]] std::size_t padded_size() const { return (size + 7) / 8 * 8; }
  /// Behind the last customer: others who come and go when it departs, so that no sum, earliest or
  /// longest changes for them.
  void pad() {
    for (std::size_t i = size; i < padded_size(); ++i)
      times[i] = starts[i] = departures[i] = departures[size - 1];
  }
  void set(std::size_t i, const Admission& admission) {
    starts[i] = admission.start;
    departures[i] = admission.departure;
    fates[i] = admission.rejected  ? Fate::rejected
               : admission.crashed ? Fate::crashed
                                   : Fate::served;
  }
};

/// Replicas with a queue each (or one central queue) behind a balancer.
class ReplicaPool final : public ScalablePool {
 public:
  ReplicaPool(const ApiArmPlan& plan, std::span<const std::vector<Outage>> outages);

  /// Fills in the admissions of those customers that `chosen(i)` takes. **Domain** times never
  /// decrease, over all calls.
  template <class Chosen>
  void admit(AdmissionBatch& batch, const Chosen& chosen);

  /// From now on the replicas of batches say who serves. **Domain** nobody has been admitted yet.
  void name_replicas() {
    tells_replicas_ = true;
    central_.name_servers();
  }

  /// A replica serves from now on, empty. **Domain** below plan.replicas_max, not started; no
  /// central queue; `now` not before any admission. **Cost** of the next admission or serving():
  /// O(replicas).
  void start(std::uint32_t replica, SimTime now) override;
  /// A replica gets no more requests and finishes those it has. **Domain** started; as start().
  /// **Returns** when the last of them departs; not after `now` where it is idle.
  SimTime stop(std::uint32_t replica, SimTime now) override;
  /// Who serves at `now`, as the outages have it. **Domain** as start().
  [[nodiscard]] std::size_t serving(SimTime now) override;
  /// Of those the last serving() counted.
  [[nodiscard]] bool serves(std::uint32_t replica) const override;
  /// When an outage begins or ends next, as of the last serving().
  [[nodiscard]] SimTime next_change() const override { return next_change_; }

 private:
  // Strides that are worth a loop of their own; any other one is dynamic.
  template <std::size_t Stride>
  using Slots = sim::SortedSlots<Stride>;
  static constexpr std::size_t dynamic = std::dynamic_extent;

  template <class Chosen, class Pick>
  void admit_each(AdmissionBatch& batch, const Chosen& chosen, const Pick& pick);
  template <std::size_t Stride, class Chosen, class Pick>
  void admit_strided(AdmissionBatch& batch, const Chosen& chosen, const Pick& pick);
  template <std::size_t Stride>
  void admit_at(std::uint32_t replica, AdmissionBatch& batch, std::size_t i);
  [[nodiscard]] Duration service_time(SimTime start, AdmissionBatch& batch, std::size_t i,
                                      std::uint32_t replica) const;
  [[nodiscard]] double stretch(std::uint32_t replica, SimTime start) const;
  template <std::size_t Stride>
  std::uint32_t pick_of_two(SimTime now, std::uint64_t word);
  template <std::size_t Stride>
  std::uint32_t least_loaded(SimTime now, std::uint64_t word);
  template <std::size_t Stride>
  std::uint64_t load(std::uint32_t replica, SimTime now);
  template <std::size_t Stride = dynamic>
  Slots<Stride> slots(std::uint32_t replica) {
    const std::size_t stride = Stride == dynamic ? stride_ : Stride;
    return Slots<Stride>(std::span<std::int64_t, Stride>(&times_[replica * stride], stride),
                         plan_->concurrency);
  }
  template <class Chosen>
  void admit_centrally(AdmissionBatch& batch, const Chosen& chosen);
  void apply_changes(SimTime now);
  void build_ring() {
    if (plan_->balancer == Balancer::consistent_hash) ring_.build(alive_, plan_->replicas_max);
  }

  static constexpr std::uint32_t no_replica = 0xffffffffU;  // a central queue does not say

  const ApiArmPlan* plan_;
  bool tells_replicas_;  // where times of service depend on them, or somebody asks
  CentralStation central_;
  LargeVector<std::int64_t> times_;  // stride_ a replica
  std::size_t stride_;
  std::vector<sim::StartRing> waiting_;
  std::vector<OutageCursor> outages_;
  std::vector<bool> started_;
  std::vector<SimTime> since_;        // when each replica came up; empty if that means nothing
  std::vector<std::uint32_t> alive_;  // started and up
  SimTime next_change_;
  std::uint64_t turn_ = 0;  // round robin
  HashRing ring_;           // consistent hash
};

// The loop over a batch is instantiated for each balancer, so that nothing is decided inside it
// that the scenario has decided.

inline Duration ReplicaPool::service_time(SimTime start, AdmissionBatch& batch, std::size_t i,
                                          std::uint32_t replica) const {
  double service_ns = batch.service_ns[i];
  if (tells_replicas_) [[unlikely]] {
    batch.replicas[i] = replica;
    service_ns *= stretch(replica, start);
  }
  return Duration::nanoseconds(static_cast<std::int64_t>(service_ns + 0.5));
}

// Nobody waits where a slot is free.
template <std::size_t Stride>
inline std::uint64_t ReplicaPool::load(std::uint32_t replica, SimTime now) {
  const std::uint64_t busy = slots<Stride>(replica).busy(now);
  if (busy < plan_->concurrency) [[likely]]
    return busy;
  waiting_[replica].expire(now);
  return busy + waiting_[replica].size();
}

template <std::size_t Stride>
inline std::uint32_t ReplicaPool::pick_of_two(SimTime now, std::uint64_t word) {
  const std::uint64_t count = alive_.size();
  const std::uint32_t a = alive_[((word >> 32) * count) >> 32];
  const std::uint32_t b = alive_[((word & 0xffffffffU) * count) >> 32];
  const std::uint64_t load_a = load<Stride>(a, now);
  const std::uint64_t load_b = load<Stride>(b, now);
  return load_a <= load_b ? a : b;
}

// Ties go to the first from a random position on, so that an idle fleet is used evenly.
template <std::size_t Stride>
std::uint32_t ReplicaPool::least_loaded(SimTime now, std::uint64_t word) {
  const std::size_t first = sim::to_index(word, alive_.size());
  std::uint32_t best = alive_[first];
  std::uint64_t best_load = load<Stride>(best, now);
  for (std::size_t i = 1; i < alive_.size() && best_load > 0; ++i) {
    const std::uint32_t candidate = alive_[(first + i) % alive_.size()];
    const std::uint64_t candidate_load = load<Stride>(candidate, now);
    if (candidate_load < best_load) {
      best = candidate;
      best_load = candidate_load;
    }
  }
  return best;
}

// Writes the result where it is read later: returning it would read it back at once in pieces other
// than it was written in, for which processors wait.
template <std::size_t Stride>
[[gnu::always_inline]] inline void ReplicaPool::admit_at(std::uint32_t replica,
                                                         AdmissionBatch& batch, std::size_t i) {
  Slots<Stride> station = slots<Stride>(replica);
  const SimTime now = batch.times[i];
  const SimTime start = station.earliest_start(now);
  if (start > now) {
    waiting_[replica].expire(now);
    if (waiting_[replica].size() >= plan_->queue_capacity) {
      batch.set(i, {now, now, true, false});
      return;
    }
    waiting_[replica].push(start);
  }
  const SimTime departure = start + service_time(start, batch, i, replica);
  station.book(departure);
  batch.starts[i] = start;
  batch.departures[i] = departure;
  batch.fates[i] = Fate::served;
  if (outages_.empty()) [[likely]]
    return;
  const SimTime down = outages_[replica].next(now).down;
  batch.set(i, {std::min(start, down), std::min(departure, down), false, departure > down});
}

template <std::size_t Stride, class Chosen, class Pick>
void ReplicaPool::admit_strided(AdmissionBatch& batch, const Chosen& chosen, const Pick& pick) {
  for (std::size_t i = 0; i < batch.size;) {
    if (batch.times[i] >= next_change_) [[unlikely]]
      apply_changes(batch.times[i]);
    std::size_t end = batch.size;
    while (batch.times[end - 1] >= next_change_) --end;
    for (; i < end; ++i) {
      if (!chosen(i)) continue;
      const SimTime now = batch.times[i];
      if (alive_.empty()) [[unlikely]] {
        batch.set(i, {now, now, true, false});
      } else {
        const std::uint32_t replica =
            pick(std::integral_constant<std::size_t, Stride>(), now, batch.pick_words[i]);
        admit_at<Stride>(replica, batch, i);
      }
    }
  }
}

template <class Chosen, class Pick>
void ReplicaPool::admit_each(AdmissionBatch& batch, const Chosen& chosen, const Pick& pick) {
  switch (stride_) {
    case 8:
      return admit_strided<8>(batch, chosen, pick);
    case 16:
      return admit_strided<16>(batch, chosen, pick);
    default:
      return admit_strided<dynamic>(batch, chosen, pick);
  }
}

template <class Chosen>
void ReplicaPool::admit(AdmissionBatch& batch, const Chosen& chosen) {
  switch (plan_->balancer) {
    case Balancer::power_of_two:
      return admit_each(batch, chosen, [this](auto stride, SimTime now, std::uint64_t word) {
        return this->template pick_of_two<stride()>(now, word);
      });
    case Balancer::round_robin:
      return admit_each(batch, chosen, [this](auto, SimTime, std::uint64_t) {
        return alive_[turn_++ % alive_.size()];
      });
    case Balancer::random:
      return admit_each(batch, chosen, [this](auto, SimTime, std::uint64_t word) {
        return alive_[sim::to_index(word, alive_.size())];
      });
    case Balancer::least_requests:
      return admit_each(batch, chosen, [this](auto stride, SimTime now, std::uint64_t word) {
        return this->template least_loaded<stride()>(now, word);
      });
    case Balancer::consistent_hash:
      return admit_each(batch, chosen,
                        [this](auto, SimTime, std::uint64_t word) { return ring_.owner(word); });
    case Balancer::peak_ewma:  // these two take events: EventPool
    case Balancer::weighted_least_requests:
    case Balancer::central_queue:
      return admit_centrally(batch, chosen);
  }
}

template <class Chosen>
void ReplicaPool::admit_centrally(AdmissionBatch& batch, const Chosen& chosen) {
  for (std::size_t i = 0; i < batch.size; ++i) {
    if (!chosen(i)) continue;
    batch.set(i, central_.admit(batch.times[i], plan_->queue_capacity, [&](SimTime start) {
      return service_time(start, batch, i, no_replica);
    }));
    if (tells_replicas_) batch.replicas[i] = central_.last_server();
  }
}

}  // namespace haldane::models
