// Why a cell had so many replicas: what its autoscaler saw and said, in a bounded log.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <vector>

#include "models/scale/decision.h"
#include "sim/base/time.h"

namespace haldane::models {

/// One entry: a look of the controller, or replicas that came up or went down.
struct ScaleStep {
  enum class Kind : std::uint8_t {
    look,    ///< the controller decided
    ready,   ///< replicas that were asked for together serve, the last of them from now on
    outage,  ///< replicas crashed or came back, by the timeline
    deploy,  ///< replicas are replaced: they serve no more until their successors are ready
  };
  std::uint32_t cell = 0;
  Kind kind = Kind::look;
  SimTime at;
  SimTime asked;                     ///< ready: when they were asked for, or sent to be replaced
  SimTime first;                     ///< ready: when the first of them served
  double signal = 0;                 ///< look: in the metric's unit; meaningless with no_signal and
                                     ///< missing
  std::uint32_t before = 0;          ///< look: replicas asked for until now
  std::uint32_t recommendation = 0;  ///< look: raw
  ScaleLimit limit = ScaleLimit::none;
  std::uint32_t wanted = 0;  ///< replicas asked for from now on, starting ones included
  std::uint32_t ready = 0;   ///< replicas that serve from now on
  bool polled = false;       ///< look: by KEDA between nothing and one replica, not by its HPA
  std::uint32_t metric = 0;  ///< look: which of the autoscaler's metrics recommends, or is missing
};

/// Looks that change nothing and have the same reason as the look before are left out; polls, by
/// which KEDA puts to sleep and wakes up, likewise, and by themselves. Replicas that were asked for
/// together and come up one by one are one entry, unless something else comes between. Beyond
/// `capacity` entries everything is left out, and counted.
class ScaleLog {
 public:
  static constexpr std::size_t capacity = 2'000;

  void add(const ScaleStep& step) {
    if (step.kind == ScaleStep::Kind::look) {
      std::optional<ScaleLimit>& last = step.polled ? last_poll_ : last_look_;
      if (step.before == step.wanted && step.limit == last) return;
      last = step.limit;
    }
    if (continues_last(step)) {
      const SimTime first = steps_.back().first;
      steps_.back() = step;
      steps_.back().first = first;
    } else if (steps_.size() < capacity) {
      steps_.push_back(step);
    } else {
      ++omitted_;
    }
  }
  [[nodiscard]] const std::vector<ScaleStep>& steps() const { return steps_; }
  [[nodiscard]] std::uint64_t omitted() const { return omitted_; }

 private:
  [[nodiscard]] bool continues_last(const ScaleStep& step) const {
    return step.kind == ScaleStep::Kind::ready && !steps_.empty() && omitted_ == 0 &&
           steps_.back().kind == ScaleStep::Kind::ready && steps_.back().asked == step.asked;
  }

  std::vector<ScaleStep> steps_;
  std::uint64_t omitted_ = 0;
  std::optional<ScaleLimit> last_look_;
  std::optional<ScaleLimit> last_poll_;
};

}  // namespace haldane::models
