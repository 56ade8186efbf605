// Real latencies (tests/data): 5-minute averages of a service over two ordinary days. They are
// correlated in time and drift by 1.6 % from one day to the next.
#include <string>

#include <gtest/gtest.h>
#include <source_folder.h>

#include "analysis/ingest/read_csv.h"
#include "analysis/judge/judge.h"

namespace haldane::analysis {
namespace {

ObservationTable read(const std::string& name) {
  auto table = read_csv(std::string(HALDANE_SOURCE_DIR) + "/tests/data/" + name);
  EXPECT_TRUE(table.has_value()) << name;
  return table ? std::move(table.value()) : ObservationTable{};
}

TEST(RealLatency, TwoOrdinaryDaysAreNoRegression) {
  const ObservationTable monday = read("nab_ec2_latency_monday.csv");
  const ObservationTable tuesday = read("nab_ec2_latency_tuesday.csv");
  ASSERT_EQ(monday.columns.at(0).values.size(), 288U);
  for (const auto& [b, c] : {std::pair(&monday, &tuesday), std::pair(&tuesday, &monday)}) {
    const Verdict v = judge_without_policy(*b, *c);
    EXPECT_NE(v.decision, Decision::rollback) << v.reasons.front();
  }
}

TEST(RealLatency, QuarterSlowerDayIsFound) {
  const ObservationTable monday = read("nab_ec2_latency_monday.csv");
  ObservationTable tuesday = read("nab_ec2_latency_tuesday.csv");
  for (double& v : tuesday.columns.at(0).values) v *= 1.25;
  const Verdict v = judge_without_policy(monday, tuesday);
  EXPECT_EQ(v.decision, Decision::rollback) << v.reasons.front();
}

TEST(RealLatency, FewHoursAreTooLittleForTheTail) {
  const Verdict v = judge_without_policy(read("nab_ec2_latency_monday.csv"),
                                         read("nab_ec2_latency_last_hours.csv"));
  EXPECT_EQ(v.decision, Decision::inconclusive);
}

}  // namespace
}  // namespace haldane::analysis
