// Samples and rates that are measured from the time before the release keep alpha and beta at every
// look, and what that costs. docs/statistics/covariates.md holds the tables of long runs, which
// HALDANE_STUDY_RUNS=100 repeats.
#include <algorithm>
#include <cmath>
#include <cstdint>
#include <iterator>
#include <string>
#include <vector>

#include <fmt/format.h>
#include <gtest/gtest.h>

#include "analysis/judge/judge.h"
#include "tests/statistical/judge/synthetic_arms.h"
#include "tests/statistical/judge_adjusted/study.h"

namespace haldane::analysis {
namespace {

constexpr int minute_s = 60;

struct Law {
  const char* name;
  int minutes_before;
  double offset = 1;       // of the canary's hosts, at all times
  double growth = 1;       // of both arms, with the release
  double correlation = 0;  // of the seconds that requests are slow in
};

// One arm: minutes before the release and after it, in requests of five a second.
class WatchedArm {
 public:
  WatchedArm(const Law& law, double offset, double change, std::uint64_t seed)
      : before_(model_of(law, offset), seed),
        after_(model_of(law, offset * law.growth * change), seed + 1),
        correlation_(law.correlation) {
    before_.run(law.minutes_before * minute_s);
    table_ = slowed(before_.table());
    release_s_ = law.minutes_before * minute_s;
    taken_.resize(table_.columns.size(), 0);
  }

  void minute() {
    after_.run(minute_s);
    const ObservationTable fresh = slowed(after_.table());
    for (std::size_t c = 0; c < fresh.columns.size(); ++c) {
      for (std::size_t i = taken_[c]; i < fresh.columns[c].values.size(); ++i) {
        table_.columns[c].values.push_back(fresh.columns[c].values[i]);
        table_.columns[c].times_s.push_back(release_s_ + fresh.columns[c].times_s[i]);
      }
      taken_[c] = fresh.columns[c].values.size();
    }
  }
  [[nodiscard]] const ObservationTable& table() const { return table_; }

 private:
  static ArmModel model_of(const Law& law, double factor) {
    ArmModel model;
    model.requests_per_s = 5;
    model.latency_median_ms *= factor;
    model.error_ratio = 0.02 * factor;
    model.queue_correlation = law.correlation;
    return model;
  }

  // Requests of one second are slow together, and seconds follow one another.
  [[nodiscard]] ObservationTable slowed(ObservationTable table) const {
    if (correlation_ == 0) return table;
    ObservationColumn& latency = table.columns[0];
    for (std::size_t i = 0; i < latency.values.size(); ++i) {
      const auto second = static_cast<std::size_t>(latency.times_s[i]);
      latency.values[i] *= std::abs(table.columns[4].values[second]) / 12;
    }
    return table;
  }

  SyntheticArm before_;
  SyntheticArm after_;
  double correlation_;
  double release_s_ = 0;
  ObservationTable table_;
  std::vector<std::size_t> taken_;
};

JudgePolicy policy_of(const Law& law, double margin, bool adjusted) {
  JudgePolicy policy;
  policy.pre_period_s = law.minutes_before * minute_s;
  policy.metrics = {latency_policy(margin),
                    rate_policy("errors", MetricKind::ratio, {margin, std::nullopt})};
  policy.metrics[0].quantiles = {0.5, 0.95};
  for (MetricPolicy& metric : policy.metrics) metric.from_pre_period = adjusted;
  return policy;
}

constexpr int looks[] = {1, 2, 3, 4, 5, 6, 8, 10, 12, 15, 18, 22, 26, 30};

// What a watch of half an hour after the release comes to, and the minute.
struct Ended {
  Decision decision = Decision::inconclusive;
  int minute = 0;
};

Ended watch(const JudgePolicy& policy, const Law& law, double change, int run) {
  const std::uint64_t seed = 6'400'000 + 4 * static_cast<std::uint64_t>(run);
  WatchedArm baseline(law, 1, 1, seed);
  WatchedArm canary(law, law.offset, change, seed + 2);
  for (int minute = 1; minute <= 30; ++minute) {
    baseline.minute();
    canary.minute();
    if (std::find(std::begin(looks), std::end(looks), minute) == std::end(looks)) continue;
    const Decision decision = judge(policy, baseline.table(), canary.table()).decision;
    if (decision != Decision::inconclusive) return {decision, minute};
  }
  return {};
}

int counted(Decision wanted, const JudgePolicy& policy, const Law& law, double change, int runs) {
  int count = 0;
  for (int run = 0; run < runs; ++run) {
    count += watch(policy, law, change, run).decision == wanted ? 1 : 0;
  }
  return count;
}

const Law laws[] = {{"nothing special", 10},
                    {"hosts a fifth slower", 10, 1.2},
                    {"the same, long before", 60, 1.2},
                    {"a fifth slower, half as slow again after", 10, 1.2, 1.5},
                    {"a fifth slower, seconds AR(1) 0.5", 20, 1.2, 1, 0.5}};

TEST(AdjustedSamplesAndRates, KeepAlphaWithoutMargins) {
  const int runs = runs_or(6);
  for (const Law& law : laws) {
    const JudgePolicy policy = policy_of(law, 0, true);
    const int rollbacks = counted(Decision::rollback, policy, law, 1, runs);
    fmt::print("| {} | {} | {} | rolled back {} ({}) |\n", law.name, law.minutes_before, runs,
               rollbacks, most_allowed(runs, policy.alpha));
    std::fflush(stdout);
    EXPECT_LE(rollbacks, most_allowed(runs, policy.alpha)) << law.name;
  }
}

// All that decides is at the edge: one entry, so that it alone promotes.
TEST(AdjustedSamplesAndRates, KeepBetaAtTheEdgeOfTheMargin) {
  const int runs = runs_or(6);
  for (const Law& law : laws) {
    for (const std::size_t metric : {0U, 1U}) {
      JudgePolicy policy = policy_of(law, 0.5, true);
      policy.metrics = {policy.metrics[metric]};
      policy.metrics[0].role = Role::critical;
      policy.metrics[0].quantiles.resize(metric == 0 ? 1 : 0);
      const int promotions = counted(Decision::promote, policy, law, 1.5001, runs);
      fmt::print("| {} | {} | {} | {} promoted {} ({}) |\n", law.name, law.minutes_before, runs,
                 policy.metrics[0].name, promotions, most_allowed(runs, policy.beta));
      std::fflush(stdout);
      EXPECT_LE(promotions, most_allowed(runs, policy.beta)) << law.name;
    }
  }
}

TEST(AdjustedSamplesAndRates, FindAThirdMoreOnSlowHosts) {
  const int runs = runs_or(6);
  for (const Law& law : {Law{"alike", 10}, Law{"a fifth slower", 10, 1.2},
                         Law{"a fifth slower", 30, 1.2}, Law{"a fifth faster", 30, 0.8}}) {
    for (const bool adjusted : {false, true}) {
      const JudgePolicy policy = policy_of(law, 0.1, adjusted);
      int found = 0;
      int minutes = 0;
      for (int run = 0; run < runs; ++run) {
        const Ended ended = watch(policy, law, 1.33, run);
        found += ended.decision == Decision::rollback ? 1 : 0;
        minutes += ended.decision == Decision::rollback ? ended.minute : 0;
      }
      fmt::print("| {} | {} | {} | {} | {} | {:.1f} |\n", law.name, law.minutes_before,
                 adjusted ? "adjusted" : "checked", runs, found,
                 found > 0 ? static_cast<double>(minutes) / found : 0);
      std::fflush(stdout);
      EXPECT_TRUE(!adjusted || found >= runs * 9 / 10) << law.name;
    }
  }
}

}  // namespace
}  // namespace haldane::analysis
