// A range that is asked for in pieces holds what it holds as a whole.
#include "cli/judge/follow_range.h"

#include <string>
#include <utility>
#include <vector>

#include <fmt/format.h>
#include <gmock/gmock.h>

#include "cli/judge/prometheus.h"

namespace haldane::cli {
namespace {

constexpr double start_s = 1.7e9;
constexpr double step_s = 15;

// A gauge, a counter that restarts now and then, and the buckets of a histogram.
std::string document(double from_s, double to_s) {
  std::vector<std::string> values(4);
  for (double at = from_s; at <= to_s; at += step_s) {
    const int tick = static_cast<int>((at - start_s) / step_s);
    const int total = 7 * (tick % 331);
    const auto add = [&](std::size_t series, int value) {
      values[series] +=
          fmt::format("{}[{:.0f},\"{}\"]", values[series].empty() ? "" : ",", at, value);
    };
    add(0, tick % 13);
    add(1, total);
    add(2, total / 2);
    add(3, total);
  }
  constexpr const char* names[] = {R"("__name__":"depth")", R"("__name__":"errors_total")",
                                   R"("__name__":"ms_bucket","le":"10")",
                                   R"("__name__":"ms_bucket","le":"+Inf")"};
  std::string series;
  for (std::size_t i = 0; i < 4; ++i) {
    series += fmt::format("{}{{\"metric\":{{{}}},\"values\":[{}]}}", i == 0 ? "" : ",", names[i],
                          values[i]);
  }
  return R"({"status":"success","data":{"resultType":"matrix","result":[)" + series + "]}}";
}

class Server {
 public:
  [[nodiscard]] FollowRange range() {
    return {"q", step_s,
            [this](double from_s, double to_s) -> Expected<std::string, FollowProblem> {
              asked.emplace_back(from_s, to_s);
              if (fails) return Unexpected{FollowProblem{ExitCode::unavailable, "away"}};
              return document(from_s, to_s);
            }};
  }
  std::vector<std::pair<double, double>> asked;
  bool fails = false;
};

void expect_the_whole(const analysis::ObservationTable& table, double end_s) {
  const auto whole = table_of_range("q", document(start_s, end_s));
  ASSERT_TRUE(whole.has_value());
  ASSERT_EQ(table.columns.size(), whole->columns.size());
  for (const analysis::ObservationColumn& column : whole->columns) {
    const analysis::ObservationColumn* same = table.find(column.name);
    ASSERT_NE(same, nullptr) << column.name;
    EXPECT_EQ(same->values, column.values) << column.name;
    EXPECT_EQ(same->times_s, column.times_s) << column.name;
    EXPECT_EQ(same->bins, column.bins) << column.name;
    EXPECT_EQ(same->quality, column.quality) << column.name;
  }
}

TEST(FollowRange, PiecesHoldWhatTheWholeHolds) {
  Server server;
  FollowRange range = server.range();
  for (double end_s = start_s + 900; end_s < start_s + 6 * 3600; end_s += 900) {
    ASSERT_TRUE(range.read(start_s, end_s).has_value());
    expect_the_whole(*range.table(), end_s);
  }
  for (const auto& [from_s, to_s] : server.asked) EXPECT_LE(to_s - from_s, 3600 + 900);
}

TEST(FollowRange, ALateStartReadsAllPiecesAtOnce) {
  Server server;
  FollowRange range = server.range();
  ASSERT_TRUE(range.read(start_s, start_s + 36'000).has_value());
  expect_the_whole(*range.table(), start_s + 36'000);
  EXPECT_EQ(server.asked.size(), 10U) << "the tenth hour may still change";
}

// More points than are kept: folded as the whole would be, and a look that was taken stays.
TEST(FollowRange, LongColumnsAreCompacted) {
  constexpr std::size_t kept = 500;
  Server server;
  FollowRange range = server.range();
  range.keep(kept);
  std::vector<analysis::ObservationTable> looks;
  for (double end_s = start_s + 900; end_s < start_s + 6 * 3600; end_s += 900) {
    ASSERT_TRUE(range.read(start_s, end_s).has_value());
    looks.push_back(*range.table());
  }
  double end_s = start_s;
  for (const analysis::ObservationTable& look : looks) {
    end_s += 900;
    auto whole = table_of_range("q", document(start_s, end_s));
    ASSERT_TRUE(whole.has_value());
    for (analysis::ObservationColumn& column : whole->columns) {
      analysis::compact_rows(column, kept);
      const analysis::ObservationColumn* same = look.find(column.name);
      ASSERT_NE(same, nullptr) << column.name;
      EXPECT_EQ(same->quality, column.quality) << column.name;
      EXPECT_EQ(same->values, column.values) << column.name;
      EXPECT_EQ(same->bins, column.bins) << column.name;
      ASSERT_EQ(same->sketch != nullptr, column.sketch != nullptr) << column.name;
      EXPECT_TRUE(!column.sketch || *same->sketch == *column.sketch) << column.name;
    }
  }
  EXPECT_EQ(looks.back().find("depth")->quality, analysis::Quality::compacted);
}

TEST(FollowRange, AServerThatIsAwayIsAskedAgain) {
  Server server;
  FollowRange range = server.range();
  ASSERT_TRUE(range.read(start_s, start_s + 600).has_value());
  server.fails = true;
  EXPECT_EQ(*range.read(start_s, start_s + 9000), 0U);
  expect_the_whole(*range.table(), start_s + 600);
  ASSERT_TRUE(range.away().has_value());
  EXPECT_EQ(range.away()->text, "away");
  server.fails = false;
  EXPECT_GT(*range.read(start_s, start_s + 9000), 0U);
  EXPECT_FALSE(range.away().has_value());
  expect_the_whole(*range.table(), start_s + 9000);
  EXPECT_EQ(*range.read(start_s, start_s + 9000), 0U) << "nothing is new";
}

}  // namespace
}  // namespace haldane::cli
