// What every request of a cell needs on its way: a database with its own pool of connections.
//
// One first-come-first-served queue for all replicas and both arms of a cell, asked when a request
// starts at its replica. Starts come in order of time where replicas are served by events, so that
// the answer is known at the question.
#pragma once

#include <cstdint>
#include <vector>

#include "models/plan.h"
#include "models/tiers/record/recorder.h"
#include "sim/kernel/slot_heap.h"
#include "sim/kernel/start_ring.h"
#include "sim/measure/interval_series.h"
#include "sim/random/philox.h"

namespace haldane::models {

/// **Determinism** depends on the sequence of calls, and on draws by request.
class Dependency {
 public:
  struct Answer {
    SimTime at;
    bool ok = true;
  };

  Dependency(const Plan& plan, std::uint64_t seed, std::uint64_t replication,
             const sim::BinLocator& bins);

  /// Asks at `now` for request `id` (and its attempt's `lane`). **Domain** now never decreases.
  Answer ask(SimTime now, std::uint64_t id, std::uint64_t lane);
  /// Adds what was measured. **Domain** the run is over; once.
  void report(sim::Measurements& m);

 private:
  enum class Tally : std::uint8_t { calls, errors, count };

  [[nodiscard]] Answer refuse(SimTime now, SimTime at);
  Answer serve(SimTime now, SimTime start, std::uint64_t id, std::uint64_t lane);
  std::int64_t& tally(Tally t) { return recorder_[static_cast<std::size_t>(t)]; }

  const Plan* plan_;
  const DependencyPlan* rule_;
  sim::StreamKey key_;
  sim::SlotHeap connections_;
  sim::StartRing waiting_;
  Recorder<static_cast<std::size_t>(Tally::count), 1> recorder_;
  sim::IntervalSeries busy_;
  sim::IntervalSeries queue_;
};

}  // namespace haldane::models
