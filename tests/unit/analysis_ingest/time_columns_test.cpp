// Times under another name than `timestamp` are not taken for a metric in silence.
#include "analysis/ingest/time_columns.h"

#include <string>
#include <utility>
#include <vector>

#include <gmock/gmock.h>

#include "analysis/ingest/column_sketch.h"
#include "analysis/ingest/read_csv.h"

namespace haldane::analysis {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

ObservationTable table_of(const std::string& name, std::vector<double> values) {
  ObservationTable table;
  table.columns.push_back({name, std::move(values), {}, 0, 0});
  mark_time_columns(table);
  return table;
}

TEST(TimeColumns, AreKnownByTheirName) {
  for (const char* name : {"time", "Timestamp", "@timestamp", "DATE", "ts"}) {
    const ObservationTable table = table_of(name, {0, 1, 2});
    EXPECT_TRUE(table.columns[0].detail) << name;
    EXPECT_THAT(table.remarks, ElementsAre(HasSubstr("looks like times, but")));
  }
}

TEST(TimeColumns, AreKnownByTheirValues) {
  EXPECT_THAT(table_of("at", {1.7e9, 1.7e9 + 60}).remarks,
              ElementsAre(HasSubstr("(Unix seconds)")));
  EXPECT_THAT(table_of("at", {1.7e12, 1.7e12 + 60}).remarks,
              ElementsAre(HasSubstr("(Unix milliseconds)")));
  EXPECT_THAT(table_of("at", {1.7e18, 1.7e18 + 1e9}).remarks,
              ElementsAre(HasSubstr("(Unix nanoseconds)")));
}

TEST(TimeColumns, MetricsAreLeftAlone) {
  for (const std::vector<double>& values :
       {std::vector<double>{}, {20, 30}, {1.7e9, 1.7e9}, {1.7e9, 5}, {1.7e9, 3.9e9}}) {
    const ObservationTable table = table_of("bytes", values);
    EXPECT_FALSE(table.columns[0].detail);
    EXPECT_THAT(table.remarks, IsEmpty());
  }
}

TEST(TimeColumns, AreSaidOnceAndInFoldedColumnsToo) {
  ObservationTable table;
  table.columns.push_back({"at", {1.7e9, 1.7e9 + 1, 1.7e9 + 2}, {}, 0, 0});
  compact_rows(table.columns[0], 2);
  mark_time_columns(table);
  mark_time_columns(table);
  EXPECT_EQ(table.remarks.size(), 1U);
}

TEST(TimeColumns, TablesWithTimesHaveNoHint) {
  ObservationTable table;
  table.has_timestamps = true;
  table.columns.push_back({"time", {1, 2}, {}, 0, 0});
  mark_time_columns(table);
  EXPECT_THAT(table.remarks, IsEmpty());
}

}  // namespace
}  // namespace haldane::analysis
