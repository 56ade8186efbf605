// Every format through `haldane judge`: a clear case is rolled back, the same law is not, and what
// cannot be judged says why.
#include <functional>
#include <ostream>
#include <string>

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include "tests/integration/support/sandbox.h"

namespace haldane::test {
namespace {

using testing::HasSubstr;

constexpr int requests = 4'000;

// Latencies of one law in milliseconds; another stride gives other values of it.
double latency(int i, double median, int stride) {
  return median * (1 + 0.07 * (i * stride % 104'729) / 104'729);
}

// One record a request.
struct LineFormat {
  std::string name;
  std::string header;
  std::function<std::string(int second, double ms)> line;
};

void PrintTo(const LineFormat& format, std::ostream* stream) {
  *stream << format.name;
}

std::string file_of(const LineFormat& format, double median, int stride) {
  std::string text = format.header;
  for (int i = 1; i <= requests; ++i) {
    text += format.line(i % 3600, latency(i, median, stride)) + "\n";
  }
  return text;
}

std::string clock_of(int second) {
  return fmt::format("03:{:02}:{:02}", second / 60, second % 60);
}

class RequestFormats : public testing::TestWithParam<LineFormat> {};

TEST_P(RequestFormats, ASlowCanaryIsRolledBackAndAnEqualOneIsNot) {
  const Sandbox sandbox;
  sandbox.write("a", file_of(GetParam(), 10, 7'919));
  sandbox.write("same", file_of(GetParam(), 10, 6'007));
  sandbox.write("slow", file_of(GetParam(), 20, 6'007));
  const Outcome slow = sandbox.run("haldane judge a slow --format json");
  EXPECT_EQ(slow.exit_code, 1) << slow.out << slow.err;
  EXPECT_THAT(slow.out, HasSubstr("latency_ms"));
  EXPECT_NE(sandbox.run("haldane judge a same").exit_code, 1);
  const Outcome named =
      sandbox.run("haldane judge a slow --format json --input-format " + GetParam().name);
  EXPECT_EQ(named.out, slow.out);
}

INSTANTIATE_TEST_SUITE_P(
    All, RequestFormats,
    testing::Values(
        LineFormat{"csv", "timestamp,latency_ms\n",
                   [](int s, double ms) { return fmt::format("{},{}", 1'767'323'045 + s, ms); }},
        LineFormat{"ndjson", "",
                   [](int s, double ms) {
                     return fmt::format(R"({{"timestamp":{},"latency_ms":{}}})", s, ms);
                   }},
        LineFormat{"k6-json", "",
                   [](int s, double ms) {
                     return fmt::format(R"({{"metric":"http_req_duration","type":"Point","data":)"
                                        R"({{"time":"2026-01-02T{}Z","value":{}}}}})",
                                        clock_of(s), ms);
                   }},
        LineFormat{"k6-csv", "metric_name,timestamp,metric_value,check\n",
                   [](int s, double ms) { return fmt::format("http_req_duration,{},{},", s, ms); }},
        LineFormat{"vegeta-json", "",
                   [](int s, double ms) {
                     return fmt::format(R"({{"attack":"a","seq":1,"code":200,"timestamp":)"
                                        R"("2026-01-02T{}Z","latency":{:.0f}}})",
                                        clock_of(s), ms * 1e6);
                   }},
        LineFormat{"vegeta-csv", "",
                   [](int s, double ms) {
                     return fmt::format("{}000000000,200,{:.0f},0,5,,,a,1,GET,http://a/,",
                                        1'767'323'045 + s, ms * 1e6);
                   }},
        LineFormat{"nginx", "",
                   [](int s, double ms) {
                     return fmt::format(R"(1.2.3.4 - - [02/Jan/2026:{} +0000] "GET / HTTP/1.1" )"
                                        R"(200 5 "-" "curl" {:.6f})",
                                        clock_of(s), ms / 1e3);
                   }},
        LineFormat{"apache", "",
                   [](int s, double ms) {
                     return fmt::format(R"(1.2.3.4 - - [02/Jan/2026:{} +0000] "GET / HTTP/1.1" )"
                                        R"(200 5 "-" "curl" {:.0f})",
                                        clock_of(s), ms * 1e3);
                   }},
        LineFormat{"envoy-json", "",
                   [](int s, double ms) {
                     return fmt::format(R"({{"duration":{:.0f},"method":"GET","response_code":200,)"
                                        R"("start_time":"2026-01-02T{}.000Z"}})",
                                        ms, clock_of(s));
                   }},
        LineFormat{"envoy", "",
                   [](int s, double ms) {
                     return fmt::format(R"([2026-01-02T{}.000Z] "GET / HTTP/2" 200 - 0 5 {:.0f} 1 )"
                                        R"("-" "curl" "id" "api" "10.0.0.7:80")",
                                        clock_of(s), ms);
                   }}),
    [](const auto& tested) {
      std::string name = tested.param.name;
      for (char& c : name) c = c == '-' ? '_' : c;
      return name;
    });

// A percentile table with bins of a hundredth.
std::string hgrm(double median) {
  std::string text = "       Value     Percentile     TotalCount 1/(1-Percentile)\n\n";
  for (int i = 1; i <= 100; ++i) {
    text += fmt::format("{:12.3f} {:.12f} {:10} {:.2f}\n", median * (0.9 + 0.001 * i), i / 100.0,
                        i * 500, 100.0 / (101 - i));
  }
  return text + "#[Mean    =        1.000, StdDeviation   =        1.000]\n";
}

TEST(BinnedFormats, APercentileTableIsJudgedByItsBins) {
  const Sandbox sandbox;
  sandbox.write("a", hgrm(10));
  sandbox.write("same", hgrm(10.05));
  sandbox.write("slow", hgrm(15));
  EXPECT_EQ(sandbox.run("haldane judge a slow").exit_code, 1);
  const Outcome same = sandbox.run("haldane judge a same --format json");
  EXPECT_EQ(same.exit_code, 0) << same.out << same.err;
  EXPECT_THAT(same.out, HasSubstr("binned"));
  EXPECT_EQ(nlohmann::json::parse(same.out)["metrics"][0]["baseline"]["n"], 50'000);
}

// docs/input-formats.md, wide buckets: of 100 requests a step, so many end within a bound.
std::string shares_of(int fast) {
  const auto series = [](const char* name, int each) {
    std::string points;
    for (int step = 0; step <= 200; ++step)
      points += fmt::format(R"({}[{},"{}"])", step == 0 ? "" : ",", 15 * step, each * step);
    return fmt::format(R"({{"metric":{{"__name__":"{}","instance":"a"}},"values":[{}]}})", name,
                       points);
  };
  return fmt::format(R"({{"status":"success","data":{{"resultType":"matrix","result":[{},{}]}}}})",
                     series("http_fast_total", fast), series("http_duration_seconds_count", 100));
}

TEST(BinnedFormats, TheShareWithinABucketDecides) {
  const Sandbox sandbox;
  sandbox.write("a", shares_of(90));
  sandbox.write("like", shares_of(91));
  sandbox.write("slow", shares_of(80));
  sandbox.write("p.yaml", R"(schema: haldane.policy/1
metrics:
  - {name: http_fast_total, kind: ratio, of: http_duration_seconds_count, worse: lower, margin: {absolute: 2%}, role: critical}
)");
  EXPECT_EQ(sandbox.run("haldane judge a like --policy p.yaml").exit_code, 0);
  const Outcome slow = sandbox.run("haldane judge a slow --policy p.yaml");
  EXPECT_EQ(slow.exit_code, 1) << slow.out << slow.err;
}

TEST(SummaryFormats, LocustIsShownAndHeld) {
  const Sandbox sandbox;
  const std::string header = "Type,Name,Request Count,Failure Count,50%,95%,99%\n";
  sandbox.write("a", header + ",Aggregated,100000,10,10,20,30\n");
  sandbox.write("b", header + ",Aggregated,100000,11,100,200,300\n");
  const Outcome outcome = sandbox.run("haldane judge a b");
  EXPECT_EQ(outcome.exit_code, 2) << outcome.out << outcome.err;
  EXPECT_THAT(outcome.out, HasSubstr("summary"));
}

TEST(InputFormat, WrongNamesAreUsageErrorsAndWrongContentIsBadInput) {
  const Sandbox sandbox;
  sandbox.write("a", "latency_ms\n1\n2\n");
  EXPECT_EQ(sandbox.run("haldane judge a a --input-format k7").exit_code, 64);
  const Outcome outcome = sandbox.run("haldane judge a a --input-format k6-json");
  EXPECT_EQ(outcome.exit_code, 65);
  EXPECT_THAT(outcome.err, HasSubstr("a:1 IN-101"));
  EXPECT_THAT(outcome.err, HasSubstr("no readable record"));
}

TEST(InputFormat, APipeIsRecognisedToo) {
  const Sandbox sandbox;
  sandbox.write("a", hgrm(10));
  sandbox.write("slow", hgrm(15));
  EXPECT_EQ(sandbox.run("cat slow | haldane judge a -").exit_code, 1);
}

}  // namespace
}  // namespace haldane::test
