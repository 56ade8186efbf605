// Short ways to run a scenario written in a test and to read what it measured.
#pragma once

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <numeric>
#include <string>
#include <string_view>
#include <vector>

#include <gtest/gtest.h>

#include "models/run_replication.h"
#include "models/spec/read_scenario.h"
#include "sim/measure/latency_histogram.h"

namespace haldane::test {

/// The scenario of a text that must be good. **Errors** a bad text fails the test and ends the
/// program.
inline models::Scenario scenario(std::string_view text,
                                 const std::vector<std::string>& overrides = {}) {
  auto parsed = models::read_scenario(text, "test.yaml", overrides);
  if (!parsed) ADD_FAILURE() << to_string(parsed.error());
  return parsed.value();
}

/// One replication of a scenario, with sums over its measured time (after the stated warm-up).
class Trial {
 public:
  explicit Trial(const models::Scenario& s, std::uint64_t seed = 1, std::uint64_t replication = 0,
                 double sample_share = 0)
      : Trial(models::compile_plan(s), seed, replication, sample_share) {}
  /// The same from a plan, for those who run many replications of it.
  explicit Trial(const models::Plan& plan, std::uint64_t seed = 1, std::uint64_t replication = 0,
                 double sample_share = 0)
      : plan_(plan), result_(models::run_replication(plan_, {seed, replication, sample_share})) {}

  [[nodiscard]] const models::Plan& plan() const { return plan_; }
  [[nodiscard]] const models::ReplicationResult& result() const { return result_; }
  [[nodiscard]] const sim::Measurements& measurements() const { return result_.measurements; }
  [[nodiscard]] std::uint64_t digest() const { return measurements().digest; }

  [[nodiscard]] double measured_s() const {
    return (measurements().grid.bin_bounds.back() - measured_from()).as_seconds();
  }
  [[nodiscard]] std::int64_t sum(models::Counter c, models::Block b = models::Block::total) const {
    const auto& bins = measurements().counters[index(c, b)];
    return std::accumulate(bins.begin() + measurements().grid.warmup_bins, bins.end(),
                           std::int64_t{0});
  }
  [[nodiscard]] double rate(models::Counter c) const {
    return static_cast<double>(sum(c)) / measured_s();
  }
  [[nodiscard]] double ratio(models::Counter a, models::Counter b) const {
    return static_cast<double>(sum(a)) / static_cast<double>(sum(b));
  }
  /// Of a counter that holds level x ns.
  [[nodiscard]] double time_average(models::Counter c) const { return rate(c) * 1e-9; }
  [[nodiscard]] std::int64_t maximum(models::Gauge g) const {
    const auto& bins = measurements().maxima[index(g)];
    return *std::max_element(bins.begin() + measurements().grid.warmup_bins, bins.end());
  }
  [[nodiscard]] sim::LatencySlice latency(models::Histogram h,
                                          models::Block b = models::Block::total) const {
    sim::LatencySlice merged;
    const auto& grid = measurements().grid;
    for (std::size_t s = 0; s < grid.slices(); ++s) {
      if (grid.slice_begin[s] < grid.warmup_bins) continue;
      sim::merge(merged, measurements().latencies[index(h, b)][s]);
    }
    return merged;
  }
  /// **Units** ms.
  [[nodiscard]] double mean_ms(models::Histogram h, models::Block b = models::Block::total) const {
    const sim::LatencySlice all = latency(h, b);
    return static_cast<double>(all.sum_ns) / static_cast<double>(all.count) * 1e-6;
  }
  /// The smallest bucket value with at least `p` of the counts at or below it. **Units** ms.
  [[nodiscard]] double quantile_ms(models::Histogram h, double p) const {
    const sim::LatencySlice all = latency(h);
    std::int64_t seen = 0;
    for (const sim::HistogramBucket& bucket : all.buckets) {
      seen += bucket.count;
      if (static_cast<double>(seen) >= p * static_cast<double>(all.count)) {
        return static_cast<double>(bucket.value_ns) * 1e-6;
      }
    }
    return 0;
  }

 private:
  [[nodiscard]] SimTime measured_from() const {
    return measurements().grid.bin_bounds[measurements().grid.warmup_bins];
  }
  models::Plan plan_;
  models::ReplicationResult result_;
};

}  // namespace haldane::test
