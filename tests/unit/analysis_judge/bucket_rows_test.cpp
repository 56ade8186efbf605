// Rows that are no counts of their bucket: running totals, and rows that were read twice.
#include "analysis/judge/bucket_rows.h"

#include <algorithm>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "analysis/judge/judge.h"

namespace haldane::analysis {
namespace {

using testing::Contains;
using testing::HasSubstr;

// A row a second of some 40 requests, of which now and then one fails.
ObservationTable rows(int seconds, int errors_every_s) {
  ObservationTable table;
  table.columns = {{"errors", {}, {}, 0, 0}, {"requests", {}, {}, 0, 0}};
  for (int i = 0; i < seconds; ++i) {
    for (ObservationColumn& column : table.columns) column.times_s.push_back(i);
    table.columns[0].values.push_back(i % errors_every_s == 0 ? 1 : 0);
    table.columns[1].values.push_back(35 + 7 * i % 11);
  }
  return table;
}

// The same as totals since a start, from zero again at `restart_s`.
ObservationTable totals(ObservationTable table, std::size_t restart_s) {
  for (ObservationColumn& column : table.columns) {
    for (std::size_t i = 1; i < column.values.size(); ++i) {
      if (i != restart_s) column.values[i] += column.values[i - 1];
    }
  }
  return table;
}

Verdict judged(const ObservationTable& baseline, const ObservationTable& canary) {
  MetricPolicy errors;
  errors.name = "errors";
  errors.kind = MetricKind::ratio;
  errors.exposure = "requests";
  errors.margin.absolute = 0;
  JudgePolicy policy;
  policy.metrics = {errors};
  return judge(policy, baseline, canary);
}

TEST(RunningTotals, DecideNothingAndSayWhy) {
  const ObservationTable baseline = totals(rows(600, 50), 300);
  const Verdict verdict = judged(baseline, totals(rows(600, 10), 200));
  EXPECT_EQ(verdict.decision, Decision::inconclusive);
  EXPECT_THAT(verdict.reasons, Contains(HasSubstr("running totals")));
  EXPECT_EQ(judged(rows(600, 50), rows(600, 10)).decision, Decision::rollback)
      << "the same as increases";
}

TEST(RunningTotals, OfOneArmAndOutOfOrderAreSeenToo) {
  ObservationTable shuffled = totals(rows(600, 50), 300);
  for (ObservationColumn& column : shuffled.columns) {
    std::reverse(column.times_s.begin(), column.times_s.end());
    std::reverse(column.values.begin(), column.values.end());
  }
  EXPECT_THAT(judged(shuffled, rows(600, 50)).reasons, Contains(HasSubstr("baseline: its values")));
}

TEST(RunningTotals, LoadThatOnlyRisesIsNone) {
  ObservationTable ramp = rows(600, 50);
  for (std::size_t i = 0; i < 600; ++i) ramp.columns[1].values[i] = static_cast<double>(40 + i);
  EXPECT_FALSE(are_running_totals(ramp.columns[0], &ramp.columns[1]));
  EXPECT_FALSE(are_running_totals(rows(600, 50).columns[0], nullptr));
  EXPECT_TRUE(are_running_totals(ramp.columns[1], nullptr));
}

TEST(RepeatedRows, AreCountedAndSaid) {
  ObservationTable twice = rows(600, 50);
  const ObservationTable once = twice;
  for (std::size_t c = 0; c < 2; ++c) {
    const ObservationColumn& part = once.columns[c];
    ObservationColumn& all = twice.columns[c];
    all.times_s.insert(all.times_s.end(), part.times_s.begin(), part.times_s.begin() + 200);
    all.values.insert(all.values.end(), part.values.begin(), part.values.begin() + 200);
  }
  EXPECT_THAT(judged(once, twice).assumptions,
              Contains(HasSubstr("canary, errors: 200 of 800 rows repeat another")));
  EXPECT_EQ(repeated_rows(once.columns[0], once.columns[1]).repeated, 0);
}

TEST(RepeatedRows, OfTwoPodsOrOfSingleRequestsAreNone) {
  ObservationTable pods = rows(600, 50);
  ObservationTable requests = pods;
  for (std::size_t i = 0; i < 600; ++i) {
    pods.columns[0].times_s[i] = pods.columns[1].times_s[i] = static_cast<double>(i / 2);
    requests.columns[0].times_s[i] = requests.columns[1].times_s[i] = static_cast<double>(i / 20);
    requests.columns[1].values[i] = 1;
  }
  EXPECT_EQ(repeated_rows(pods.columns[0], pods.columns[1]).repeated, 0);
  EXPECT_EQ(repeated_rows(requests.columns[0], requests.columns[1]).repeated, 0);
}

}  // namespace
}  // namespace haldane::analysis
