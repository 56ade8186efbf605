// Workers that are replaced while the fleet works: deploys in waves, and a canary's workers that
// stop for good.
//
// A wave stops taking jobs and finishes those that it works on; each of its workers starts anew a
// start-up time after it has finished, and the next wave begins when the whole one is back.
#pragma once

#include <cstdint>
#include <deque>
#include <span>
#include <vector>

#include "models/plan.h"
#include "models/tiers/scaling/startup_times.h"
#include "models/tiers/workers/worker_fleet.h"

namespace haldane::models {

/// Of one fleet whose number is fixed. **Determinism** depends on the calls only.
class WorkerTurnover {
 public:
  /// `deploys` ascend by time; one that would begin during another begins after it.
  WorkerTurnover(std::uint32_t workers, std::span<const WorkerDeploy> deploys,
                 sim::StreamKey startup_key)
      : deploys_(deploys), startup_times_(startup_key), absences_(workers) {}

  /// When something happens next by the clock.
  [[nodiscard]] SimTime next_time() const;
  /// Lets everything happen that is due. **Domain** `now` never decreases.
  void advance(WorkerFleet& fleet, SimTime now);
  /// All workers stop taking jobs, and do not come back.
  void retire(WorkerFleet& fleet, SimTime now);
  /// A worker that was stopped has nothing left.
  void departed(std::uint32_t worker, SimTime now);

  /// Outages with the spans in which workers took no jobs, or were not there.
  [[nodiscard]] std::vector<std::vector<Outage>> without_jobs(
      std::span<const std::vector<Outage>> outages) const;
  [[nodiscard]] std::vector<std::vector<Outage>> not_there(
      std::span<const std::vector<Outage>> outages) const;

 private:
  struct Absence {
    SimTime stopped;
    SimTime gone = SimTime::never();
    SimTime back = SimTime::never();
  };
  struct Restart {
    SimTime at;
    std::uint32_t worker;
  };
  void begin_wave(WorkerFleet& fleet, SimTime now);
  void stop(WorkerFleet& fleet, std::uint32_t worker, SimTime now);

  std::span<const WorkerDeploy> deploys_;
  StartupTimes startup_times_;
  std::vector<std::vector<Absence>> absences_;  // of each worker, in order
  std::deque<Restart> restarts_;                // in order of time
  std::size_t begun_ = 0;                       // deploys
  std::uint32_t next_worker_ = 0;               // of the one that is under way
  std::uint32_t away_ = 0;                      // of its wave
  bool under_way_ = false;
};

}  // namespace haldane::models
