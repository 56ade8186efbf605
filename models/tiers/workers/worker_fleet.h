// Workers that come and go: who is there, what each of them has in hand, and who is given the next
// job.
//
// A job goes to the worker that holds fewest, of these to the one that finished a job longest ago:
// what waiting for one queue in turn comes to. A worker that is taken away finishes what it works
// on; one that crashes drops it.
#pragma once

#include <cstdint>
#include <set>
#include <span>
#include <vector>

#include "models/plan.h"
#include "models/tiers/scaling/central_station.h"
#include "models/tiers/scaling/scalable_pool.h"

namespace haldane::models {

/// Deliveries are numbers that the caller chose. **Cost** O(log workers) a delivery.
/// **Determinism** depends on the calls only.
class WorkerFleet final : public ScalablePool {
 public:
  /// `workers` serve from the start, each `slots` jobs at a time, and hold up to `held_max`, those
  /// that wait in its own memory included.
  WorkerFleet(std::uint32_t workers, std::uint32_t slots, std::uint32_t held_max,
              std::span<const std::vector<Outage>> outages);

  /// From now on workers take `jobs` and are then spent; 0 = they never are. **Domain** nobody has
  /// taken any, or 0.
  void take_each(std::uint32_t jobs);

  void start(std::uint32_t worker, SimTime now) override;
  /// **Returns** never while the worker is busy: is_gone() says when it has finished.
  SimTime stop(std::uint32_t worker, SimTime now) override;
  std::size_t serving(SimTime) override { return serving_; }
  [[nodiscard]] bool serves(std::uint32_t worker) const override {
    return workers_[worker].serves();
  }
  [[nodiscard]] SimTime next_change() const override { return next_change_; }

  /// Outages that begin or end by `now`. Deliveries that crashed are added to `lost`.
  void apply_outages(SimTime now, std::vector<std::uint32_t>& lost);

  [[nodiscard]] bool has_room() const { return !room_.empty(); }
  /// Gives a delivery to a worker. **Domain** has_room(). **Returns** the worker.
  std::uint32_t give(std::uint32_t delivery);
  /// Whether the worker has a slot for another of the deliveries that it holds.
  [[nodiscard]] bool may_begin(std::uint32_t worker) const;
  /// The oldest delivery that the worker holds and does not work on; it works on it from now on.
  /// **Domain** may_begin().
  std::uint32_t begin(std::uint32_t worker);
  /// Deliveries that workers held without working on them when they were stopped; forgotten there.
  std::vector<std::uint32_t> take_back();
  /// The worker is done with a delivery that it worked on.
  void end(std::uint32_t worker, std::uint32_t delivery);
  /// Whether a worker that was stopped has nothing left.
  [[nodiscard]] bool is_gone(std::uint32_t worker) const {
    return !workers_[worker].started && workers_[worker].held() == 0;
  }
  /// Whether a worker has finished what it was started for.
  [[nodiscard]] bool is_spent(std::uint32_t worker) const {
    const Worker& w = workers_[worker];
    return takes_ > 0 && w.started && w.left == 0 && w.held() == 0;
  }
  /// One of those that could be given a job and have none, or none.
  [[nodiscard]] std::uint32_t idle() const {
    return !room_.empty() && room_.begin()->held == 0 ? room_.begin()->worker : none;
  }
  static constexpr std::uint32_t none = 0xffffffffU;
  [[nodiscard]] std::uint32_t size() const { return static_cast<std::uint32_t>(workers_.size()); }

 private:
  struct Worker {
    std::vector<std::uint32_t> running;
    std::vector<std::uint32_t> prefetched;  // oldest first
    std::uint64_t turn = 0;                 // of the last job that it finished
    std::uint32_t left = 0;                 // jobs that it may still take, if that is bounded
    bool started = false;
    bool up = true;
    [[nodiscard]] bool serves() const { return started && up; }
    [[nodiscard]] std::uint32_t held() const {
      return static_cast<std::uint32_t>(running.size() + prefetched.size());
    }
  };
  // Who may be given a job, in the order in which they are.
  struct Place {
    std::uint32_t held;
    std::uint64_t turn;
    std::uint32_t worker;
    friend auto operator<=>(const Place&, const Place&) = default;
  };

  // Around every change of a worker: its place follows from what it is.
  template <class Change>
  void change(std::uint32_t worker, const Change& change);
  [[nodiscard]] Place place_of(std::uint32_t worker) const;
  [[nodiscard]] bool has_place(const Worker& worker) const;

  std::uint32_t slots_;
  std::uint32_t held_max_;
  std::uint32_t takes_ = 0;
  std::vector<Worker> workers_;
  std::vector<OutageCursor> outages_;  // of the first workers; empty where nothing ever fails
  std::set<Place> room_;
  std::vector<std::uint32_t> returned_;
  std::size_t serving_ = 0;
  std::uint64_t turns_ = 0;
  SimTime next_change_ = SimTime::never();
};

}  // namespace haldane::models
