// Deploys of a fleet whose size an autoscaler chooses: who still runs the old release, and when the
// next wave goes.
//
// As a Deployment of Kubernetes does it, a deploy replaces replicas and leaves their number to the
// autoscaler: one that is taken away meanwhile need not be replaced, and one that is added runs the
// new release from the start.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "models/plan.h"

namespace haldane::models {

/// Knows replicas by number. **Cost** O(replicas) a call. **Determinism** depends on the calls
/// only.
class RollingUpdate {
 public:
  /// `deploys` ascend by time; one that would begin during another begins after it.
  explicit RollingUpdate(std::span<const WorkerDeploy> deploys) : deploys_(deploys) {}

  /// When a deploy begins by the clock; never while one is under way.
  [[nodiscard]] SimTime next_time() const {
    return under_way() || begun_ == deploys_.size() ? SimTime::never() : deploys_[begun_].at;
  }
  /// Who is to be replaced now: nobody while the last wave is away. `running` serve, the oldest
  /// first; who starts already at the beginning of a deploy starts with the new release.
  /// **Domain** `now` never decreases.
  [[nodiscard]] std::vector<std::uint32_t> next_wave(SimTime now,
                                                     std::span<const std::uint32_t> running);
  /// A replica that was replaced serves again, or whoever it is, it is not wanted any more.
  void settle(std::uint32_t replica);
  /// From the last customer of the old one to the first of the new one. **Domain** a wave was sent.
  [[nodiscard]] const sim::Distribution& startup() const { return deploys_[begun_ - 1].startup; }
  /// Deploys that have begun.
  [[nodiscard]] std::size_t begun() const { return begun_; }

 private:
  [[nodiscard]] bool under_way() const { return !old_.empty() || !away_.empty(); }

  std::span<const WorkerDeploy> deploys_;
  std::size_t begun_ = 0;            // deploys
  std::size_t wave_ = 1;             // replicas
  std::vector<std::uint32_t> old_;   // run the old release; oldest first
  std::vector<std::uint32_t> away_;  // of the present wave
};

}  // namespace haldane::models
