// Evidence that an effect is inside its margin: two one-sided tests, beside R's.
#include <array>
#include <cmath>
#include <map>
#include <string>

#include <gtest/gtest.h>

#include "analysis/judge/judge.h"
#include "tests/unit/analysis_compare/golden_table.h"

namespace haldane::analysis {
namespace {

ObservationTable table_of(const std::vector<std::string>& names,
                          const std::vector<std::vector<double>>& columns) {
  ObservationTable table;
  for (std::size_t i = 0; i < names.size(); ++i) {
    table.columns.push_back({names[i], columns[i], {}, 0, 0});
  }
  return table;
}

Verdict judged(const GoldenRow& row) {
  static const std::map<std::string, FixedTest> tests = {{"welch", FixedTest::welch},
                                                         {"mann_whitney", FixedTest::mann_whitney},
                                                         {"fisher", FixedTest::fisher},
                                                         {"poisson_rate", FixedTest::poisson_rate}};
  const FixedTest test = tests.at(row.text("test"));
  JudgePolicy policy;
  policy.mode = Mode::fixed;
  MetricPolicy& metric = policy.metrics.emplace_back();
  metric.name = "v";
  metric.worse = Worse::either;
  metric.test = test;
  const std::vector<double> x = row.numbers("x");
  const std::vector<double> y = row.numbers("y");
  if (test == FixedTest::welch || test == FixedTest::mann_whitney) {
    metric.margin.absolute = row.number("margin");
    return judge(policy, table_of({"v"}, {y}), table_of({"v"}, {x}));
  }
  metric.kind = test == FixedTest::fisher ? MetricKind::ratio : MetricKind::count;
  metric.exposure = "n";
  metric.margin.relative = row.number("margin");
  return judge(policy, table_of({"v", "n"}, {{y[0]}, {y[1]}}),
               table_of({"v", "n"}, {{x[0]}, {x[1]}}));
}

TEST(Equivalence, AgreesWithTwoOneSidedTestsOfR) {
  const auto rows = golden_rows("equivalence");
  ASSERT_GT(rows.size(), 70U);
  int inside = 0;
  for (const GoldenRow& row : rows) {
    const Verdict verdict = judged(row);
    const Evidence& evidence = verdict.metrics.front();
    const std::string label = row.text("name") + " " + row.text("test") + ": " + evidence.reason;
    ASSERT_TRUE(evidence.equivalence_p_value.has_value()) << label;
    const double expected = row.number("p_value");
    EXPECT_NEAR(*evidence.equivalence_p_value, expected, 1e-9) << label;
    const bool promoted = verdict.decision == Decision::promote;
    EXPECT_EQ(promoted, expected <= 0.05) << label;
    inside += promoted ? 1 : 0;
  }
  EXPECT_GE(inside, 10) << "otherwise the half of this says nothing";
}

// One direction: non-inferiority, the test of that side alone.
TEST(Equivalence, IsOneTestWhereOneDirectionIsWorse) {
  GoldenRow row;
  row.cells = {{"test", "welch"}, {"x", "1 2 3 4 5"}, {"y", "1.5 2.5 2 4.5 4"}, {"margin", "3"}};
  const double both = judged(row).metrics.front().equivalence_p_value.value();
  JudgePolicy policy;
  policy.mode = Mode::fixed;
  MetricPolicy& metric = policy.metrics.emplace_back();
  metric.name = "v";
  metric.test = FixedTest::welch;
  metric.margin.absolute = 3;
  const auto baseline = table_of({"v"}, {row.numbers("y")});
  const auto canary = table_of({"v"}, {row.numbers("x")});
  const auto p = [&](Worse worse) {
    metric.worse = worse;
    return judge(policy, baseline, canary).metrics.front().equivalence_p_value.value();
  };
  EXPECT_DOUBLE_EQ(both, std::max(p(Worse::higher), p(Worse::lower)));
  EXPECT_NE(p(Worse::higher), p(Worse::lower));
}

}  // namespace
}  // namespace haldane::analysis
