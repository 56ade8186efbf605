// The whole system of one replication: sites, cells and workers as logical processes, advanced in
// windows.
//
// Tiers are processed in turn: all sites up to a horizon, all cells up to that plus the link, the
// workers up to that plus theirs. A window is as long as the shortest way back (edge to API and its
// answer), so nothing that a tier does can still concern what an earlier tier has already
// simulated. Windows without any event are skipped.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <vector>

#include "models/plan.h"
#include "models/run_replication.h"
#include "models/tiers/api_cell.h"
#include "models/tiers/edge_site.h"
#include "models/tiers/job_queue.h"

namespace haldane::models {

class EdgeStack {
 public:
  EdgeStack(const Plan& plan, const ReplicationOptions& options);

  /// Runs to the end, or until `control` asks to stop.
  void run(RunControl* control);
  /// **Domain** after run(), once.
  [[nodiscard]] ReplicationResult take_result();

 private:
  void advance_window(SimTime horizon);
  [[nodiscard]] SimTime next_time() const;
  [[nodiscard]] std::uint64_t events() const;

  const Plan* plan_;
  ReplicationOptions options_;
  sim::BinLocator bins_;
  Duration link_;
  Duration job_link_;
  std::vector<std::unique_ptr<EdgeSiteBase>> sites_;
  std::vector<ApiCell> cells_;
  std::optional<JobQueue> workers_;
  std::uint64_t windows_ = 0;
  std::optional<SimTime> stopped_at_;  ///< all tiers have simulated so far
};

}  // namespace haldane::models
