// What an undecided verdict says is needed, and values that hold a promotion though they are left
// out.
#include <cmath>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "analysis/judge/judge.h"

namespace haldane::analysis {
namespace {

using testing::Contains;
using testing::HasSubstr;

ObservationTable latencies(int rows, int shift) {
  ObservationTable table;
  table.columns = {{"latency_ms", {}, {}, 0, 0}};
  for (int i = 0; i < rows; ++i)
    table.columns[0].values.push_back(20 + ((37 * i + shift) % 100) / 10.0);
  return table;
}

JudgePolicy median_policy() {
  MetricPolicy latency;
  latency.name = "latency_ms";
  latency.quantiles = {0.5};
  latency.margin.relative = 0.1;
  JudgePolicy policy;
  policy.metrics = {latency};
  return policy;
}

TEST(Needs, AreWholeAndOfTwoDigits) {
  int known = 0;
  for (int rows = 40; rows < 100; ++rows) {
    const Verdict verdict = judge(median_policy(), latencies(rows, 0), latencies(rows, 45));
    if (!verdict.needs.requests) continue;
    ++known;
    const double requests = *verdict.needs.requests;
    const double unit = requests > 1000 ? 100 : requests > 100 ? 10 : 1;
    EXPECT_EQ(std::fmod(requests, unit), 0) << requests;
    EXPECT_GE(requests, 1);
  }
  EXPECT_GT(known, 10);
}

TEST(InfiniteValues, HoldAPromotionAndNoMoreThanThat) {
  const ObservationTable baseline = latencies(5000, 0);
  ObservationTable canary = latencies(5000, 45);
  const JudgePolicy policy = median_policy();
  EXPECT_EQ(judge(policy, baseline, canary).decision, Decision::promote);
  canary.columns[0].infinite_cells = 3;
  EXPECT_EQ(judge(policy, baseline, canary).decision, Decision::promote)
      << "fewer than one in 1,000";
  canary.columns[0].infinite_cells = 200;
  const Verdict held = judge(policy, baseline, canary);
  EXPECT_EQ(held.decision, Decision::inconclusive);
  EXPECT_THAT(held.reasons, Contains(HasSubstr("200 values of the canary are infinite")));
  for (double& value : canary.columns[0].values) value *= 2;
  EXPECT_EQ(judge(policy, baseline, canary).decision, Decision::rollback);
}

}  // namespace
}  // namespace haldane::analysis
