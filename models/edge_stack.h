// The whole system of one replication: sites, cells and workers as logical processes, advanced in
// windows.
//
// A window has two phases with a barrier after each: all sites up to a horizon, together with the
// workers, who are a window behind, or some where nobody hears of their results; then all cells up
// to the horizon plus the link. A window is as long as the shortest way back (edge to API and its
// answer), so nothing that a tier does can still concern what an earlier tier has already
// simulated. Results that workers write back reach the sites and shields one window later: where
// there are any, two windows fit into the way to the workers and back. Those written to the API
// reach cells in the window in which workers say them. Processes of one phase share nothing, so the
// threads of a team take them in any order: the partition is the scenario's, and the result does
// not know of threads. Windows without any event are skipped; those with few run on one thread.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <vector>

#include "models/plan.h"
#include "models/run_replication.h"
#include "models/tiers/api/api_cell.h"
#include "models/tiers/edge/edge_site.h"
#include "models/tiers/workers/worker_tier.h"
#include "sim/parallel/thread_team.h"

namespace haldane::models {

class EdgeStack {
 public:
  EdgeStack(const Plan& plan, const ReplicationOptions& options);

  /// Keeps what chosen requests meet. **Domain** before run().
  void trace(const RequestChoice& choice);
  /// Keeps what each replica, worker and node of the edge does. **Domain** before run().
  void watch_nodes();
  /// Of those that are watched: replicas, workers, the edge's. **Domain** after run().
  [[nodiscard]] std::vector<NodeSeries> nodes() const;
  /// Of chosen requests, in no useful order. **Domain** after run().
  [[nodiscard]] std::vector<RequestVisit> visits() const;
  /// Runs to the end, or until `control` asks to stop.
  void run(RunControl* control);
  /// **Domain** after run(), once.
  [[nodiscard]] ReplicationResult take_result();

 private:
  void advance_window(SimTime horizon);
  void advance_site(std::uint32_t site, SimTime horizon);
  void advance_cell(std::uint32_t cell, SimTime horizon);
  [[nodiscard]] bool workers_are_due() const;
  void advance_workers();
  void take_results();
  void run_phase(std::size_t processes, const std::function<void(std::size_t)>& advance);
  [[nodiscard]] SimTime next_time();
  [[nodiscard]] std::uint64_t events() const;

  const Plan* plan_;
  ReplicationOptions options_;
  sim::BinLocator bins_;
  Duration link_;
  Duration job_link_;
  bool shields_hear_;    // of results of jobs
  bool jobs_feed_back_;  // anybody hears of them
  std::vector<std::unique_ptr<EdgeSiteBase>> sites_;
  std::vector<ApiCell> cells_;
  // Whose outboxes each site and cell has to read: settled between two phases, on one thread.
  std::vector<std::vector<std::uint32_t>> cells_to_read_;
  std::vector<std::vector<std::uint32_t>> sites_to_read_;
  std::unique_ptr<WorkerTier> workers_;  // null where there are none
  Outbox<EdgeEvent> results_;            // of jobs, for each site to read in this window
  sim::ThreadTeam team_;
  SimTime done_;                 // sites and cells have simulated so far, in the edge's time
  std::size_t workers_due_ = 0;  // in this window: one, or none
  bool only_jobs_are_left_ = false;
  bool alone_ = false;  // whether this window is too small to share
  std::uint64_t windows_ = 0;
  std::uint64_t windows_on_one_thread_ = 0;
  std::optional<SimTime> stopped_at_;  ///< all tiers have simulated so far
};

}  // namespace haldane::models
