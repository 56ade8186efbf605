// The workers as the run sees them: jobs come in, time advances, measurements come out.
//
// Where jobs leave in the order in which they came and workers never change, everything is known at
// a job's arrival (job_queue.h); the rest takes events (job_broker.h). Which of the two is decided
// before the run.
#pragma once

#include <cstdint>
#include <memory>
#include <vector>

#include "models/plan.h"
#include "models/tiers/link/messages.h"
#include "models/tiers/link/outbox.h"
#include "models/tiers/record/request_trace.h"
#include "models/tiers/scaling/scale_log.h"
#include "models/tiers/workers/job_results.h"
#include "sim/measure/interval_series.h"

namespace haldane::models {

class WorkerTurnover;

/// One logical process: one virtual call a window.
class WorkerTier {
 public:
  explicit WorkerTier(const Plan& plan) : results_(plan) {}
  virtual ~WorkerTier() = default;
  /// Takes jobs from an API cell. Clears `outbox`.
  virtual void deliver(Outbox<Job>& outbox) = 0;
  /// Simulates everything before `horizon`. **Domain** all jobs that arrive before were delivered.
  virtual void advance(SimTime horizon) = 0;
  [[nodiscard]] virtual SimTime next_time() const = 0;

  /// Adds the workers' part to the measurements of each arm. **Domain** the run is over.
  virtual void report(std::vector<sim::Measurements>& arms) = 0;
  [[nodiscard]] virtual std::uint64_t events() const = 0;
  [[nodiscard]] virtual std::uint64_t digest() const = 0;
  /// What the workers' autoscaler did; null without one. **Domain** after report().
  [[nodiscard]] virtual const ScaleLog* scale_log() const { return nullptr; }
  /// Keeps what the jobs of chosen requests meet. **Domain** before the first advance().
  void trace(const RequestChoice& choice) {
    trace_.choose(choice);
    name_workers();
  }
  /// Likewise, of each worker. **Domain** likewise.
  void watch_nodes(const sim::BinLocator& bins) {
    trace_.watch_nodes(bins, false);
    name_workers();
  }
  [[nodiscard]] const RequestTrace& trace() const { return trace_; }
  /// What jobs that are done say to every site.
  [[nodiscard]] JobResults& results() { return results_; }
  [[nodiscard]] const JobResults& results() const { return results_; }

 protected:
  [[nodiscard]] RequestTrace& trace() { return trace_; }

 private:
  // From now on visits say which worker it was.
  virtual void name_workers() {}

  RequestTrace trace_;
  JobResults results_;
};

/// Adds capacity and cost of workers that are not scaled: fleet 0 is the baseline's, 1 the canary's
/// own. `turnover` says who was replaced or stopped; null where nobody is. **Domain** once, after
/// the run.
void report_worker_capacity(sim::Measurements& m, const Plan& plan, std::uint32_t fleet,
                            const sim::BinLocator& bins, const WorkerTurnover* turnover = nullptr);

/// **Domain** the plan has workers.
[[nodiscard]] std::unique_ptr<WorkerTier> make_workers(const Plan& plan, std::uint64_t seed,
                                                       std::uint64_t replication,
                                                       const sim::BinLocator& bins);

}  // namespace haldane::models
