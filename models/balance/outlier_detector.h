// Outlier ejection: replicas that fail far more than others get no requests for a while.
#pragma once

#include <cstdint>
#include <vector>

#include "models/balance/outlier_rules.h"
#include "sim/base/time.h"

namespace haldane::models {

/// Judges the replicas of one balancer. Errors in a row are acted on at once, everything else at
/// the end of each interval: first who has sat out comes back, then the interval that ended is
/// judged, then times out shrink for those who behave.
/// **Domain** times never decrease; advance() before anything else at a time. **Determinism**
/// depends on the calls only. **Cost** O(1) a result, O(replicas) an interval.
/// **Source** envoyproxy/envoy, source/common/upstream/outlier_detection_impl.cc (2025), without
/// jitter, local-origin errors, active health checks and shares of enforcement.
class OutlierDetector {
 public:
  /// A span without requests.
  struct Ejection {
    std::uint32_t replica;
    SimTime from;
    SimTime to;  ///< never: until the end
  };

  OutlierDetector(const OutlierRules& rules, std::uint32_t replicas)
      : rules_(rules),
        replicas_(replicas),
        next_interval_(SimTime::zero() + rules.interval),
        is_member_(replicas, true),
        members_(replicas) {}

  /// Lets the intervals end that are over by `now`.
  void advance(SimTime now);
  /// A request has ended.
  void record(SimTime now, std::uint32_t replica, bool ok);
  /// A replica has started anew: nothing is known of it.
  void renew(SimTime now, std::uint32_t replica);
  /// A replica is added, of which nothing is known. **Domain** not one of them; numbers beyond
  /// those of the start come one after the other.
  void join(std::uint32_t replica);
  /// A replica is taken away: how its last requests end is not heard. **Domain** one of them.
  void leave(SimTime now, std::uint32_t replica);

  [[nodiscard]] bool is_ejected(std::uint32_t replica) const { return replicas_[replica].ejected; }
  /// Counts the changes of who is ejected.
  [[nodiscard]] std::uint64_t changes() const { return changes_; }
  /// Whether so few are left that the ejected are used too.
  [[nodiscard]] bool panics() const;
  [[nodiscard]] const std::vector<Ejection>& log() const { return log_; }

 private:
  struct Tally {
    std::uint32_t requests = 0;
    std::uint32_t successes = 0;
    [[nodiscard]] double percent() const { return successes * 100.0 / requests; }
  };
  struct Replica {
    Tally now;   // of the interval that is open
    Tally last;  // of the one before
    std::uint32_t errors_in_a_row = 0;
    std::uint32_t times_out = 0;  // lately: as many times as long it is ejected
    bool ejected = false;
    bool was_ejected = false;
    SimTime since;          // of its last ejection
    SimTime returned;       // of its end
    std::size_t entry = 0;  // in the log
  };
  void end_interval(SimTime now);
  void judge_success_rates(SimTime now);
  void judge_failure_ratios(SimTime now);
  void eject(SimTime now, std::uint32_t replica);
  void take_back(SimTime now, Replica& replica);
  [[nodiscard]] Duration time_out(const Replica& replica) const;
  [[nodiscard]] std::vector<std::uint32_t> judged(std::uint32_t min_requests) const;

  OutlierRules rules_;
  std::vector<Replica> replicas_;
  std::vector<Ejection> log_;
  SimTime next_interval_;
  std::vector<bool> is_member_;
  std::uint64_t changes_ = 0;
  std::uint32_t members_;
  std::uint32_t ejected_ = 0;
};

}  // namespace haldane::models
