// A watch whose rows are folded early, over many looks: the compact form must not cry wolf where
// the rows would not, nor clear what they would not, and must still see.
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
constexpr int canaries = 100;

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

// What a watch of `looks` minutes comes to.
Decision first_decision(const JudgePolicy& policy, const ArmModel& baseline_model,
                        const ArmModel& canary_model, int index, int looks) {
  const std::uint64_t seed = 7'000'000 + 2 * static_cast<std::uint64_t>(index);
  WatchedArm baseline(baseline_model, seed);
  WatchedArm canary(canary_model, seed + 1);
  for (int look = 0; look < looks; ++look) {
    baseline.run(60);
    canary.run(60);
    const Decision decision = judge(policy, baseline.table(), canary.table()).decision;
    if (decision != Decision::inconclusive) return decision;
  }
  return Decision::inconclusive;
}

int counted(Decision wanted, const JudgePolicy& policy, const ArmModel& baseline,
            const ArmModel& canary, int looks) {
  int count = 0;
  for (int i = 0; i < canaries; ++i) {
    count += first_decision(policy, baseline, canary, i, looks) == wanted ? 1 : 0;
  }
  return count;
}

double most_allowed(double rate) {
  const boost::math::binomial law(canaries, rate);
  return boost::math::quantile(boost::math::complement(law, 0.001));
}

ArmModel quiet_service(double correlation) {
  ArmModel model;
  model.requests_per_s = 5;
  model.queue_correlation = correlation;
  return model;
}

// The null at its hardest, no margin at all; all looks but the first are at compacted arms.
TEST(CompactedFalseRollbacks, StayBelowAlphaOverTwentyFiveLooks) {
  JudgePolicy policy = usual_policy();
  for (MetricPolicy& metric : policy.metrics) {
    if (metric.margin.relative) metric.margin.relative = 0;
    if (metric.margin.absolute) metric.margin.absolute = 0;
  }
  for (const double correlation : {0.0, 0.5}) {
    const ArmModel model = quiet_service(correlation);
    const int rollbacks = counted(Decision::rollback, policy, model, model, 25);
    RecordProperty("rollbacks_at_correlation_" + std::to_string(int(correlation * 10)), rollbacks);
    EXPECT_LE(rollbacks, most_allowed(policy.alpha)) << correlation;
  }
}

TEST(CompactedFalsePromotions, StayBelowBetaAtTheEdgeOfTheMargin) {
  JudgePolicy policy;
  policy.metrics = {latency_policy(0.10)};
  policy.metrics[0].quantiles = {0.5};
  const ArmModel model = quiet_service(0);
  ArmModel edge = model;
  edge.latency_median_ms *= 1.1001;
  const int promotions = counted(Decision::promote, policy, model, edge, 40);
  RecordProperty("promotions", promotions);
  EXPECT_LE(promotions, most_allowed(policy.beta));
}

TEST(CompactedPower, AThirdSlowerIsFoundInNinetyNineOfAHundred) {
  const ArmModel model = quiet_service(0);
  ArmModel slow = model;
  slow.latency_median_ms *= 1.33;
  const int rollbacks = counted(Decision::rollback, usual_policy(), model, slow, 30);
  RecordProperty("rollbacks", rollbacks);
  EXPECT_GE(rollbacks, canaries * 99 / 100);
}

}  // namespace
}  // namespace haldane::analysis
