// How a tier's replicas are scaled: the controller, its signal, and how long each link of the chain
// from the signal to a working replica takes.
#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "models/scale/hpa.h"
#include "models/scale/keda_jobs.h"
#include "models/scale/kpa.h"
#include "models/scale/schedule.h"
#include "models/scale/target_tracking.h"
#include "models/spec/law_spec.h"
#include "sim/base/time.h"

namespace haldane::models {

/// `api.autoscaler`, `workers.autoscaler` and `edge.autoscaler`. Fields that the kind does not have
/// keep their defaults and mean nothing.
struct AutoscalerSpec {
  enum class Kind : std::uint8_t { hpa, keda, kpa, target_tracking, schedule, keda_jobs };
  enum class Metric : std::uint8_t {
    cpu,          ///< share of the slots of ready replicas that are busy
    concurrency,  ///< requests in service and waiting, a replica
    requests,     ///< requests a second, a replica
    queue,        ///< requests that wait, a replica
    latency,      ///< mean of those answered meanwhile, in seconds
    lag,          ///< age of the oldest job that waits, in seconds; workers only
  };
  /// A metric with what it should be.
  struct MetricTarget {
    Metric metric = Metric::cpu;
    double target = 0;      ///< in the metric's unit
    double activation = 0;  ///< keda: awake above it
  };
  static constexpr std::size_t metrics_max = 8;
  Kind kind = Kind::hpa;
  std::vector<MetricTarget> metrics{1};  ///< several with hpa and keda only; of a schedule unused
  std::uint32_t min = 1;
  std::uint32_t max = 1;
  Duration metric_period = Duration::seconds(15);  ///< the metric is an average over it
  Duration scrape = Duration::seconds(15);         ///< how often the latest metric is read
  Duration sync = Duration::seconds(15);           ///< how often the controller looks at that
  LawSpec startup;                                 ///< from the decision to a started replica
  Duration readiness{};                            ///< from there to its first request

  HpaTolerance tolerance;                                     ///< hpa, keda
  Duration downscale_stabilization = Duration::seconds(300);  ///< hpa, keda without `behavior`
  std::optional<HpaBehavior> behavior;                        ///< hpa, keda
  /// keda of workers: that many, fewer than `min`, while nothing is active; absent = 0 with min 0
  std::optional<std::uint32_t> idle;
  Duration polling = Duration::seconds(30);    ///< keda of workers that sleep or idle
  Duration cooldown = Duration::seconds(300);  ///< likewise
  /// Whether the fleet may be smaller than `min`, or 0, and polls say when.
  [[nodiscard]] bool may_sleep() const { return kind == Kind::keda && (min == 0 || idle); }

  KedaJobRules jobs;             ///< keda_jobs: min, max, target and activation are those above
  std::uint32_t takes = 1;       ///< keda_jobs: jobs of the queue, until one that was started ends
  KpaRules kpa;                  ///< min, max and target are those above
  TargetTrackingRules tracking;  ///< likewise
  std::vector<ScheduleStep> steps;  ///< schedule; ascending
};

}  // namespace haldane::models
