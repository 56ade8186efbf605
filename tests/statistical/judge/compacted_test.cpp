// False alarms of a watch whose rows are folded early, over many looks: the compact form must not
// cry wolf where the rows would not.
#include <algorithm>
#include <cmath>
#include <cstdint>
#include <random>
#include <string>

#include <boost/math/distributions/binomial.hpp>
#include <gtest/gtest.h>

#include "analysis/ingest/column_sketch.h"
#include "analysis/judge/judge.h"
#include "tests/statistical/judge/synthetic_arms.h"

namespace haldane::analysis {
namespace {

constexpr std::size_t kept = 300;

// An arm that is watched: rows come, and those beyond `kept` are folded.
class WatchedArm {
 public:
  WatchedArm(const ArmModel& model, std::uint64_t seed) : arm_(model, seed) {}

  void run(int seconds) {
    arm_.run(seconds);
    const ObservationTable& all = arm_.table();
    if (table_.columns.empty()) {
      table_.has_timestamps = true;
      for (const ObservationColumn& column : all.columns) {
        table_.columns.push_back({column.name, {}, {}, 0, 0});
      }
      taken_.resize(all.columns.size(), 0);
    }
    for (std::size_t i = 0; i < all.columns.size(); ++i) take(i, all.columns[i]);
  }

  [[nodiscard]] const ObservationTable& table() const { return table_; }

 private:
  void take(std::size_t i, const ObservationColumn& all) {
    const auto from = static_cast<std::ptrdiff_t>(taken_[i]);
    ObservationColumn& column = table_.columns[i];
    column.values.insert(column.values.end(), all.values.begin() + from, all.values.end());
    column.times_s.insert(column.times_s.end(), all.times_s.begin() + from, all.times_s.end());
    if (i == 0) slow_down_with_the_queue(column, all.values.size() - taken_[i]);
    taken_[i] = all.values.size();
    compact_rows(column, kept);
  }

  // Requests of one second are slow together, and seconds follow one another.
  void slow_down_with_the_queue(ObservationColumn& latency, std::size_t fresh) const {
    const std::vector<double>& queue = arm_.table().columns[4].values;
    for (std::size_t i = latency.values.size() - fresh; i < latency.values.size(); ++i) {
      latency.values[i] *= std::abs(queue[static_cast<std::size_t>(latency.times_s[i])]) / 12;
    }
  }

  SyntheticArm arm_;
  ObservationTable table_;
  std::vector<std::size_t> taken_;
};

// The null at its hardest, no margin at all, at 25 looks, of which all but the first are compacted
// ones.
int false_rollbacks(const JudgePolicy& policy, const ArmModel& model, int canaries) {
  int rollbacks = 0;
  for (int i = 0; i < canaries; ++i) {
    const std::uint64_t seed = 7'000'000 + 2 * static_cast<std::uint64_t>(i);
    WatchedArm baseline(model, seed);
    WatchedArm canary(model, seed + 1);
    for (int look = 0; look < 25; ++look) {
      baseline.run(60);
      canary.run(60);
      if (judge(policy, baseline.table(), canary.table()).decision != Decision::rollback) continue;
      ++rollbacks;
      break;
    }
  }
  return rollbacks;
}

TEST(CompactedFalseRollbacks, StayBelowAlphaOverTwentyFiveLooks) {
  constexpr int canaries = 100;
  JudgePolicy policy = usual_policy();
  for (MetricPolicy& metric : policy.metrics) {
    if (metric.margin.relative) metric.margin.relative = 0;
    if (metric.margin.absolute) metric.margin.absolute = 0;
  }
  const boost::math::binomial law(canaries, policy.alpha);
  const double most = boost::math::quantile(boost::math::complement(law, 0.001));
  for (const double correlation : {0.0, 0.5}) {
    ArmModel model;
    model.requests_per_s = 5;
    model.queue_correlation = correlation;
    const int rollbacks = false_rollbacks(policy, model, canaries);
    RecordProperty("rollbacks_at_correlation_" + std::to_string(int(correlation * 10)), rollbacks);
    EXPECT_LE(rollbacks, most) << correlation;
  }
}

}  // namespace
}  // namespace haldane::analysis
