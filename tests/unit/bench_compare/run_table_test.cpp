#include "bench/compare/run_table.h"

#include <string>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace haldane::bench {
namespace {

using testing::HasSubstr;
using testing::Not;

std::string output(const std::string& name, double time, const std::string& hash) {
  return R"({"benchmarks": [{"name": ")" + name +
         R"(", "run_type": "iteration", "real_time": 99, "cpu_time": )" + std::to_string(time) +
         R"(, "time_unit": "us", "label": ")" + hash + R"("}]})";
}

RunTable table_of(const std::string& name, double first_time, const std::string& hash) {
  RunTable table;
  for (int i = 0; i < 7; ++i) {
    EXPECT_TRUE(add_output(table, output(name, first_time + i, hash)));
  }
  return table;
}

// Seven runs against seven without overlap: two of the 3,432 arrangements are as extreme.
TEST(RunTable, ShowsMediansSpreadRatioAndTheRankTest) {
  const std::string text = comparison(table_of("queue", 10, "a"), table_of("queue", 20, "a"));
  EXPECT_THAT(text, HasSubstr("this  13 us (10 us to 16 us)"));
  EXPECT_THAT(text, HasSubstr("other 23 us (20 us to 26 us)"));
  EXPECT_THAT(text, HasSubstr("this / other 0.565, p = 0.00058, 7 and 7 runs"));
  EXPECT_THAT(text, Not(HasSubstr("warning")));
}

TEST(RunTable, WarnsOfHashesThatDifferBetweenSidesOrRuns) {
  EXPECT_THAT(comparison(table_of("queue", 10, "a"), table_of("queue", 10, "b")),
              HasSubstr("queue computes something else: a here, b there"));
  RunTable changing = table_of("queue", 10, "a");
  ASSERT_TRUE(add_output(changing, output("queue", 1, "c")));
  EXPECT_THAT(comparison(changing, table_of("queue", 10, "a")), HasSubstr("differing here"));
}

TEST(RunTable, TakesWallTimeWhereTheNameSaysSo) {
  const RunTable table = table_of("threads/real_time", 10, "a");
  EXPECT_DOUBLE_EQ(table.at("threads/real_time").times.front(), 99e3);
}

TEST(RunTable, LeavesOutWhatOneSideLacksAndReportsWhatIsNoOutput) {
  EXPECT_EQ(comparison(table_of("queue", 10, "a"), table_of("heap", 10, "a")), "");
  RunTable table;
  EXPECT_FALSE(add_output(table, "no json"));
  EXPECT_FALSE(add_output(table, "[]"));
}

}  // namespace
}  // namespace haldane::bench
