// Results of jobs: to the API, which tells the sites of them, or to the sites themselves.
//
// Workers may be two windows behind the sites when they tell them, which is why a window is at most
// half as long as the way from the edge to the workers and back (longest_window_of_results).
#pragma once

#include <optional>

#include "models/plan.h"
#include "models/tiers/link/api_writes.h"
#include "models/tiers/link/messages.h"
#include "models/tiers/link/outbox.h"
#include "models/tiers/link/site_results.h"

namespace haldane::models {

/// Of one run; without write-backs nothing is ever written. **Determinism** depends on the calls
/// only.
class JobResults {
 public:
  explicit JobResults(const Plan& plan) : link_(plan.scenario.links.workers_to_edge), sites_(plan) {
    if (plan.api_writes) api_.emplace(plan);
  }

  /// A worker has done the job at `done`.
  void write(SimTime done, const Job& job) {
    if (api_) return api_->write(done, job);
    sites_.write({done + link_, stamp_()}, done, job);
  }
  /// When the first of what the sites have not taken yet arrives; never if nothing.
  [[nodiscard]] SimTime earliest() const { return sites_.earliest(); }
  /// As SiteResults::take().
  void take(Outbox<EdgeEvent>& into) { sites_.take(into); }
  /// What a cell has to read. **Domain** the plan writes results to the API.
  [[nodiscard]] Outbox<ApiRequest>& to_cell(std::uint32_t cell) { return api_->to(cell); }

 private:
  Duration link_;
  SiteResults sites_;
  std::optional<ApiWrites> api_;
  sim::KeyStamp stamp_{0xfffeU};
};

}  // namespace haldane::models
