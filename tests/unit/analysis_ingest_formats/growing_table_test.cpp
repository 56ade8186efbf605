// A table that grows says at every look what reading the same bytes at once would say.
#include "analysis/ingest/formats/growing_table.h"

#include <string>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "analysis/ingest/column_sketch.h"
#include "tests/unit/analysis_ingest_formats/read_text.h"

namespace haldane::analysis {
namespace {

using testing::HasSubstr;

void expect_equal(const ObservationTable& grown, const ObservationTable& whole) {
  EXPECT_EQ(grown.rows, whole.rows);
  EXPECT_EQ(grown.malformed_rows, whole.malformed_rows);
  ASSERT_EQ(grown.problems.size(), whole.problems.size());
  for (std::size_t i = 0; i < whole.problems.size(); ++i) {
    EXPECT_EQ(grown.problems[i].line, whole.problems[i].line);
    EXPECT_EQ(grown.problems[i].message, whole.problems[i].message);
  }
  EXPECT_EQ(grown.has_timestamps, whole.has_timestamps);
  EXPECT_EQ(grown.remarks, whole.remarks);
  EXPECT_EQ(grown.censored, whole.censored);
  ASSERT_EQ(grown.columns.size(), whole.columns.size());
  for (std::size_t i = 0; i < whole.columns.size(); ++i) {
    EXPECT_EQ(grown.columns[i].name, whole.columns[i].name);
    EXPECT_EQ(grown.columns[i].values, whole.columns[i].values);
    EXPECT_EQ(grown.columns[i].times_s, whole.columns[i].times_s);
    EXPECT_EQ(grown.columns[i].detail, whole.columns[i].detail);
  }
}

// Looks after every line, and compares with the reading of what is there.
void expect_looks_as_read(InputFormat format, const std::vector<std::string>& lines,
                          std::size_t first_look) {
  GrowingTable growing("name", format);
  std::string text;
  for (std::size_t i = 0; i < lines.size(); ++i) {
    ASSERT_FALSE(growing.add(lines[i]).has_value());
    text += lines[i];
    if (i + 1 < first_look) continue;
    ReadOptions how;
    how.format = format;
    const ObservationTable whole = table_of(text, how);
    SCOPED_TRACE(text);
    expect_equal(growing.look("digest"), whole);
    EXPECT_EQ(growing.look("digest").sha256, "digest");
  }
}

TEST(GrowingTable, CsvIsReadAsAWholeAtEveryLook) {
  expect_looks_as_read(InputFormat::csv,
                       {"\xEF\xBB\xBFtimestamp,latency_ms,errors\r\n", "1,2.5,0\r\n", "2,nan,\n",
                        "x,y,z\n", "3,\"4\",1\n", "\n", "4,7\n", "5,8,0\n"},
                       2);
}

TEST(GrowingTable, NdjsonIsReadAsAWholeAtEveryLook) {
  expect_looks_as_read(InputFormat::ndjson,
                       {"{\"timestamp\":1,\"latency_ms\":2.5}\n", "half\n", "{\"latency_ms\":3}\n",
                        "{\"timestamp\":3,\"latency_ms\":4,\"errors\":true}\n"},
                       1);
}

TEST(GrowingTable, AMarkThatDataLoseLaterIsTakenBack) {
  const auto point = [](const std::string& metric, int value) {
    return R"({"type":"Point","metric":")" + metric +
           R"(","data":{"time":"2024-05-01T00:00:00Z","value":)" + std::to_string(value) + "}}\n";
  };
  expect_looks_as_read(InputFormat::k6_json,
                       {point("http_req_duration", 5), point("dropped_iterations", 1),
                        point("iterations", 10), point("iterations", 100'000)},
                       1);
}

TEST(GrowingTable, AccessLogsRemarkOnceThatNoLineHasADuration) {
  const std::string plain =
      "10.0.0.1 - - [01/May/2024:00:00:00 +0000] \"GET / HTTP/1.1\" 200 5 \"-\" \"a\"";
  expect_looks_as_read(InputFormat::access_log, {plain + "\n", plain + "\n", plain + " 0.250\n"},
                       1);
}

// Rows beyond those kept are folded, however the text is cut; what is not folded stays.
void expect_folded(InputFormat format, const std::vector<std::string>& lines) {
  constexpr std::size_t kept = 100;
  GrowingTable at_once("name", format, kept);
  GrowingTable by_line("name", format, kept);
  std::string text;
  for (const std::string& line : lines) {
    text += line;
    ASSERT_FALSE(by_line.add(line).has_value());
  }
  ASSERT_FALSE(at_once.add(text).has_value());
  const ObservationTable& whole = at_once.look("digest");
  const ObservationTable& grown = by_line.look("digest");
  EXPECT_EQ(grown.rows, whole.rows);
  EXPECT_TRUE(grown.has_timestamps);
  EXPECT_EQ(grown.span_s(), whole.span_s());
  ASSERT_EQ(grown.columns.size(), 2U);
  const ObservationColumn& folded = grown.columns[0];
  EXPECT_EQ(folded.quality, Quality::compacted);
  EXPECT_EQ(folded.values.capacity(), 0U);
  ASSERT_NE(folded.sketch, nullptr);
  EXPECT_EQ(folded.sketch->count(), 300);
  EXPECT_EQ(*folded.sketch, *whole.columns[0].sketch);
  EXPECT_EQ(grown.columns[1].quality, Quality::raw);
  EXPECT_EQ(grown.columns[1].values, whole.columns[1].values);
  EXPECT_EQ(grown.columns[1].values.size(), 10U);
}

TEST(GrowingTable, ManyRowsAreFoldedAndFewAreKept) {
  std::vector<std::string> csv{"timestamp,latency_ms,rare\n"};
  std::vector<std::string> ndjson;
  for (int i = 0; i < 300; ++i) {
    const std::string value = std::to_string(10 + i % 37);
    csv.push_back(std::to_string(1000 + i) + "," + value + "," + (i % 30 == 0 ? "1" : "") + "\n");
    ndjson.push_back("{\"timestamp\":" + std::to_string(1000 + i) + ",\"latency_ms\":" + value +
                     (i % 30 == 0 ? ",\"rare\":1" : "") + "}\n");
  }
  expect_folded(InputFormat::csv, csv);
  expect_folded(InputFormat::ndjson, ndjson);
}

TEST(GrowingTable, AHeaderWithoutNamesEndsTheReading) {
  GrowingTable growing("a.csv", InputFormat::csv);
  const auto problem = growing.add("1,2,3\n");
  ASSERT_TRUE(problem.has_value());
  EXPECT_EQ(problem->failure, IngestFailure::bad_content);
  EXPECT_THAT(to_string(problem->diagnostics), HasSubstr("CSV-005"));
}

TEST(GrowingTable, BeforeTheHeaderThereIsNothing) {
  GrowingTable growing("a.csv", InputFormat::csv);
  EXPECT_TRUE(growing.look("").columns.empty());
}

TEST(GrowingTable, DocumentsDoNotGrowByLines) {
  EXPECT_TRUE(grows_by_lines(InputFormat::envoy_log));
  EXPECT_FALSE(grows_by_lines(InputFormat::prometheus));
  EXPECT_FALSE(grows_by_lines(InputFormat::hlog));
}

}  // namespace
}  // namespace haldane::analysis
