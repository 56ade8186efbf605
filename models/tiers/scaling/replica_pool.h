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
#include <utility>
#include <vector>

#include "models/balance/hash_ring.h"
#include "models/plan.h"
#include "models/tiers/scaling/central_station.h"
#include "models/tiers/scaling/scalable_pool.h"
#include "sim/base/large_vector.h"
#include "sim/kernel/sorted_slots.h"
#include "sim/kernel/start_ring.h"

namespace haldane::models {

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

/// All customers of a batch are for this pool.
struct Everybody {
  bool operator()(std::size_t) const { return true; }
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
  template <std::size_t Stride>
  SimTime book_at(std::uint32_t replica, AdmissionBatch& batch, std::size_t i, SimTime start);
  template <std::size_t Stride>
  std::size_t admit_few_by_two(AdmissionBatch& batch, std::size_t first);
  template <std::size_t Stride>
  std::size_t admit_while_free(AdmissionBatch& batch, std::size_t first, std::size_t end);
  [[nodiscard]] std::pair<std::uint32_t, std::uint32_t> two_of(std::uint64_t word) const;
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

  static constexpr std::size_t few = 4;  // customers whose choices are made together
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

inline std::pair<std::uint32_t, std::uint32_t> ReplicaPool::two_of(std::uint64_t word) const {
  const std::uint64_t count = alive_.size();
  return {alive_[((word >> 32) * count) >> 32], alive_[((word & 0xffffffffU) * count) >> 32]};
}

template <std::size_t Stride>
inline std::uint32_t ReplicaPool::pick_of_two(SimTime now, std::uint64_t word) {
  const auto [one, other] = two_of(word);
  return load<Stride>(one, now) <= load<Stride>(other, now) ? one : other;
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
  book_at<Stride>(replica, batch, i, start);
}

// **Returns** when the customer departs unless the replica goes down before.
template <std::size_t Stride>
[[gnu::always_inline]] inline SimTime ReplicaPool::book_at(std::uint32_t replica,
                                                           AdmissionBatch& batch, std::size_t i,
                                                           SimTime start) {
  const SimTime departure = start + service_time(start, batch, i, replica);
  slots<Stride>(replica).book(departure);
  batch.starts[i] = start;
  batch.departures[i] = departure;
  batch.fates[i] = Fate::served;
  if (outages_.empty()) [[likely]]
    return departure;
  const SimTime down = outages_[replica].next(batch.times[i]).down;
  batch.set(i, {std::min(start, down), std::min(departure, down), false, departure > down});
  return departure;
}

// A choice that counts slots which the last one has just booked waits for that booking, and where
// replicas are few they are chosen again and again. So the busy slots that a few customers choose
// by are counted before any of them is booked, and what they book meanwhile is added. **Returns**
// how many were admitted: those before the first who meets a replica without a free slot.
template <std::size_t Stride>
inline std::size_t ReplicaPool::admit_few_by_two(AdmissionBatch& batch, std::size_t first) {
  struct Choice {
    std::uint32_t one, other;
    std::uint32_t busy_one, busy_other;
  };
  std::array<Choice, few> choices;
  std::array<std::uint32_t, few> taken;
  std::array<SimTime, few> departures;
  for (std::size_t i = 0; i < few; ++i) {
    const auto [one, other] = two_of(batch.pick_words[first + i]);
    const SimTime now = batch.times[first + i];
    choices[i] = {one, other, slots<Stride>(one).busy(now), slots<Stride>(other).busy(now)};
  }
  for (std::size_t i = 0; i < few; ++i) {
    const SimTime now = batch.times[first + i];
    Choice c = choices[i];
    for (std::size_t before = 0; before < i; ++before) {
      const bool still = departures[before] > now;
      c.busy_one += (still & (taken[before] == c.one)) ? 1U : 0U;
      c.busy_other += (still & (taken[before] == c.other)) ? 1U : 0U;
    }
    if (std::max(c.busy_one, c.busy_other) >= plan_->concurrency) [[unlikely]]
      return i;
    taken[i] = c.busy_one <= c.busy_other ? c.one : c.other;
    departures[i] = book_at<Stride>(taken[i], batch, first + i, now);
  }
  return few;
}

// **Returns** how many, from the first on, were admitted a few at a time.
template <std::size_t Stride>
inline std::size_t ReplicaPool::admit_while_free(AdmissionBatch& batch, std::size_t first,
                                                 std::size_t end) {
  if (plan_->balancer != Balancer::power_of_two || alive_.empty()) return 0;
  std::size_t admitted = 0;
  std::size_t last = few;
  while (last == few && first + admitted + few <= end) {
    last = admit_few_by_two<Stride>(batch, first + admitted);
    admitted += last;
  }
  return admitted;
}

template <std::size_t Stride, class Chosen, class Pick>
void ReplicaPool::admit_strided(AdmissionBatch& batch, const Chosen& chosen, const Pick& pick) {
  for (std::size_t i = 0; i < batch.size;) {
    if (batch.times[i] >= next_change_) [[unlikely]]
      apply_changes(batch.times[i]);
    std::size_t end = batch.size;
    while (batch.times[end - 1] >= next_change_) --end;
    for (; i < end; ++i) {
      if constexpr (std::is_same_v<Chosen, Everybody>) {
        i += admit_while_free<Stride>(batch, i, end);
        if (i == end) break;
      }
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
