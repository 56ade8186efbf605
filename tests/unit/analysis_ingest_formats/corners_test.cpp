// The odd corners of files as tools write them.
#include <gmock/gmock.h>

#include "tests/unit/analysis_ingest_formats/read_text.h"

namespace haldane::analysis {
namespace {

using testing::Contains;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

std::string range(const std::string& result, const std::string& more = "") {
  return R"({"status":"success",)" + more + R"("data":{"resultType":"matrix","result":[)" + result +
         "]}}";
}

double total(const ObservationColumn& column) {
  double sum = 0;
  for (const ValueBin& bin : column.bins) sum += bin.count;
  return sum;
}

TEST(Prometheus, IncreasesOfSeveralSeriesAreAddedUpAtEachTime) {
  const auto t = table_of(
      range(R"({"metric":{"__name__":"hits_total","code":"200"},"values":[[10,"5"],[20,"9"]]},
               {"metric":{"__name__":"hits_total","code":"500"},"values":[[10,"0"],[20,"1"]]})"));
  EXPECT_THAT(column_of(t, "hits_total").values, ElementsAre(5));
  EXPECT_THAT(column_of(t, "hits_total").times_s, ElementsAre(20));
}

TEST(Prometheus, CountersThatBeginLateAreRemarkedUpon) {
  const auto t =
      table_of(range(R"({"metric":{"__name__":"bad_total","path":"a"},"values":[[10,"5"],[20,"5"]]},
               {"metric":{"__name__":"bad_total","path":"b"},"values":[[20,"3"]]})"));
  EXPECT_THAT(column_of(t, "bad_total").values, ElementsAre(0));
  EXPECT_THAT(t.remarks, Contains(HasSubstr("begin later than others hold 3")));
}

// code="500" is made at the first error, in a process that answered before.
TEST(Prometheus, ACounterMadeAtItsFirstEventCountsIt) {
  const auto t = table_of(range(
      R"({"metric":{"__name__":"hits_total","instance":"a:80","code":"200"},"values":[[10,"5"],[20,"9"],[30,"9"]]},
         {"metric":{"__name__":"hits_total","instance":"a:80","code":"500"},"values":[[20,"2"],[30,"3"]]},
         {"metric":{"__name__":"hits_total","instance":"b:80","code":"200"},"values":[[20,"700"],[30,"701"]]})"));
  EXPECT_THAT(column_of(t, "hits_total").values, ElementsAre(6, 2));
  EXPECT_THAT(t.remarks, Contains(HasSubstr("hold 700")));
}

TEST(Prometheus, WarningsOfTheServerArePassedOn) {
  const auto t = table_of(range(R"({"metric":{"__name__":"q"},"values":[[10,"5"]]})",
                                R"("warnings":["remote read: store 2 is down"],)"));
  EXPECT_THAT(t.remarks, Contains(HasSubstr("store 2 is down")));
}

TEST(Prometheus, AnInfiniteGaugeIsCounted) {
  const auto t = table_of(range(R"({"metric":{"__name__":"q"},"values":[[10,"+Inf"],[20,"2"]]})"));
  EXPECT_THAT(column_of(t, "q").values, ElementsAre(2));
  EXPECT_EQ(column_of(t, "q").infinite_cells, 1);
}

TEST(Prometheus, CoarserNativeBucketsAreNoNewObservations) {
  const auto t = table_of(range(
      R"({"metric":{"__name__":"d"},"histograms":[
        [10,{"count":"9","sum":"9","buckets":[[0,"0.5","0.7071067811865475","4"],[0,"0.7071067811865475","1","5"]]}],
        [20,{"count":"12","sum":"12","buckets":[[0,"0.5","1","12"]]}]]})"));
  EXPECT_THAT(column_of(t, "d").bins, ElementsAre(ValueBin{0.5, 1, 3}));
}

TEST(Prometheus, RatesOfHistogramsAreRefusedUnderAnyName) {
  EXPECT_THAT(
      refusal_of(range(
          R"({"metric":{"job":"a"},"histograms":[[10,{"count":"1.5","buckets":[[0,"1","2","1.5"]]}]]})")),
      HasSubstr("without a name"));
  EXPECT_THAT(refusal_of(range(
                  R"({"metric":{"__name__":"job:d:rate5m","le":"0.1"},"values":[[10,"0.5"]]})")),
              HasSubstr("does not end in _bucket"));
}

TEST(Prometheus, ABadValueIsNamedByItsPlace) {
  const auto t = table_of(range(R"({"metric":{"__name__":"a"},"values":[[10,"5"]]},
               {"metric":{"__name__":"b"},"values":[[10,"5"],[20,"five"]]})"));
  EXPECT_EQ(t.problems.at(0).path, "result[1].values[1]");
}

std::string otlp(const std::string& pod, const std::string& metric) {
  return R"({"resourceMetrics":[{"resource":{"attributes":[{"key":"service.instance.id",)"
         R"("value":{"stringValue":")" +
         pod + R"("}}]},"scopeMetrics":[{"scope":{"name":"http"},"metrics":[)" + metric +
         "]}]}]}\n";
}

std::string exponential(int scale, const char* counts, int count) {
  return R"({"name":"d","exponentialHistogram":{"aggregationTemporality":2,"dataPoints":[)"
         R"({"startTimeUnixNano":"1","timeUnixNano":"2","count":)" +
         std::to_string(count) + R"(,"scale":)" + std::to_string(scale) +
         R"(,"positive":{"offset":0,"bucketCounts":)" + counts + "}}]}}";
}

TEST(Otlp, ACoarserScaleIsNoNewObservation) {
  const auto t =
      table_of(otlp("a", exponential(1, "[40,50]", 90)) + otlp("a", exponential(0, "[93]", 93)));
  EXPECT_THAT(column_of(t, "d").bins, ElementsAre(ValueBin{1, 2, 3}));
}

std::string counter(const char* value, const char* time, const char* start = "1") {
  return R"({"name":"hits","sum":{"aggregationTemporality":"AGGREGATION_TEMPORALITY_CUMULATIVE",)"
         R"("isMonotonic":true,"dataPoints":[{"startTimeUnixNano":")" +
         std::string(start) + R"(","timeUnixNano":")" + time + R"(","asInt":")" + value +
         R"("}]}})";
}

TEST(Otlp, ResourcesOfOneNameAreSeriesOfTheirOwn) {
  const auto t =
      table_of(otlp("a", counter("100", "1000000000")) + otlp("b", counter("5", "1000000000")) +
               otlp("a", counter("110", "2000000000")) + otlp("b", counter("6", "2000000000")));
  EXPECT_THAT(column_of(t, "hits").values, ElementsAre(11));
}

TEST(Otlp, AttributesThatComeLaterBeginWithTheirFirstEvent) {
  std::string late = counter("3", "2000000000");
  late.replace(late.find("\"asInt\""), 0, R"("attributes":[{"key":"code"}],)");
  const auto t =
      table_of(otlp("a", counter("100", "1000000000")) + otlp("a", counter("100", "2000000000")) +
               otlp("a", late) + otlp("b", counter("50", "2000000000")) +
               otlp("b", counter("51", "3000000000")));
  EXPECT_THAT(column_of(t, "hits").values, ElementsAre(3, 1));
}

TEST(Otlp, ACounterSeenOnceHoldsEverythingAsAHistogramDoes) {
  const auto t = table_of(otlp("a", counter("100", "1000000000")));
  EXPECT_THAT(column_of(t, "hits").values, ElementsAre(100));
}

TEST(Otlp, PointsWithoutAValueAndSummariesAreNoRows) {
  const auto t = table_of(otlp(
      "a",
      R"({"name":"q","gauge":{"dataPoints":[{"timeUnixNano":"1","flags":1},{"timeUnixNano":"2","asDouble":3}]}},
         {"name":"s","summary":{"dataPoints":[{"timeUnixNano":"1","count":"4","quantileValues":[]}]}},
         {"name":"h","histogram":{"aggregationTemporality":1,"dataPoints":[{"timeUnixNano":"1","count":"4","sum":8}]}})"));
  EXPECT_EQ(t.malformed_rows, 0);
  EXPECT_THAT(column_of(t, "q").values, ElementsAre(3));
  EXPECT_EQ(total(column_of(t, "h")), 4);
  EXPECT_THAT(t.remarks, Contains(HasSubstr("1 points of summaries")));
}

TEST(Oha, WhatItsDeadlineCutOffDidNotFail) {
  const auto t = table_of(R"({"summary":{"successRate":1.0},"latencyPercentiles":{"p50":0.01},
"statusCodeDistribution":{"200":97},"errorDistribution":{"aborted due to deadline":50,"connection closed":2}})");
  EXPECT_THAT(column_of(t, "requests").values, ElementsAre(99));
  EXPECT_THAT(column_of(t, "errors").values, ElementsAre(2));
}

TEST(Hgrm, TheTableMayBeCsv) {
  const auto t = table_of(
      "\"Value\",\"Percentile\",\"TotalCount\",\"1/(1-Percentile)\"\n1.0,0.0,1,1.00\n"
      "2.5,0.5,51,2.00\n9.0,1.0,102,Infinity\n");
  EXPECT_THAT(column_of(t, "latency_ms").bins,
              ElementsAre(ValueBin{0, 1, 1}, ValueBin{1, 2.5, 50}, ValueBin{2.5, 9, 51}));
}

TEST(Hgrm, TotalsBelowTheTableOfWrk2AreRead) {
  const std::string table =
      "  Latency Distribution (HdrHistogram - Recorded Latency)\n"
      "       Value     Percentile     TotalCount 1/(1-Percentile)\n\n"
      "       1.000     1.000000000000         40            inf\n"
      "#[Mean    =        2.600, StdDeviation   =        1.200]\n"
      "  50 requests in 1.00s, 1.20MB read\n";
  const auto failed = table_of(table +
                               "  Socket errors: connect 1, read 2, write 0, timeout 4\n"
                               "  Non-2xx or 3xx responses: 5\nRequests/sec:     50.00\n");
  EXPECT_THAT(column_of(failed, "requests").values, ElementsAre(57));
  EXPECT_THAT(column_of(failed, "errors").values, ElementsAre(12));
  EXPECT_THAT(column_of(table_of(table), "errors").values, ElementsAre(0));
}

TEST(EnvoyJson, DurationAndCodeAreRead) {
  const auto t = table_of(
      R"({"authority":"a","bytes_sent":13,"duration":12,"response_code":200,"response_flags":"-","start_time":"2026-01-02T03:04:05.500Z"})"
      "\n"
      R"({"duration":"7","response_code":"503","start_time":"2026-01-02T03:04:06.000Z"})"
      "\n"
      R"({"duration":null,"response_code":200,"start_time":"2026-01-02T03:04:06.000Z"})"
      "\n");
  EXPECT_THAT(column_of(t, "latency_ms").values, ElementsAre(12, 7));
  EXPECT_THAT(column_of(t, "latency_ms").times_s, ElementsAre(1'767'323'045.5, 1'767'323'046));
  EXPECT_THAT(column_of(t, "errors").values, ElementsAre(0, 1));
  EXPECT_EQ(t.problems.at(0).line, 3);
  EXPECT_EQ(t.problems.at(0).path, "duration");
}

TEST(Ndjson, NumbersInQuotesAreKeptForPoliciesThatNameThem) {
  const auto t = table_of(
      "{\"request_time\":\"0.012\",\"id\":\"17\",\"host\":\"a\"}\n"
      "{\"request_time\":\"-\",\"id\":\"x\"}\n{\"request_time\":\"0.5\"}\n");
  EXPECT_EQ(t.malformed_rows, 0);
  EXPECT_THAT(column_of(t, "request_time").values, ElementsAre(0.012, 0.5));
  EXPECT_TRUE(column_of(t, "request_time").detail);
  EXPECT_EQ(t.find("host"), nullptr);
}

TEST(AccessLog, AQuotedFieldMayEndInABackslash) {
  const auto t =
      table_of(R"(h - - [02/Jan/2026:03:04:05 +0000] "GET / HTTP/1.1" 200 5 "-" "x\\" 0.012)"
               "\n");
  EXPECT_THAT(column_of(t, "latency_ms").values, ElementsAre(12));
}

TEST(Times, TheirUnitIsToldBySize) {
  const auto times = [](const std::string& text) {
    return column_of(table_of(text), "latency_ms").times_s;
  };
  EXPECT_THAT(times("timestamp,latency_ms\n1767323045,1\n1767323045500,1\n"),
              ElementsAre(1'767'323'045, 1'767'323'045.5));
  EXPECT_THAT(times("timestamp,latency_ms\n\"1767323045500000\",1\n1767323045500000000,1\n"),
              ElementsAre(1'767'323'045.5, 1'767'323'045.5));
  EXPECT_THAT(times("{\"timestamp\":1767323045500,\"latency_ms\":1}\n"),
              ElementsAre(1'767'323'045.5));
  EXPECT_THAT(times("metric_name,timestamp,metric_value\nhttp_req_duration,1767323045500,1\n"),
              ElementsAre(1'767'323'045.5));
}

TEST(BinaryInput, ComesWithAdvice) {
  EXPECT_THAT(advice_for_binary("\x1f\x8b\x08 zip"), HasSubstr("unpack it"));
  EXPECT_THAT(refusal_of("\x28\xb5\x2f\xfd zip"), HasSubstr("zstdcat"));
  EXPECT_THAT(refusal_of(std::string("\x7f\xff\x81\x03\x01\x01\x06Result\x01\xff\x82", 17) +
                         std::string("\0\x01\n\x01\x06"
                                     "Attack",
                                     11)),
              HasSubstr("vegeta encode"));
  EXPECT_THAT(advice_for_binary("\x01\x02"), IsEmpty());
}

}  // namespace
}  // namespace haldane::analysis
