// A canary whose share of the traffic grows in steps.
#include "analysis/judge/steps.h"

#include <cmath>
#include <random>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "analysis/judge/judge.h"
#include "analysis/judge/read_policy.h"

namespace haldane::analysis {
namespace {

using testing::Contains;
using testing::HasSubstr;

constexpr double step_s = 600;
constexpr double shares[] = {0.05, 0.25, 0.5};
// The busier the hour the slower both arms are, and the larger the canary's share.
constexpr double medians_ms[] = {10, 14, 20};
constexpr double error_ratios[] = {0.01, 0.02, 0.05};
constexpr double queues[] = {5, 10, 30};

struct Effects {
  double slower = 1;
  double more_errors = 1;
  double longer_queue = 1;
};

class Rollout {
 public:
  explicit Rollout(std::uint64_t seed) : random_(seed) {
    for (ObservationTable* table : {&baseline, &canary}) {
      for (const char* name : {"latency_ms", "requests", "errors", "queue"}) {
        table->columns.push_back({name, {}, {}, 0, 0});
      }
    }
  }

  void run(const Effects& effects, double requests_per_s = 20) {
    for (int step = 0; step < 3; ++step) {
      for (int second = 0; second < static_cast<int>(step_s); ++second) {
        const double time_s = step * step_s + second;
        second_of(baseline, step, time_s, requests_per_s * (1 - shares[step]), {});
        second_of(canary, step, time_s, requests_per_s * shares[step], effects);
      }
    }
  }

  ObservationTable baseline;
  ObservationTable canary;

 private:
  void second_of(ObservationTable& table, int step, double time_s, double rate,
                 const Effects& effects) {
    const int requests = std::poisson_distribution<int>(rate)(random_);
    std::lognormal_distribution<double> latency(std::log(medians_ms[step] * effects.slower), 0.5);
    for (int i = 0; i < requests; ++i) push(table, 0, time_s, latency(random_));
    push(table, 1, time_s, requests);
    push(table, 2, time_s,
         std::binomial_distribution<int>(requests,
                                         error_ratios[step] * effects.more_errors)(random_));
    push(table, 3, time_s,
         queues[step] * effects.longer_queue * (1 + 0.2 * std::normal_distribution<>()(random_)));
  }

  static void push(ObservationTable& table, std::size_t column, double time_s, double value) {
    table.columns[column].times_s.push_back(time_s);
    table.columns[column].values.push_back(value);
  }

  std::mt19937_64 random_;
};

JudgePolicy policy_of(const std::string& metrics, const std::string& head = {}) {
  const auto read = read_policy("schema: haldane.policy/1\n" + head +
                                    "steps:\n"
                                    "  - {after: 0s, canary_share: 5%}\n"
                                    "  - {after: 10m, canary_share: 25%}\n"
                                    "  - {after: 20m, canary_share: 50%}\n"
                                    "metrics:\n" +
                                    metrics,
                                "policy");
  EXPECT_TRUE(read.has_value()) << (read ? "" : to_string(read.error()));
  return *read;
}

const std::string latency =
    "  - {name: latency_ms, kind: samples, quantiles: [p50, p90], margin: {relative: 10%}}\n";
const std::string errors =
    "  - {name: errors, kind: ratio, of: requests, margin: {relative: 30%}}\n";
const std::string queue = "  - {name: queue, kind: gauge, margin: {relative: 10%}}\n";

JudgePolicy pooled(JudgePolicy policy) {
  policy.steps.clear();
  return policy;
}

TEST(Steps, BusyHoursOfTheCanaryAreNotItsFault) {
  Rollout rollout(1);
  rollout.run({});
  for (const std::string& head : {std::string(), std::string("mode: fixed\n")}) {
    for (const std::string& metric : {latency, errors}) {
      const JudgePolicy policy = policy_of(metric, head);
      const Verdict together = judge(pooled(policy), rollout.baseline, rollout.canary);
      EXPECT_GT(together.metrics.front().estimate.value(), 0.3) << "Simpson's paradox";
      EXPECT_NE(together.decision, Decision::promote);
      const Verdict verdict = judge(policy, rollout.baseline, rollout.canary);
      EXPECT_EQ(verdict.decision, Decision::promote) << verdict.reasons.front();
      EXPECT_LT(std::abs(verdict.metrics.front().estimate.value()), 0.15);
      EXPECT_THAT(verdict.metrics.front().method, HasSubstr("_by_step"));
    }
  }
}

TEST(Steps, WorseCanaryIsFoundWithTheEvidenceOfAllSteps) {
  for (const std::string& head : {std::string(), std::string("mode: fixed\n")}) {
    Rollout rollout(2);
    rollout.run({1.3, 2.5, 1.3});
    for (const std::string& metric : {latency, errors, queue}) {
      const Verdict verdict = judge(policy_of(metric, head), rollout.baseline, rollout.canary);
      EXPECT_EQ(verdict.decision, Decision::rollback) << verdict.reasons.front();
      const Evidence& e = verdict.metrics.front();
      EXPECT_GT(e.ci_low.value(), e.margin);
      EXPECT_LT(e.ci_low.value(), e.estimate.value());
      EXPECT_GT(e.ci_high.value(), e.estimate.value());
    }
  }
}

TEST(Steps, EvenStepsSayAboutWhatTheWholeSays) {
  Rollout rollout(3);
  rollout.run({1.15, 1.5, 1.15});
  JudgePolicy policy = policy_of(queue);
  const double by_step =
      judge(policy, rollout.baseline, rollout.canary).metrics.front().estimate.value();
  const double whole =
      judge(pooled(policy), rollout.baseline, rollout.canary).metrics.front().estimate.value();
  EXPECT_NEAR(by_step, whole, 0.01) << "a gauge has no more points in one step than in another";
}

TEST(Steps, OneStepIsTheWholeToTheByte) {
  Rollout rollout(4);
  rollout.run({1.1, 1.2, 1.1}, 5);
  JudgePolicy policy = policy_of(latency + errors + queue);
  policy.steps.resize(1);
  const Verdict one = judge(policy, rollout.baseline, rollout.canary);
  const Verdict whole = judge(pooled(policy), rollout.baseline, rollout.canary);
  ASSERT_EQ(one.metrics.size(), whole.metrics.size());
  for (std::size_t i = 0; i < one.metrics.size(); ++i) {
    EXPECT_EQ(one.metrics[i].reason, whole.metrics[i].reason);
    EXPECT_EQ(one.metrics[i].e_value, whole.metrics[i].e_value);
  }
}

TEST(Steps, WithoutTimesNothingIsDecided) {
  Rollout rollout(5);
  rollout.run({2, 5, 2});
  for (ObservationColumn& column : rollout.canary.columns) column.times_s.clear();
  const Verdict verdict =
      judge(policy_of(latency + errors + queue), rollout.baseline, rollout.canary);
  EXPECT_EQ(verdict.decision, Decision::inconclusive);
  EXPECT_THAT(verdict.reasons, Contains(HasSubstr("not every value has its time")));
}

TEST(Steps, StepsThatOneArmDidNotSeeAreLeftOut) {
  Rollout rollout(6);
  rollout.run({1.5, 1, 1});
  for (ObservationColumn& column : rollout.canary.columns) {
    for (double& time_s : column.times_s) time_s = std::max(time_s, 2 * step_s);
  }
  EXPECT_EQ(judge(policy_of(latency), rollout.baseline, rollout.canary).decision,
            Decision::rollback);
  for (ObservationColumn& column : rollout.baseline.columns) {
    for (double& time_s : column.times_s) time_s = std::min(time_s, step_s);
  }
  EXPECT_EQ(judge(policy_of(latency), rollout.baseline, rollout.canary).decision,
            Decision::inconclusive);
}

TEST(Steps, ShareOfEachStepIsChecked) {
  Rollout rollout(7);
  rollout.run({});
  const Verdict right = judge(policy_of(errors), rollout.baseline, rollout.canary);
  EXPECT_THAT(right.assumptions, testing::Not(Contains(HasSubstr("policy says"))));
  JudgePolicy wrong = policy_of(errors);
  wrong.steps[1].canary_share = 0.5;
  const Verdict verdict = judge(wrong, rollout.baseline, rollout.canary);
  EXPECT_THAT(verdict.assumptions, Contains(HasSubstr("step 2: the canary has")));
}

TEST(Steps, PolicyIsReadWrittenAndChecked) {
  const JudgePolicy policy = policy_of(errors);
  ASSERT_EQ(policy.steps.size(), 3U);
  EXPECT_EQ(policy.steps[1].after_s, 600);
  EXPECT_EQ(policy.steps[1].canary_share, 0.25);
  const auto read = read_policy(R"(schema: haldane.policy/1
canary_share: 50%
steps: [{after: 1m, canary_share: 5%}, {after: 30s, canary_share: 0%}]
metrics: [{name: a, kind: gauge}]
)",
                                "p");
  ASSERT_FALSE(read.has_value());
  const std::string text = to_string(read.error());
  for (const char* part :
       {"POL-107", "steps[0].after", "steps[1].after", "steps[1].canary_share", "POL-109"}) {
    EXPECT_THAT(text, HasSubstr(part));
  }
}

// Every step a release without a change, margins zero: alpha = 1 % over all looks.
TEST(Steps, UnchangedReleasesAreRolledBackAsRarelyAsPromised) {
  JudgePolicy policy = policy_of(latency + errors + queue);
  for (MetricPolicy& metric : policy.metrics) metric.margin.relative = 0;
  int rolled_back = 0;
  for (std::uint64_t seed = 100; seed < 160; ++seed) {
    Rollout rollout(seed);
    rollout.run({}, 3);
    bool ever = false;
    for (const double until_s : {300.0, 900.0, 1300.0, 1800.0}) {
      const auto upto = [until_s](ObservationTable table) {
        for (ObservationColumn& column : table.columns) {
          std::size_t kept = 0;
          while (kept < column.times_s.size() && column.times_s[kept] < until_s) ++kept;
          column.values.resize(kept);
          column.times_s.resize(kept);
        }
        return table;
      };
      const Verdict verdict = judge(policy, upto(rollout.baseline), upto(rollout.canary));
      ever = ever || verdict.decision == Decision::rollback;
    }
    rolled_back += ever ? 1 : 0;
  }
  // The upper 99.9 % point of the binomial law of 60 at 1 %.
  EXPECT_LE(rolled_back, 4);
}

}  // namespace
}  // namespace haldane::analysis
