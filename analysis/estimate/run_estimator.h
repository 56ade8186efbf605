// Collects replications and turns them into the published estimates at any moment.
//
// Histograms by slice take megabytes a replication, so only the first few are kept whole: they are
// the pilot that the automatic warm-up is found on. Later ones are reduced to one total each as
// they come, so that a thousand replications fit in memory.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "analysis/estimate/curve.h"
#include "analysis/estimate/metric_estimates.h"
#include "analysis/estimate/run_result.h"
#include "analysis/estimate/unit.h"
#include "analysis/estimate/warmup.h"
#include "sim/measure/measurements.h"

namespace haldane::analysis {

class RunEstimator {
 public:
  /// Replications kept whole for the automatic warm-up.
  static constexpr std::size_t pilot_max = 8;

  /// `warmup_automatic`: find the warm-up on the guides instead of taking the grid's.
  RunEstimator(sim::MetricCatalogue catalogue, bool warmup_automatic,
               std::vector<std::string> guides = default_guides());

  /// Publishes a canary arm whose metrics are computed from the same measurements.
  void add_arm(std::string name, sim::MetricCatalogue catalogue);

  /// Takes the next replication. **Domain** replications come in order and share one grid.
  void add(sim::Measurements run);

  [[nodiscard]] std::size_t replications() const { return replications_; }

  /// What is left out, as far as the replications so far tell. It no longer changes after
  /// pilot_max.
  /// **Domain** replications() >= 1.
  [[nodiscard]] Warmup warmup() const;

  /// Value and interval of each metric. **Domain** replications() >= 1.
  [[nodiscard]] std::vector<MetricEstimate> metrics() const;

  /// The metric over time, of all requests or of the arm named; a total as its sum since the
  /// warm-up. **Domain** replications() >= 1. **Returns** no points for a maximum, an absent tier
  /// or an unknown name.
  [[nodiscard]] Curve curve(std::string_view metric, std::string_view arm = {}) const;

  /// Events since the warm-up, and those of them that a ratio counts as bad, bin by bin. **Domain**
  /// replications() >= 1. **Returns** nothing for an absent tier or another kind of metric.
  [[nodiscard]] std::vector<EventPoint> failures(std::string_view ratio) const;
  /// Likewise of latencies, slice by slice: bad are those of `limit_ms` and more, to the
  /// histogram's precision of 0.1 %. `metric` has no statistic: "requests.latency_ms".
  [[nodiscard]] std::vector<EventPoint> slower_than(std::string_view metric, double limit_ms) const;

  /// Fills warm-up, metrics, series, distributions, arms, replications, events and digest.
  /// **Domain** replications() >= 1.
  void fill(RunResult& result) const;

 private:
  [[nodiscard]] UnitSet evidence() const;
  void reduce_pilot();
  // Sums over all replications.
  [[nodiscard]] const sim::Measurements& merged() const {
    return replications_ == 1 ? pilot_.front() : merged_;
  }

  sim::MetricCatalogue catalogue_;
  bool warmup_automatic_;
  std::vector<std::string> guides_;
  std::vector<std::pair<std::string, sim::MetricCatalogue>> arms_;
  std::vector<sim::Measurements> pilot_;  ///< empty once reduced
  std::vector<Unit> reduced_;             ///< all replications, once the pilot is reduced
  Warmup warmup_;                         ///< valid once the pilot is reduced
  sim::Measurements merged_;              ///< valid from the second replication on
  std::size_t replications_ = 0;
  std::vector<std::uint64_t> digests_;
};

/// Hash of the replications' digests in order, as 16 hex digits.
[[nodiscard]] std::string combine_digests(const std::vector<std::uint64_t>& digests);

}  // namespace haldane::analysis
