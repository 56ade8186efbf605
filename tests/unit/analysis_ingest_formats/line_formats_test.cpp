// Formats of one record a line that keep every request.
#include <gmock/gmock.h>

#include "tests/unit/analysis_ingest_formats/read_text.h"

namespace haldane::analysis {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

TEST(Ndjson, ObjectsAreRowsAndTextIsALabel) {
  const auto t = table_of(
      "{\"timestamp\":\"1970-01-01T00:00:01Z\",\"latency_ms\":12.5,\"ok\":true,\"path\":\"/a\"}\n"
      "{\"timestamp\":2,\"latency_ms\":13,\"ok\":false,\"size\":{\"in\":7,\"list\":[1,2]}}\r\n"
      "{\"timestamp\":3,\"latency_ms\":null}\n");
  EXPECT_EQ(t.rows, 3);
  EXPECT_EQ(t.malformed_rows, 0);
  EXPECT_THAT(column_of(t, "latency_ms").values, ElementsAre(12.5, 13));
  EXPECT_THAT(column_of(t, "latency_ms").times_s, ElementsAre(1, 2));
  EXPECT_THAT(column_of(t, "ok").values, ElementsAre(1, 0));
  EXPECT_THAT(column_of(t, "size.in").values, ElementsAre(7));
  EXPECT_EQ(t.find("path"), nullptr);
}

TEST(OhaCsv, AnsweredRequestsAreRowsWhateverTheColumns) {
  const auto t = table_of(
      "request-start,DNS,DNS+dialup,Response-delay,request-duration,bytes,status\n"
      "0.002211678,0.000374078,0.001148565,0.002619327,0.002626127,11,200\n"
      "0.5,0,0,0.1,0.25,11,503\n"
      "1,0,0,0.1,fast,11,200\n"
      "2,0\n");
  EXPECT_EQ(t.rows, 2);
  EXPECT_EQ(t.malformed_rows, 2);
  EXPECT_THAT(column_of(t, "latency_ms").values, ElementsAre(2.626127, 250));
  EXPECT_THAT(column_of(t, "latency_ms").times_s, ElementsAre(0.002211678, 0.5));
  EXPECT_THAT(column_of(t, "errors").values, ElementsAre(0, 1));
  const auto older = table_of(
      "request-start,DNS,DNS+dialup,request-duration,bytes,status\n"
      "0.1,0,0,0.2,11,200\n");
  EXPECT_THAT(column_of(older, "latency_ms").values, ElementsAre(200));
  EXPECT_THAT(column_of(older, "errors").values, ElementsAre(0));
}

constexpr const char* metric_set_pair =
    "{\"name\":\"latency\",\"id\":\"1\",\"tags\":{\"zone\":\"a\"},"
    "\"values\":{\"control\":[1,2.5,\"NaN\"],\"experiment\":[3,\"slow\"]},"
    "\"scopes\":{\"control\":{\"startTimeMillis\":60000,\"stepMillis\":60000}}}";

TEST(MetricSetPairs, OneDocumentHoldsBothArms) {
  const std::string list = std::string("[") + metric_set_pair + ",7]";
  for (const std::string& text :
       {list, "{\"metricSetPairList\":" + list + "}", std::string(metric_set_pair)}) {
    const auto b = table_of(text);
    EXPECT_THAT(column_of(b, "latency{zone=a}").values, ElementsAre(1, 2.5));
    EXPECT_THAT(column_of(b, "latency{zone=a}").times_s, ElementsAre(60, 120));
    EXPECT_EQ(column_of(b, "latency{zone=a}").nan_cells, 1);
    ReadOptions canary;
    canary.arm = Arm::canary;
    const auto c = table_of(text, canary);
    EXPECT_THAT(column_of(c, "latency{zone=a}").values, ElementsAre(3));
    EXPECT_THAT(column_of(c, "latency{zone=a}").times_s, IsEmpty());
    EXPECT_GE(c.malformed_rows, 1);
    EXPECT_NE(b.part, c.part);
  }
}

TEST(Ndjson, BadLinesAreNamedWithTheirPlace) {
  const auto t = table_of(
      "{\"a\":1}\n{\"a\":\n{\"a\":\"fast\"}\n{\"timestamp\":\"never\",\"a\":2}\n[1]\n{\"a\":"
      "\"NaN\"}"
      "\n{\"a\":3}");
  EXPECT_EQ(t.malformed_rows, 4);
  ASSERT_EQ(t.problems.size(), 4U);
  EXPECT_EQ(t.problems[0].line, 2);
  EXPECT_EQ(t.problems[1].line, 3);
  EXPECT_EQ(t.problems[1].path, "a");
  EXPECT_THAT(t.problems[1].message, HasSubstr("\"fast\" is no number"));
  EXPECT_EQ(t.problems[2].path, "timestamp");
  EXPECT_THAT(column_of(t, "a").values, ElementsAre(1, 3));
  EXPECT_EQ(column_of(t, "a").nan_cells, 1);
}

TEST(Ndjson, DeepNestingIsRefusedNotFollowed) {
  const std::string deep = "{\"a\":" + std::string(100'000, '[') + "\n";
  EXPECT_EQ(table_of("{\"a\":1}\n" + deep + "{\"a\":2}\n").malformed_rows, 1);
}

TEST(Ndjson, AValueWithoutATimeCostsAllTimes) {
  const auto t = table_of("{\"timestamp\":1,\"a\":1}\n{\"a\":2}\n");
  EXPECT_THAT(column_of(t, "a").times_s, IsEmpty());
}

TEST(K6, JsonPointsBecomeLatencyAndErrors) {
  const auto t = table_of(
      R"({"type":"Metric","data":{"name":"http_req_duration","type":"trend"},"metric":"http_req_duration"}
{"metric":"http_req_duration","type":"Point","data":{"time":"2026-01-02T03:04:05.5Z","value":12.5,"tags":{"status":"200"}}}
{"metric":"http_req_failed","type":"Point","data":{"time":"2026-01-02T03:04:05.5Z","value":0,"tags":{"status":"200"}}}
{"metric":"http_req_waiting","type":"Point","data":{"time":"2026-01-02T03:04:05.5Z","value":11,"tags":null}}
{"metric":"http_req_duration","type":"Point","data":{"time":"late","value":1}}
{"metric":"http_req_duration","type":"Point","data":{"time":"2026-01-02T03:04:06Z"}}
)");
  EXPECT_EQ(t.rows, 3);
  EXPECT_EQ(t.malformed_rows, 2);
  EXPECT_EQ(t.problems[0].path, "data.time");
  EXPECT_EQ(t.problems[1].line, 6);
  EXPECT_THAT(column_of(t, "latency_ms").values, ElementsAre(12.5));
  EXPECT_THAT(column_of(t, "latency_ms").times_s, ElementsAre(1767323045.5));
  EXPECT_THAT(column_of(t, "errors").values, ElementsAre(0));
  EXPECT_TRUE(column_of(t, "http_req_waiting").detail);
  EXPECT_THAT(t.censored, IsEmpty());
}

TEST(K6, DroppedIterationsCensorTheArm) {
  const std::string begin = "{\"metric\":\"";
  const std::string middle =
      "\",\"type\":\"Point\",\"data\":{\"time\":\"2026-01-02T03:04:05Z\",\"value\":";
  const std::string done = begin + "iterations" + middle + "900}}\n";
  EXPECT_THAT(table_of(done + begin + "dropped_iterations" + middle + "100}}\n").censored,
              HasSubstr("dropped 100 of 1000"));
  EXPECT_THAT(table_of(done + begin + "dropped_iterations" + middle + "0}}\n").censored, IsEmpty());
}

TEST(K6, CsvHasOnePointALine) {
  const auto t = table_of(
      "metric_name,timestamp,metric_value,check,error,error_code,group,method,name,proto\n"
      "http_req_duration,1767323045,12.5,,,,,GET,\"http://a/?q=1,2\",HTTP/1.1\n"
      "http_req_failed,1767323045,1,,,,,GET,http://a/,HTTP/1.1\n"
      "http_req_duration,1767323046,slow,,,,,GET,http://a/,HTTP/1.1\n");
  EXPECT_THAT(column_of(t, "latency_ms").values, ElementsAre(12.5));
  EXPECT_THAT(column_of(t, "errors").values, ElementsAre(1));
  EXPECT_EQ(t.problems.at(0).line, 4);
  EXPECT_EQ(t.problems.at(0).path, "metric_value");
}

TEST(Vegeta, JsonAndCsvAgree) {
  const auto json = table_of(
      R"({"attack":"canary","seq":0,"code":200,"timestamp":"2026-01-02T03:04:05.006007008Z","latency":12500000,"bytes_out":0,"bytes_in":512,"error":"","body":null,"method":"GET","url":"http://127.0.0.1/","headers":null}
{"attack":"canary","seq":1,"code":0,"timestamp":"2026-01-02T03:04:06Z","latency":30000000000,"bytes_out":0,"bytes_in":0,"error":"timeout","body":null,"method":"GET","url":"http://127.0.0.1/","headers":null}
{"attack":"canary","seq":2,"code":200,"latency":1}
)");
  const auto csv = table_of(
      "1767323045006007008,200,12500000,0,512,,,canary,0,GET,http://127.0.0.1/,\n"
      "1767323046000000000,0,30000000000,0,0,timeout,,canary,1,GET,http://127.0.0.1/,\n"
      "1767323046000000000,0,soon,0,0,timeout,,canary,1,GET,http://127.0.0.1/,\n");
  for (const auto* t : {&json, &csv}) {
    EXPECT_THAT(column_of(*t, "latency_ms").values, ElementsAre(12.5, 30'000));
    EXPECT_THAT(column_of(*t, "errors").values, ElementsAre(0, 1));
    EXPECT_NEAR(column_of(*t, "errors").times_s.at(0), 1767323045.006007, 1e-6);
    EXPECT_EQ(t->malformed_rows, 1);
    EXPECT_EQ(t->problems.at(0).line, 3);
  }
}

TEST(AccessLog, NginxSecondsAndApacheMicrosecondsAreToldApart) {
  const auto nginx = table_of(
      "10.0.0.7 - - [02/Jan/2026:03:04:05 +0000] \"GET /a HTTP/1.1\" 200 512 \"-\" \"curl \\\" x\" "
      "0.125 0.120\n"
      "10.0.0.7 - bob [02/Jan/2026:04:04:06 +0100] \"-\" 502 0 \"-\" \"curl\" rt=1.5\n"
      "10.0.0.7 - - [02/Jan/2026:03:04:07 +0000] \"GET /a HTTP/1.1\" ??? 0 \"-\" \"curl\" 0.1\n"
      "half a li");
  EXPECT_THAT(column_of(nginx, "latency_ms").values, ElementsAre(125, 1500));
  EXPECT_THAT(column_of(nginx, "latency_ms").times_s, ElementsAre(1767323045, 1767323046));
  EXPECT_THAT(column_of(nginx, "errors").values, ElementsAre(0, 1));
  EXPECT_EQ(nginx.malformed_rows, 2);
  EXPECT_EQ(nginx.problems.at(0).path, "status");
  const auto apache = table_of(
      "::1 - - [02/Jan/2026:03:04:05 +0000] \"GET /a HTTP/1.1\" 404 512 \"-\" \"curl\" 125000\n");
  EXPECT_THAT(column_of(apache, "latency_ms").values, ElementsAre(125));
  EXPECT_THAT(column_of(apache, "errors").values, ElementsAre(0));
}

TEST(AccessLog, WithoutADurationThereAreOnlyErrors) {
  const auto t =
      table_of("::1 - - [02/Jan/2026:03:04:05 +0000] \"GET /a HTTP/1.1\" 500 5 \"-\" \"curl\"\n");
  EXPECT_EQ(t.find("latency_ms"), nullptr);
  EXPECT_THAT(t.remarks, testing::Contains(HasSubstr("$request_time")));
}

TEST(Envoy, DefaultAndIstioLinesGiveTheDuration) {
  const auto t = table_of(
      "[2026-01-02T03:04:05.006Z] \"GET /v1/x HTTP/2\" 503 UO 0 81 3 - \"-\" \"wrk2\" \"b1\" "
      "\"api\" \"10.0.0.7:80\"\n"
      "[2026-01-02T03:04:06.006Z] \"GET /v1/x HTTP/2\" 200 - via_upstream - \"-\" 0 81 12 11 \"-\" "
      "\"wrk2\" \"b1\" \"api\" \"10.0.0.7:80\"\n"
      "[2026-01-02T03:04:07.006Z] \"GET /v1/x HTTP/2\" 200 -\n");
  EXPECT_THAT(column_of(t, "latency_ms").values, ElementsAre(3, 12));
  EXPECT_THAT(column_of(t, "errors").values, ElementsAre(1, 0));
  EXPECT_EQ(t.problems.at(0).line, 3);
  EXPECT_EQ(t.problems.at(0).path, "duration");
}

TEST(ReadObservations, AnySplitIntoBlocksGivesTheSameTable) {
  const std::string text =
      "\xEF\xBB\xBF{\"a\":1,\"timestamp\":1}\r\n\r\nnothing\n{\"a\":2.5,\"timestamp\":2}";
  const auto whole = table_of(text);
  EXPECT_THAT(column_of(whole, "a").values, ElementsAre(1, 2.5));
  for (std::size_t block = 1; block < 12; ++block) {
    const auto split = table_of(text, {std::nullopt, block});
    EXPECT_EQ(split.sha256, whole.sha256);
    EXPECT_EQ(split.malformed_rows, 1);
    EXPECT_EQ(split.problems.at(0).line, 3);
    EXPECT_EQ(column_of(split, "a").values, column_of(whole, "a").values);
    EXPECT_EQ(column_of(split, "a").times_s, column_of(whole, "a").times_s);
  }
}

TEST(ReadObservations, AnEndlessLineCostsItselfOnly) {
  const auto t = table_of("{\"a\":1}\n" + std::string(5'000'000, '{') + "\n{\"a\":2}\n");
  EXPECT_EQ(t.malformed_rows, 1);
  EXPECT_THAT(t.problems.at(0).message, HasSubstr("longer than 1048576 bytes"));
  EXPECT_THAT(column_of(t, "a").values, ElementsAre(1, 2));
}

TEST(ReadObservations, ANamedFormatIsTakenAtItsWord) {
  EXPECT_THAT(refusal_of("a,b\n1,2\n", {InputFormat::vegeta_json}),
              HasSubstr("as vegeta-json: has no readable record (2 malformed)"));
  EXPECT_THAT(refusal_of("", {InputFormat::prometheus}), HasSubstr("no readable record"));
}

TEST(RecogniseFormat, WhatHasNoMarksIsCsv) {
  EXPECT_EQ(recognise_format(""), InputFormat::csv);
  EXPECT_EQ(recognise_format("timestamp,value\n2014-03-07 03:41:00,45.8\n"), InputFormat::csv);
  EXPECT_EQ(recognise_format("[\n"), InputFormat::csv);
  EXPECT_EQ(recognise_format(std::string(70'000, '\0')), InputFormat::csv);
  EXPECT_EQ(format_named("k6-csv"), InputFormat::k6_csv);
  EXPECT_EQ(format_named("csv2"), std::nullopt);
  for (const std::string_view name : format_names()) {
    EXPECT_TRUE(format_named(name).has_value()) << name;
  }
}

}  // namespace
}  // namespace haldane::analysis
