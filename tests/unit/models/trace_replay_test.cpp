// Recorded requests: each comes at its time, at its site, for its object; and wrong files are told.
#include <cmath>
#include <string>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "models/workload/arrival_stream.h"
#include "tests/support/trial.h"

namespace haldane::models {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

constexpr std::string_view text = R"(
schema: haldane.scenario/1
name: replay
duration: 100s
warmup: 0s
traffic: {arrivals: {process: trace, file: t.csv}}
edge: {sites: 2, cache: {policy: lru, capacity: {objects: 2}}}
)";

Parsed<Scenario> read(const std::string& content, const std::vector<std::string>& overrides = {}) {
  const config::FileReader files = [&content](const std::string&, std::size_t) {
    return Expected<std::string, config::FileError>(content);
  };
  return read_scenario(text, "a.yaml", overrides, files);
}

struct Row {
  double at_s;
  std::uint32_t object;
  bool operator==(const Row&) const = default;
};

std::vector<Row> arrivals_at(const Scenario& scenario, std::uint32_t site) {
  const Plan plan = compile_plan(scenario);
  ArrivalStream stream(plan, site, 1, 0);
  stream.start();
  std::vector<Row> all;
  for (std::uint64_t n = 0; stream.time(n) != SimTime::never(); stream.pass(n++))
    all.push_back({stream.time(n).as_seconds(), stream.object(n)});
  return all;
}

TEST(TraceReplay, GivesEachRowAtItsTimeAndSite) {
  const auto scenario = read(
      "timestamp,url,site\n1000.5,/a,0\n1000.5,/b,1\n1003,\"/b\",0\r\n\n1100.4,/c,1\n1100.5,/"
      "a,1\n");
  ASSERT_TRUE(scenario.has_value()) << to_string(scenario.error());
  EXPECT_EQ(scenario->traffic.objects.count, 3U);
  // /a and /b were asked for twice and /a first; what comes after the end is left out.
  EXPECT_THAT(arrivals_at(*scenario, 0), ElementsAre(Row{0, 0}, Row{2.5, 1}));
  EXPECT_THAT(arrivals_at(*scenario, 1), ElementsAre(Row{0, 1}, Row{99.9, 2}));
}

TEST(TraceReplay, SpreadsRowsOverSitesAndLosesNone) {
  std::string rows = "time,object\n";
  for (int i = 0; i < 5'000; ++i)
    rows += std::to_string(i) + "," + std::to_string(i * 7 % 13) + "\n";
  const auto scenario = read(rows, {"traffic.arrivals.unit=ms"});
  ASSERT_TRUE(scenario.has_value()) << to_string(scenario.error());
  const auto first = arrivals_at(*scenario, 0);
  const auto second = arrivals_at(*scenario, 1);
  EXPECT_EQ(first.size() + second.size(), 5'000U);
  EXPECT_NEAR(static_cast<double>(first.size()), 2'500, 5 * std::sqrt(1'250.0));
  EXPECT_EQ(std::max(first.back().at_s, second.back().at_s), 4.999);
  const test::Trial run(*scenario);
  EXPECT_EQ(run.sum(Counter::requests), 5'000);
}

// 0, 1, 0, 1, 2, 0: with room for two and one site, LRU misses 0, 1, 2 and then 0 again.
TEST(TraceReplay, HitsWhatALruOfTheTraceHits) {
  const auto scenario = read("time,object\n0,0\n1,1\n2,0\n3,1\n4,2\n5,0\n", {"edge.sites=1"});
  ASSERT_TRUE(scenario.has_value()) << to_string(scenario.error());
  const test::Trial run(*scenario);
  EXPECT_EQ(run.sum(Counter::requests), 6);
  EXPECT_EQ(run.sum(Counter::edge_hits), 2);
}

TEST(TraceReplay, SaysWhatIsWrongWithAFile) {
  const auto problem = [](const std::string& content,
                          const std::vector<std::string>& overrides = {}) {
    const auto scenario = read(content, overrides);
    if (scenario) return std::string();
    return scenario.error().front().id + " " + scenario.error().front().message;
  };
  EXPECT_THAT(problem(""), HasSubstr("SCN-482"));
  EXPECT_THAT(problem("time,object\n"), HasSubstr("SCN-482"));
  EXPECT_THAT(problem("a,b\n1,2\n"), HasSubstr("SCN-482"));
  EXPECT_THAT(problem(std::string("\0\1\2", 3)), HasSubstr("SCN-482"));
  EXPECT_THAT(problem("time,object\n1,a\n0.5,b\n"), HasSubstr("SCN-483 line 3"));
  EXPECT_THAT(problem("time,object\nnan,a\n"), HasSubstr("SCN-483 line 2"));
  EXPECT_THAT(problem("time,object\n1,\n"), HasSubstr("SCN-483 line 2"));
  EXPECT_THAT(problem("time,object\n1\n"), HasSubstr("SCN-483 line 2"));
  EXPECT_THAT(problem("time,object\n0,a\n1e9,b\n"), HasSubstr("SCN-483 line 3"));
  EXPECT_THAT(problem("time,object,site\n1,a,-1\n"), HasSubstr("SCN-483 line 2"));
  EXPECT_THAT(problem("time,object,site\n1,a,0.5\n"), HasSubstr("SCN-483 line 2"));
  EXPECT_THAT(problem("time,object,site\n1,a,2\n"), HasSubstr("SCN-485"));
  const std::string good = "time,object\n0,a\n";
  EXPECT_THAT(problem(good, {"traffic.objects={count: 5}"}), HasSubstr("SCN-484"));
  EXPECT_THAT(problem(good, {"traffic.arrivals.unit=min"}), HasSubstr("CFG-105"));
  EXPECT_THAT(problem(good, {"timeline=[{at: 5s, event: surge, factor: 2}]"}),
              HasSubstr("SCN-506"));
  EXPECT_THAT(problem(good, {"timeline=[{at: 5s, event: site_failure, site: 1}]"}),
              HasSubstr("SCN-506"));
}

TEST(TraceReplay, ListsTenBadRowsAndStops) {
  std::string rows = "time,object\n";
  for (int i = 0; i < 50; ++i) rows += "x,y\n";
  const auto scenario = read(rows);
  ASSERT_FALSE(scenario.has_value());
  EXPECT_EQ(scenario.error().size(), 10U);
}

}  // namespace
}  // namespace haldane::models
