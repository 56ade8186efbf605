// One replication: the tiers of a plan simulated from start to end, and what they measured.
#pragma once

#include <atomic>
#include <cstdint>
#include <vector>

#include "models/plan.h"
#include "models/tiers/link/messages.h"
#include "models/tiers/scaling/scale_log.h"
#include "sim/measure/measurements.h"

namespace haldane::models {

/// What a running replication tells its watcher, and how it is asked to stop. Written with relaxed
/// order: a hint, not a result.
struct RunControl {
  std::atomic<std::int64_t> simulated_ns{0};  ///< added up over replications as windows pass
  std::atomic<std::uint64_t> events{0};       ///< likewise
  std::atomic<bool> stop{false};  ///< set by the watcher; the replication then ends early
};

struct ReplicationOptions {
  std::uint64_t seed = 1;
  std::uint64_t replication = 0;
  double sample_share = 0;  ///< of requests kept as RequestSample, by a hash of the request
  unsigned threads = 1;     ///< for the windows of this replication; changes speed, never a result
  std::uint64_t worth_sharing = 400;  ///< a window after one of fewer events runs on one thread:
                                      ///< two barriers cost about as much
};

/// One replication's result.
struct ReplicationResult {
  sim::Measurements measurements;  ///< blocks as metrics.h lays them out: total, then the arms if
                                   ///< there is a canary
  std::vector<RequestSample> samples;
  std::vector<ScaleStep> scaling;         ///< of all cells, cell by cell, each in order of time
  std::uint64_t scaling_omitted = 0;      ///< steps beyond ScaleLog::capacity a cell
  std::vector<ScaleStep> worker_scaling;  ///< of the workers
  std::uint64_t worker_scaling_omitted = 0;
  std::vector<ScaleStep> edge_scaling;  ///< of all sites, as of cells; `cell` is the site
  std::uint64_t edge_scaling_omitted = 0;
  double requests_per_window = 0;
  std::uint64_t windows = 0;
  std::uint64_t windows_on_one_thread = 0;  ///< of those; all of them unless threads were asked for
  bool stopped = false;  ///< by RunControl::stop: the measurements are of the slices that were
                         ///< complete, their grid is cut to these (empty if there is none)
};

/// Simulates one replication. **Determinism** the result depends on the plan, seed and replication
/// alone.
/// **Cost** 40-200 ns a request; memory O(objects x sites + requests in flight), independent of
/// duration.
[[nodiscard]] ReplicationResult run_replication(const Plan& plan, const ReplicationOptions& options,
                                                RunControl* control = nullptr);

}  // namespace haldane::models
