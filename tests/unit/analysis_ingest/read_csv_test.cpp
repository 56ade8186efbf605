#include "analysis/ingest/read_csv.h"

#include <cstdio>
#include <filesystem>
#include <fstream>
#include <string>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/stat.h>
#include <unistd.h>

namespace haldane::analysis {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

class ReadCsv : public testing::Test {
 protected:
  void SetUp() override {
    std::string pattern = (std::filesystem::temp_directory_path() / "haldane-csv-XXXXXX").string();
    ASSERT_NE(::mkdtemp(pattern.data()), nullptr);
    folder_ = pattern;
  }
  void TearDown() override { std::filesystem::remove_all(folder_); }

  std::string write(const std::string& content) {
    const std::string path = (folder_ / "input.csv").string();
    std::ofstream(path, std::ios::binary) << content;
    return path;
  }
  ObservationTable table(const std::string& content, const CsvOptions& options = {}) {
    auto read = read_csv(write(content), options);
    if (!read) {
      ADD_FAILURE() << to_string(read.error().diagnostics);
      return {};
    }
    return std::move(read.value());
  }
  IngestError error(const std::string& content) {
    const auto read = read_csv(write(content));
    EXPECT_FALSE(read.has_value()) << content.substr(0, 80);
    return read ? IngestError{} : read.error();
  }

  std::filesystem::path folder_;
};

TEST_F(ReadCsv, ColumnsKeepTheirValuesAndTimes) {
  const auto t = table(
      "timestamp,latency_ms,requests\n"
      "1970-01-01T00:00:01Z,12.5,\n"
      "2,,7\n"
      "1970-01-01 00:00:03.25,13,\n");
  EXPECT_EQ(t.rows, 3);
  EXPECT_THAT(t.find("latency_ms")->values, ElementsAre(12.5, 13));
  EXPECT_THAT(t.find("latency_ms")->times_s, ElementsAre(1, 3.25));
  EXPECT_THAT(t.find("requests")->values, ElementsAre(7));
  EXPECT_EQ(t.find("missing"), nullptr);
  EXPECT_DOUBLE_EQ(t.span_s().value(), 2.25);
}

TEST_F(ReadCsv, QuotesByteOrderMarkAndCarriageReturnsAreRead) {
  const auto t = table("\xEF\xBB\xBF\"a,b\",\"say \"\"hi\"\"\"\r\n\"1\",2\r\n\r\n3,\"4\"\r\n");
  ASSERT_EQ(t.columns.size(), 2U);
  EXPECT_EQ(t.columns[0].name, "a,b");
  EXPECT_EQ(t.columns[1].name, "say \"hi\"");
  EXPECT_THAT(t.columns[0].values, ElementsAre(1, 3));
  EXPECT_THAT(t.columns[1].values, ElementsAre(2, 4));
}

TEST_F(ReadCsv, NanAndInfinityAreCountedNotKept) {
  const auto t = table("v\nNaN\n1\ninf\n-Infinity\nnan\n1e999\n");
  EXPECT_THAT(t.columns[0].values, ElementsAre(1));
  EXPECT_EQ(t.columns[0].nan_cells, 2);
  EXPECT_EQ(t.columns[0].infinite_cells, 3);
}

TEST_F(ReadCsv, TimesUnderAnotherNameAreSaid) {
  const auto numbers = table("time,a\n1700000000,1\n1700000060,2\n");
  EXPECT_THAT(numbers.remarks, ElementsAre(HasSubstr("\"time\" looks like times (Unix seconds)")));
  EXPECT_TRUE(numbers.find("time")->detail);
  const auto read = read_csv(write("time,a\n2026-01-02T03:04:05Z,1\n2026-01-02T03:05:05Z,2\n"));
  ASSERT_FALSE(read.has_value());
  EXPECT_THAT(to_string(read.error().diagnostics), HasSubstr("name its column timestamp"));
  EXPECT_THAT(table("timestamp,time\n1,1\n2,2\n").remarks, testing::IsEmpty());
}

TEST_F(ReadCsv, MalformedRowsAreCountedAndTheFirstOnesNamed) {
  std::string text = "a,b\n1,2\n";
  for (int i = 0; i < 10; ++i) text += "x,2\n";
  text += "1\n1,2,3\n5,6\n7,\"8\n";
  const auto t = table(text);
  EXPECT_THAT(t.find("a")->values, ElementsAre(1, 5));
  EXPECT_EQ(t.malformed_rows, 13);
  ASSERT_EQ(t.problems.size(), 5U);
  EXPECT_EQ(t.problems[0].line, 3);
  EXPECT_EQ(t.problems[0].path, "a");
  EXPECT_THAT(t.problems[0].message, HasSubstr("\"x\" is no number"));
}

TEST_F(ReadCsv, UnclosedQuoteCostsItsOwnLineOnly) {
  const auto t = table("a,b\n\"1,2\n3,4\n5,6\n");
  EXPECT_EQ(t.malformed_rows, 1);
  EXPECT_THAT(t.find("a")->values, ElementsAre(3, 5));
}

TEST_F(ReadCsv, TruncatedLastLineIsMalformedOrWhole) {
  EXPECT_EQ(table("a,b\n1,2\n3").malformed_rows, 1);
  EXPECT_THAT(table("a,b\n1,2\n3,4").find("b")->values, ElementsAre(2, 4));
}

TEST_F(ReadCsv, AnySplitIntoBlocksGivesTheSameTable) {
  const std::string text =
      "timestamp,\"x y\",z\r\n1,\"1.25\",3e2\r\n2,,\"4\"\n\n3,-.5,+6\r\nbad\n4,7,8";
  const auto whole = table(text);
  for (std::size_t block = 1; block < 20; ++block) {
    const auto split = table(text, {block, 5});
    EXPECT_EQ(split.sha256, whole.sha256);
    EXPECT_EQ(split.malformed_rows, 1);
    ASSERT_EQ(split.columns.size(), 2U);
    EXPECT_EQ(split.columns[0].values, whole.columns[0].values);
    EXPECT_EQ(split.columns[1].values, whole.columns[1].values);
    EXPECT_EQ(split.columns[1].times_s, whole.columns[1].times_s);
  }
}

TEST_F(ReadCsv, DigestIsThatOfTheBytes) {
  // printf 'a\n1\n' | sha256sum
  EXPECT_EQ(table("a\n1\n").sha256,
            "309b0e45a73d3fc5325e2b6ed0a01ef8b9cde6b05a5633c1f893f970d52bfddc");
}

TEST_F(ReadCsv, HeaderAloneIsATableWithoutRows) {
  const auto t = table("timestamp,latency_ms\n");
  EXPECT_EQ(t.rows, 0);
  EXPECT_FALSE(t.span_s().has_value());
}

TEST_F(ReadCsv, MissingFileDirectoryAndPermissionAreToldApart) {
  const auto missing = read_csv((folder_ / "nothing.csv").string());
  ASSERT_FALSE(missing.has_value());
  EXPECT_EQ(missing.error().failure, IngestFailure::not_found);
  const auto directory = read_csv(folder_.string());
  ASSERT_FALSE(directory.has_value());
  EXPECT_EQ(directory.error().failure, IngestFailure::unreadable);
  EXPECT_THAT(to_string(directory.error().diagnostics), HasSubstr("directory"));
  const std::string path = write("a\n1\n");
  ASSERT_EQ(::chmod(path.c_str(), 0), 0);
  if (::access(path.c_str(), R_OK) != 0) {  // the administrator may read everything
    const auto forbidden = read_csv(path);
    ASSERT_FALSE(forbidden.has_value());
    EXPECT_EQ(forbidden.error().failure, IngestFailure::unreadable);
  }
}

TEST_F(ReadCsv, UnusableContentSaysWhatIsWrong) {
  const auto expect = [this](const std::string& content, const std::string& words) {
    const IngestError e = error(content);
    EXPECT_EQ(e.failure, IngestFailure::bad_content);
    EXPECT_THAT(to_string(e.diagnostics), HasSubstr(words));
  };
  expect("", "is empty");
  expect("\n\n", "is empty");
  expect("1,2\n3,4\n", "no header");
  expect("a,a\n1,2\n", "is there twice");
  expect("timestamp,timestamp,a\n", "is there twice");
  expect("a,,b\n1,2,3\n", "has no name");
  expect("timestamp\n1\n", "no column besides the timestamp");
  expect("a,b\nx,y\nz\n", "no readable row");
  expect(std::string("\x7f\x45LF\0\1\2\n\3\4", 10), "is not CSV text");
  expect(std::string(200'000, 'x'), "is not CSV text");
}

TEST_F(ReadCsv, RubbishAfterAGoodHeaderStaysBounded) {
  std::string text = "a\n1\n" + std::string(300'000, '\1') + "\n2\n";
  const auto t = table(text, {4096, 5});
  EXPECT_THAT(t.columns[0].values, ElementsAre(1, 2));
  EXPECT_EQ(t.malformed_rows, 1);
}

const std::vector<std::string> odd_cells = {"1",
                                            "-2.5",
                                            ".5",
                                            "7.",
                                            "+3",
                                            "1e3",
                                            "-1E-3",
                                            "",
                                            "nan",
                                            "inf",
                                            "1e999",
                                            "1e-999",
                                            "0.1",
                                            "1.2.3",
                                            "12ms",
                                            "-",
                                            "1 ",
                                            " 1",
                                            "--1",
                                            "123456789",
                                            "0.30000000000000004",
                                            "9007199254740993",
                                            "12345678901234567890",
                                            "0.000000000000000000001",
                                            "99999999.99999999",
                                            "-0",
                                            "1e",
                                            "5e-324",
                                            "12345678",
                                            "1234567.8",
                                            "2014-03-07T03:41:00Z",
                                            "1\r"};
const std::vector<std::string> odd_times = {"5",
                                            "2014-03-07T03:41:01Z",
                                            "2014-03-07T03:41:59Z",
                                            "2014-03-07T03:41:60Z",
                                            "2014-03-07T03:42:00.5Z",
                                            "2014-03-07 03:41:07",
                                            "never",
                                            ""};

void expect_equal(const ObservationTable& a, const ObservationTable& b) {
  EXPECT_EQ(a.rows, b.rows);
  EXPECT_EQ(a.malformed_rows, b.malformed_rows);
  ASSERT_EQ(a.columns.size(), b.columns.size());
  for (std::size_t i = 0; i < a.columns.size(); ++i) {
    EXPECT_EQ(a.columns[i].values, b.columns[i].values);
    EXPECT_EQ(a.columns[i].times_s, b.columns[i].times_s);
    EXPECT_EQ(a.columns[i].nan_cells, b.columns[i].nan_cells);
    EXPECT_EQ(a.columns[i].infinite_cells, b.columns[i].infinite_cells);
  }
  ASSERT_EQ(a.problems.size(), b.problems.size());
  for (std::size_t i = 0; i < a.problems.size(); ++i) {
    EXPECT_EQ(a.problems[i].line, b.problems[i].line);
    EXPECT_EQ(a.problems[i].message, b.problems[i].message);
  }
}

// Quotes force the general reader, so both ways must agree on what they make of the same cells.
TEST_F(ReadCsv, PlainRowsReadAsQuotedOnesDo) {
  for (const std::string& time : odd_times) {
    std::string plain = "timestamp,a,b\n2014-03-07T03:41:00Z,1,2\n";
    std::string quoted = plain;
    for (const std::string& cell : odd_cells) {
      plain += time + "," + cell + ",8\n";
      quoted += "\"" + time + "\",\"" + cell + "\",8\n";
    }
    SCOPED_TRACE(time);
    expect_equal(table(plain + time + ",1,8"), table(quoted + time + ",1,8"));
  }
}

TEST_F(ReadCsv, RowsWithoutPlainNumbersDoNotStopTheFastWay) {
  std::string text = "a\n";
  for (int i = 0; i < 300'000; ++i) text += i % 1000 == 7 ? "\"5\"\n" : "5\n";
  const auto t = table(text);
  EXPECT_EQ(t.rows, 300'000);
  EXPECT_EQ(t.columns[0].values, std::vector<double>(300'000, 5.0));
  EXPECT_EQ(t.sha256, table(text, {100, 5}).sha256);
}

}  // namespace
}  // namespace haldane::analysis
