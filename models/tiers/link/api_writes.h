// Results of jobs on their way to the API: each is a request to a cell.
//
// Cells read them in the window in which workers write them: workers are a window behind, which is
// why a window is at most as long as the way from the API to the workers and back
// (longest_window_of_results).
#pragma once

#include <cstdint>
#include <vector>

#include "models/plan.h"
#include "models/tiers/link/messages.h"
#include "models/tiers/link/outbox.h"
#include "sim/base/hash.h"
#include "sim/kernel/event_queue.h"
#include "sim/random/distribution.h"

namespace haldane::models {

/// Of the workers of one run. **Determinism** depends on the calls only; the choice of jobs and
/// cells on their requests only.
class ApiWrites {
 public:
  /// **Domain** the plan writes results to the API.
  explicit ApiWrites(const Plan& plan)
      : rules_(*plan.api_writes), end_(plan.end), outboxes_(plan.cells()) {}

  /// A worker has done the job at `done`. What would arrive after the end of the run is nobody's
  /// business.
  void write(SimTime done, const Job& job) {
    const std::uint64_t word = mix(job.id + 0x9fb21c651e98df25ULL);
    if (done + rules_.link >= end_ || (word >> 32) >= rules_.threshold) return;
    ApiRequest& request = outboxes_[sim::to_index(mix(word), outboxes_.size())].append();
    request.order = {done + rules_.link, stamp_()};
    request.tag = {};
    request.tag.id = job.id | RequestTag::write_bit;
    request.tag.asked = done;
    request.tag.object = job.object;
    request.tag.canary = job.canary;
    request.tag.background = true;
  }
  /// Whoever reads it clears it.
  [[nodiscard]] Outbox<ApiRequest>& to(std::uint32_t cell) { return outboxes_[cell]; }

 private:
  ApiWritesPlan rules_;
  SimTime end_;
  std::vector<Outbox<ApiRequest>> outboxes_;
  sim::KeyStamp stamp_{0xfffdU};
};

}  // namespace haldane::models
