// Arms that may not be those of a release: one source given twice, or baseline and canary swapped.
#include <algorithm>
#include <cmath>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "analysis/judge/judge.h"
#include "tests/statistical/judge/synthetic_arms.h"

namespace haldane::analysis {
namespace {

using testing::Contains;
using testing::HasSubstr;
using testing::Not;

ObservationTable latencies(double factor, std::uint64_t seed) {
  ArmModel model;
  model.latency_median_ms = 20 * factor;
  ObservationTable arm = synthetic_arm(model, seed, 300);
  arm.columns.resize(1);
  return arm;
}

JudgePolicy policy_with(Worse worse, Role role = Role::critical) {
  JudgePolicy policy;
  policy.metrics = {latency_policy()};
  policy.metrics[0].worse = worse;
  policy.metrics[0].role = role;
  return policy;
}

constexpr const char* better =
    "latency_ms p50, latency_ms p95, latency_ms p99: the canary is shown";

TEST(SwappedArms, AreSaidToBePossibleWhereTheCanaryIsFarBetter) {
  const ObservationTable usual = latencies(1, 1);
  const ObservationTable slow = latencies(2, 2);
  const Verdict swapped = judge(policy_with(Worse::higher), slow, usual);
  EXPECT_EQ(swapped.decision, Decision::promote);
  EXPECT_THAT(swapped.assumptions, Contains(HasSubstr(better)));
  EXPECT_THAT(judge(policy_with(Worse::lower), usual, slow).assumptions,
              Contains(HasSubstr(better)));
}

TEST(SwappedArms, AreNoMatterWhereNothingIsBetterOrNothingDecides) {
  const ObservationTable usual = latencies(1, 1);
  const ObservationTable slow = latencies(2, 2);
  const auto silent = Not(Contains(HasSubstr("swapped")));
  EXPECT_THAT(judge(policy_with(Worse::higher), usual, latencies(1, 3)).assumptions, silent);
  EXPECT_THAT(judge(policy_with(Worse::higher), usual, slow).assumptions, silent);
  EXPECT_THAT(judge(policy_with(Worse::either), slow, usual).assumptions, silent);
  EXPECT_THAT(judge(policy_with(Worse::higher, Role::informational), slow, usual).assumptions,
              silent);
}

TEST(OneSourceGivenTwice, IsSaidWhereOnlyTheOrderOfRowsDiffers) {
  ObservationTable rows = latencies(1, 1);
  ObservationTable reversed = rows;
  for (std::vector<double>* cells : {&reversed.columns[0].values, &reversed.columns[0].times_s})
    std::reverse(cells->begin(), cells->end());
  const auto said = Contains(HasSubstr("the same rows in another order"));
  EXPECT_THAT(judge(policy_with(Worse::higher), rows, reversed).assumptions, said);
  reversed.columns[0].values[7] = std::nextafter(reversed.columns[0].values[7], 1e9);
  EXPECT_THAT(judge(policy_with(Worse::higher), rows, reversed).assumptions, Not(said));
}

TEST(OneSourceGivenTwice, IsNotTakenFromAsManyErrorsOfAsManyRequests) {
  ObservationTable errors;
  errors.columns.push_back({"errors", std::vector<double>(5'000, 0.0), {}, 0, 0});
  std::fill_n(errors.columns[0].values.begin(), 50, 1.0);
  ObservationTable others = errors;
  std::reverse(others.columns[0].values.begin(), others.columns[0].values.end());
  JudgePolicy policy;
  policy.metrics = {rate_policy("errors", MetricKind::ratio, {0.5, 0.01}, Role::critical)};
  policy.metrics[0].exposure.clear();
  EXPECT_THAT(judge(policy, errors, others).assumptions, Not(Contains(HasSubstr("same rows"))));
}

}  // namespace
}  // namespace haldane::analysis
