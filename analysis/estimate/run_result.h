// The published result of a simulation: contract haldane.run/1 as a value. Reports print it;
// nothing else is printed.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "analysis/estimate/error_budget.h"

namespace haldane::analysis {

/// A metric with its 95 % interval. A bound that cannot be given, and a metric of an absent tier,
/// is empty.
struct MetricEstimate {
  std::string name;
  std::string unit;
  std::optional<double> value;
  std::optional<double> ci_low;
  std::optional<double> ci_high;
  double confidence = 0.95;
};

/// A rule of the scenario that fired.
struct Alert {
  std::string rule;
  std::string severity;
  double from_s = 0;
  double to_s = 0;
};

/// An objective and how it came out; `met` is empty where the metric has no value.
struct ObjectiveResult {
  std::string expr;
  std::optional<bool> met;
  std::optional<double> value;
  std::optional<double> ci_low;
  std::optional<double> ci_high;
};

/// A service level objective and what became of its error budget.
struct SloResult {
  std::string name;
  std::string good;  ///< as written
  double target = 0;
  double window_s = 0;
  ErrorBudget budget;
};

/// A curve over simulated time. **Units** t in seconds from the start of the run, v as the name
/// says. An empty value is a gap (nothing was measured in that bin). Mean over replications.
struct Series {
  std::string name;
  std::vector<double> t_s;
  std::vector<std::optional<double>> v;
};

/// Points of a latency distribution for pictures: P(latency <= value_ms) = probability.
struct DistributionPoint {
  double value_ms = 0;
  double probability = 0;
};

/// Empirical distribution of one latency metric, e.g. "requests.latency_ms", over all replications.
struct LatencyDistribution {
  std::string name;
  std::uint64_t count = 0;
  std::vector<DistributionPoint> points;
};

/// The estimates of one canary arm ("baseline", "canary").
struct ArmResult {
  std::string name;
  std::vector<MetricEstimate> metrics;
  std::vector<LatencyDistribution> distributions;
};

/// A scripted change of the scenario, to be marked in pictures. **Units** seconds from the start.
struct TimelineMark {
  double from_s = 0;
  double to_s = 0;  ///< equal to from_s for a moment
  std::string label;
};

/// What a run that was stopped had been asked for.
struct PartialRun {
  double asked_s = 0;  ///< simulated seconds of one replication
  std::uint32_t asked_replications = 0;
  bool cut = false;  ///< no replication was complete: beginnings of some are reported
};

/// How the engine worked, for who looks after its speed.
struct EngineStatistics {
  double requests_per_window = 0;
  std::uint64_t windows = 0;
  std::uint64_t windows_on_one_thread = 0;
  std::uint32_t threads_per_replication = 1;  ///< the most that one replication was given
  std::optional<double> ns_per_request;       ///< processor time; empty if nothing was simulated
  std::optional<double> events_per_s;         ///< of wall-clock time
};

/// Everything `haldane simulate` says.
struct RunResult {
  std::string scenario;
  std::uint64_t seed = 0;
  std::uint32_t replications = 0;
  std::uint32_t threads = 0;
  double simulated_s = 0;  ///< per replication, warm-up included
  double warmup_s = 0;
  bool warmup_automatic = false;
  bool warmup_doubtful =
      false;  ///< MSER-5 would cut more than half: the run is too short or has no steady state
  std::uint64_t requests = 0;  ///< measured requests, all replications
  std::uint64_t events = 0;    ///< simulated events, all replications, warm-up included
  double wall_s = 0;
  double cpu_s = 0;
  std::string digest;  ///< 16 hex digits; empty of replications that were cut
  std::optional<PartialRun> partial;
  std::optional<EngineStatistics> engine;  ///< where it was asked for
  std::vector<MetricEstimate> metrics;
  std::vector<Alert> alerts;
  std::vector<ObjectiveResult> objectives;
  std::vector<SloResult> slos;
  std::vector<Series> series;
  std::vector<LatencyDistribution> distributions;
  std::vector<ArmResult> arms;  ///< empty without a canary
  std::vector<TimelineMark> timeline;
  std::vector<std::string> notes;  ///< e.g. "requests per window: 412"
};

}  // namespace haldane::analysis
