// What counts as an error, format by format, to the number that docs/input-formats.md names.
#include <string>

#include <fmt/format.h>
#include <gmock/gmock.h>

#include "tests/unit/analysis_ingest_formats/read_text.h"

namespace haldane::analysis {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;
using testing::Not;

/// A line for each code, behind what comes first.
template <class Line>
std::vector<double> errors_of(const std::vector<int>& codes, const Line& line,
                              std::string text = "") {
  for (const int code : codes) text += line(code) + "\n";
  return column_of(table_of(text), "errors").values;
}

TEST(ErrorThresholds, VegetaTakesAllOutside200To399) {
  const auto json = [](int code) {
    return fmt::format(R"({{"attack":"a","seq":0,"code":{},"timestamp":"2026-01-02T03:04:05Z",)"
                       R"("latency":12500000,"bytes_out":0,"bytes_in":5}})",
                       code);
  };
  const std::vector<int> codes = {0, 199, 200, 399, 400};
  EXPECT_THAT(errors_of(codes, json), ElementsAre(1, 1, 0, 0, 1));
}

TEST(ErrorThresholds, EnvoyTakes500AndAboveAndNoAnswer) {
  const auto json = [](int code) {
    return fmt::format(
        R"({{"start_time":"2026-01-02T03:04:05.006Z","response_code":{},"duration":12}})", code);
  };
  const auto line = [](int code) {
    return fmt::format(R"([2026-01-02T03:04:05.006Z] "GET / HTTP/1.1" {} - 0 5 12 11 "-" "a" "b" )"
                       R"("c" "d")",
                       code);
  };
  const std::vector<int> codes = {0, 200, 499, 500, 503};
  EXPECT_THAT(errors_of(codes, json), ElementsAre(1, 0, 0, 1, 1));
  EXPECT_THAT(errors_of(codes, line), ElementsAre(1, 0, 0, 1, 1));
}

TEST(ErrorThresholds, AccessLogsTake500AndAbove) {
  const auto line = [](int code) {
    return fmt::format(
        R"(10.0.0.1 - - [02/Jan/2026:03:04:05 +0000] "GET / HTTP/1.1" {} 5 "-" "a" 0.250)", code);
  };
  EXPECT_THAT(errors_of({200, 499, 500}, line), ElementsAre(0, 0, 1));
}

TEST(ErrorThresholds, OhaTakes400AndAbove) {
  const auto line = [](int code) { return fmt::format("1,0,0,0.1,0.2,11,{}", code); };
  EXPECT_THAT(
      errors_of({200, 399, 400}, line,
                "request-start,DNS,DNS+dialup,Response-delay,request-duration,bytes,status\n"),
      ElementsAre(0, 0, 1));
}

TEST(ErrorThresholds, K6IsCensoredAboveOneDroppedIterationInAThousand) {
  const auto censored = [](int dropped) {
    const auto point = [](std::string_view metric, int value) {
      return fmt::format(R"({{"metric":"{}","type":"Point","data":{{"time":"2026-01-02T03:04:05Z",)"
                         R"("value":{}}}}})"
                         "\n",
                         metric, value);
    };
    return table_of(point("iterations", 1'000 - dropped) + point("dropped_iterations", dropped))
        .censored;
  };
  EXPECT_THAT(censored(1), IsEmpty());
  EXPECT_THAT(censored(2), Not(IsEmpty()));
}

}  // namespace
}  // namespace haldane::analysis
