// Why a cell had so many replicas: what its autoscaler saw and said, in a bounded log.
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "models/scale/decision.h"
#include "sim/base/time.h"

namespace haldane::models {

/// One entry: a look of the controller, or replicas that came up or went down.
struct ScaleStep {
  enum class Kind : std::uint8_t {
    look,    ///< the controller decided
    ready,   ///< replicas that were asked for earlier serve from now on
    outage,  ///< replicas crashed or came back, by the timeline
    deploy,  ///< replicas are replaced: they serve no more until their successors are ready
  };
  std::uint32_t cell = 0;
  Kind kind = Kind::look;
  SimTime at;
  double signal = 0;                 ///< look: in the metric's unit; meaningless with no_signal and
                                     ///< missing
  std::uint32_t before = 0;          ///< look: replicas asked for until now
  std::uint32_t recommendation = 0;  ///< look: raw
  ScaleLimit limit = ScaleLimit::none;
  std::uint32_t wanted = 0;  ///< replicas asked for from now on, starting ones included
  std::uint32_t ready = 0;   ///< replicas that serve from now on
  std::uint32_t metric = 0;  ///< look: which of the autoscaler's metrics recommends, or is missing
};

/// Looks that change nothing and have the same reason as the look before are left out; beyond
/// `capacity` entries, everything is, and counted.
class ScaleLog {
 public:
  static constexpr std::size_t capacity = 2'000;

  void add(const ScaleStep& step) {
    if (step.kind == ScaleStep::Kind::look) {
      if (looked_ && step.before == step.wanted && step.limit == last_limit_) return;
      looked_ = true;
      last_limit_ = step.limit;
    }
    if (steps_.size() < capacity) {
      steps_.push_back(step);
    } else {
      ++omitted_;
    }
  }
  [[nodiscard]] const std::vector<ScaleStep>& steps() const { return steps_; }
  [[nodiscard]] std::uint64_t omitted() const { return omitted_; }

 private:
  std::vector<ScaleStep> steps_;
  std::uint64_t omitted_ = 0;
  bool looked_ = false;
  ScaleLimit last_limit_ = ScaleLimit::none;
};

}  // namespace haldane::models
