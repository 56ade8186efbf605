// Formats that keep counts between bounds, or percentiles alone.
#include <cmath>

#include <gmock/gmock.h>

#include "tests/unit/analysis_ingest_formats/read_text.h"

namespace haldane::analysis {
namespace {

using testing::Contains;
using testing::ElementsAre;
using testing::HasSubstr;

double total(const ObservationColumn& column) {
  double sum = 0;
  for (const ValueBin& bin : column.bins) sum += bin.count;
  return sum;
}

TEST(Hgrm, RowsAreBinsBetweenTheirValues) {
  const auto t = table_of(
      "Running 30s test @ http://127.0.0.1:80\n"
      "       Value     Percentile     TotalCount 1/(1-Percentile)\n\n"
      "       1.000     0.000000000000          1           1.00\n"
      "       2.500     0.500000000000         51           2.00\n"
      "       9.000     1.000000000000        102\n"
      "#[Mean    =        2.600, StdDeviation   =        1.200]\n"
      "#[Max     =        9.000, Total count    =          102]\n"
      "----------------------------------------------------------\n");
  const auto c = column_of(t, "latency_ms");
  EXPECT_EQ(c.quality, Quality::binned);
  EXPECT_THAT(c.bins, ElementsAre(ValueBin{0, 1, 1}, ValueBin{1, 2.5, 50}, ValueBin{2.5, 9, 51}));
  EXPECT_EQ(t.malformed_rows, 0);
}

TEST(Hgrm, FallingRowsAreMalformed) {
  const auto t = table_of(
      " Value Percentile TotalCount 1/(1-Percentile)\n 2 0.5 10 2\n 1 0.6 12 2\n x 0.7 13 3\n"
      " 3 1.0 20\n");
  EXPECT_EQ(t.malformed_rows, 2);
  EXPECT_EQ(t.problems.at(0).line, 3);
  EXPECT_EQ(total(column_of(t, "latency_ms")), 20);
}

// Written with hdr-histogram-js 3.0.1: 1, 2, ... 100 ms, 5 us and 12.345678 s, recorded in us.
constexpr const char* microseconds =
    "HISTFAAAAGB4nJNpmSzMwMBwj4GBgZGBgYGZAQJAbIZrk5cwwPicTIf5mc7yM03lYHrKzrSQhekjMxQtZ2L6zogFrWRk"
    "qmaqxIOzmayZrJlswSR5tC6TNJMskywSSQ6/P58JAPpbJ80=";
// 700 us, 701 us and 64 ms, in ns with a lowest value of 1 us and two digits.
constexpr const char* nanoseconds =
    "HISTFAAAAC54nJNpmSzMwMDAzsDAwMjAwMDEAAbMLxgYmN0MdixggALGyxxMTP28TAB6XAWL";

TEST(Hlog, CompressedIntervalsAreDecodedExactly) {
  const auto t = table_of(std::string("#[Histogram log format version 1.3]\n"
                                      "#[StartTime: 1767323045.000 (seconds since epoch)]\n"
                                      "\"StartTimestamp\",\"Interval_Length\",\"Interval_Max\","
                                      "\"Interval_Compressed_Histogram\"\n"
                                      "Tag=a,0.000,1.000,12345.678,") +
                          microseconds + "\n1.000,1.000,12345.678," + microseconds + "\n");
  const auto c = column_of(t, "latency_ms");
  ASSERT_EQ(total(c), 204);
  EXPECT_EQ(c.bins.front(), (ValueBin{0.005, 0.006, 2}));
  EXPECT_LE(c.bins.back().low, 12345.678);
  EXPECT_GE(c.bins.back().high, 12345.678);
  EXPECT_LT(c.bins.back().high / c.bins.back().low, 1.001);
  EXPECT_THAT(t.remarks, Contains(HasSubstr("0.001 ms")));
  for (int i = 1; i <= 100; ++i) {
    double around = 0;
    for (const ValueBin& bin : c.bins) around += bin.low <= i && i <= bin.high ? bin.count : 0;
    EXPECT_EQ(around, 2) << i;
  }
}

TEST(Hlog, ALowestValueScalesTheSlots) {
  const auto t = table_of(std::string("0.000,1.000,64.000,") + nanoseconds + "\n");
  const auto c = column_of(t, "latency_ms");
  ASSERT_EQ(total(c), 3);
  EXPECT_LE(c.bins.front().low, 0.7);
  EXPECT_GE(c.bins.front().high, 0.7);
  EXPECT_LE(c.bins.back().low, 64);
  EXPECT_GE(c.bins.back().high, 64);
}

TEST(Hlog, DamagedHistogramsAreNamed) {
  std::string damaged = microseconds;
  damaged[40] = damaged[40] == 'A' ? 'B' : 'A';
  const auto t = table_of("0.000,1.000,64.000," + damaged + "\n0,1,2,HISTFA%A\n0,1,2,HISTFAAA\n" +
                          "0.000,1.000,64.000," + nanoseconds + "\n");
  EXPECT_EQ(t.malformed_rows, 3);
  EXPECT_THAT(t.problems.at(0).message, HasSubstr("cannot be decompressed"));
  EXPECT_THAT(t.problems.at(1).message, HasSubstr("no base64"));
  EXPECT_EQ(total(column_of(t, "latency_ms")), 3);
}

TEST(Fortio, HistogramAndCodesAreRead) {
  const auto t = table_of(R"({"RunType":"HTTP","ActualDuration":1000000000,"NoCatchUp":false,
"DurationHistogram":{"Count":4,"Min":0.001,"Max":0.009,"Sum":0.02,"Avg":0.005,"StdDev":0.001,
"Data":[{"Start":0.001,"End":0.004,"Percent":75,"Count":3},{"Start":0.004,"End":0.009,"Percent":100,"Count":1}],
"Percentiles":[{"Percentile":50,"Value":0.003}]},"RetCodes":{"200":3,"503":1}})");
  EXPECT_THAT(column_of(t, "latency_ms").bins, ElementsAre(ValueBin{1, 4, 3}, ValueBin{4, 9, 1}));
  EXPECT_THAT(column_of(t, "requests").values, ElementsAre(4));
  EXPECT_THAT(column_of(t, "errors").values, ElementsAre(1));
  EXPECT_THAT(t.remarks, Contains(HasSubstr("caught up")));
}

TEST(Oha, PercentilesAreASummaryAndCodesCount) {
  const auto t = table_of(R"({"summary":{"successRate":0.98,"total":1.0,"slowest":0.5},
"responseTimeHistogram":{"0.1":5},"latencyPercentiles":{"p50":0.01,"p99":0.04,"p99.9":null},
"statusCodeDistribution":{"200":97,"500":1},"errorDistribution":{"deadline":2}})");
  const auto c = column_of(t, "latency_ms");
  EXPECT_EQ(c.quality, Quality::summary);
  ASSERT_EQ(c.summary.size(), 2U);
  EXPECT_DOUBLE_EQ(c.summary[0].probability, 0.5);
  EXPECT_DOUBLE_EQ(c.summary[1].value, 40);
  EXPECT_THAT(column_of(t, "requests").values, ElementsAre(100));
  EXPECT_THAT(column_of(t, "errors").values, ElementsAre(3));
}

TEST(Locust, OnlyTheTotalRowIsReadAndAsASummary) {
  const std::string header =
      "Type,Name,Request Count,Failure Count,Median Response Time,Average Response "
      "Time,50%,95%,99%,100%\n";
  const auto t = table_of(header +
                          "GET,/a,90,1,140,150.2,140,300,410,900\n"
                          ",Aggregated,100,2,150,151.3,150,310,420,900\n");
  const auto c = column_of(t, "latency_ms");
  EXPECT_EQ(c.quality, Quality::summary);
  ASSERT_EQ(c.summary.size(), 3U);
  EXPECT_DOUBLE_EQ(c.summary[1].value, 310);
  EXPECT_THAT(column_of(t, "requests").values, ElementsAre(100));
  EXPECT_THAT(column_of(t, "errors").values, ElementsAre(2));
  EXPECT_THAT(refusal_of("Timestamp,User Count,Type,Name,Requests/s\n1,2,GET,/,3\n"),
              HasSubstr("_stats.csv"));
}

std::string prometheus(const std::string& result) {
  return R"({"status":"success","data":{"resultType":"matrix","result":[)" + result + "]}}";
}

TEST(Prometheus, BucketSeriesBecomeBinsOfTheIncrease) {
  const auto t = table_of(prometheus(
      R"({"metric":{"__name__":"d_seconds_bucket","le":"0.1"},"values":[[10,"100"],[20,"110"],[30,"4"]]},
         {"metric":{"__name__":"d_seconds_bucket","le":"0.5"},"values":[[10,"200"],[20,"220"],[30,"8"]]},
         {"metric":{"__name__":"d_seconds_bucket","le":"+Inf"},"values":[[10,"300"],[20,"321"],[30,"9"]]},
         {"metric":{"__name__":"d_seconds_sum"},"values":[[10,"1"],[20,"2"]]},
         {"metric":{"__name__":"d_seconds_count"},"values":[[10,"300"],[20,"321"],[30,"9"]]})"));
  const auto c = column_of(t, "d_seconds");
  ASSERT_EQ(c.bins.size(), 3U);
  EXPECT_EQ(c.bins[0], (ValueBin{0, 0.1, 14}));  // 10, then 4 after a restart
  EXPECT_EQ(c.bins[1], (ValueBin{0.1, 0.5, 14}));
  EXPECT_EQ(c.bins[2].count, 2);
  EXPECT_THAT(column_of(t, "d_seconds_count").values, ElementsAre(21, 9));
  EXPECT_THAT(column_of(t, "d_seconds_count").times_s, ElementsAre(20, 30));
  EXPECT_EQ(t.find("d_seconds_sum"), nullptr);
}

TEST(Prometheus, GaugesOfSeveralSeriesAreAveragedAndNanIsNothing) {
  const auto t = table_of(prometheus(
      R"({"metric":{"__name__":"queue_depth","pod":"a"},"values":[[10,"4"],[20,"NaN"]]},
         {"metric":{"__name__":"queue_depth","pod":"b"},"values":[[10,"8"],[20,"10"]]})"));
  EXPECT_THAT(column_of(t, "queue_depth").values, ElementsAre(6, 10));
  EXPECT_THAT(column_of(t, "queue_depth").times_s, ElementsAre(10, 20));
}

TEST(Prometheus, NativeHistogramsAreIncreasesToo) {
  const auto t = table_of(prometheus(
      R"({"metric":{"__name__":"d"},"histograms":[
        [10,{"count":"9","sum":"1.2","buckets":[[0,"0.09","0.11","4"],[0,"0.11","0.13","5"]]}],
        [20,{"count":"12","sum":"1.5","buckets":[[0,"0.09","0.11","6"],[0,"0.11","0.13","6"]]}]]})"));
  EXPECT_THAT(column_of(t, "d").bins,
              ElementsAre(ValueBin{0.09, 0.11, 2}, ValueBin{0.11, 0.13, 1}));
}

TEST(Prometheus, RatesOfBucketsAndFailuresAreRefused) {
  EXPECT_THAT(refusal_of(prometheus(R"({"metric":{"le":"0.1"},"values":[[10,"0.5"]]})")),
              HasSubstr("without a name"));
  EXPECT_THAT(
      refusal_of(R"({"status":"error","error":"too many samples","data":{"resultType":""}})"),
      HasSubstr("too many samples"));
  EXPECT_THAT(refusal_of(R"({"status":"success","data":{"resultType":"vector","result":[]}})"),
              HasSubstr("query_range"));
}

std::string otlp(const std::string& metric) {
  return R"({"resourceMetrics":[{"scopeMetrics":[{"metrics":[)" + metric + "]}]}]}";
}

TEST(Otlp, DeltaHistogramsAddUpOverLines) {
  const std::string line = otlp(
      R"({"name":"d","unit":"ms","histogram":{"aggregationTemporality":1,"dataPoints":[{"startTimeUnixNano":"1","timeUnixNano":"2","count":"6","sum":9,"bucketCounts":["1","2","3"],"explicitBounds":[5,10]}]}})");
  const auto t = table_of(line + "\n" + line + "\n");
  const auto c = column_of(t, "d");
  ASSERT_EQ(c.bins.size(), 3U);
  EXPECT_EQ(c.bins[0], (ValueBin{0, 5, 2}));
  EXPECT_EQ(c.bins[1], (ValueBin{5, 10, 4}));
  EXPECT_EQ(c.bins[2].count, 6);
}

TEST(Otlp, CumulativePointsCountTheirIncrease) {
  const auto point = [](const char* counts) {
    return otlp(
        std::string(R"({"name":"d","histogram":{"aggregationTemporality":2,"dataPoints":[)") +
        R"({"timeUnixNano":"2","count":9,"bucketCounts":)" + counts +
        R"(,"explicitBounds":[5]}]}})");
  };
  const auto t = table_of(point("[4,1]") + "\n" + point("[7,2]") + "\n");
  EXPECT_EQ(column_of(t, "d").bins.at(0), (ValueBin{0, 5, 3}));
  EXPECT_EQ(total(column_of(t, "d")), 4);
  EXPECT_EQ(total(column_of(table_of(point("[4,1]")), "d")), 5);
}

TEST(Otlp, ExponentialBucketsArePowersOfTheBase) {
  const auto t = table_of(otlp(
      R"({"name":"d","exponentialHistogram":{"aggregationTemporality":1,"dataPoints":[{"count":7,"scale":1,"zeroCount":"1","zeroThreshold":0.001,"positive":{"offset":2,"bucketCounts":["2","4"]},"timeUnixNano":"5"}]}})"));
  const auto c = column_of(t, "d");
  ASSERT_EQ(c.bins.size(), 3U);
  EXPECT_EQ(c.bins[0], (ValueBin{-0.001, 0.001, 1}));
  EXPECT_DOUBLE_EQ(c.bins[1].low, 2);  // (2^(1/2))^2
  EXPECT_DOUBLE_EQ(c.bins[1].high, std::pow(2, 1.5));
  EXPECT_DOUBLE_EQ(c.bins[2].high, 4);
}

TEST(Otlp, SumsAndGaugesKeepTheirTimes) {
  const auto t = table_of(otlp(
      R"({"name":"errors","sum":{"aggregationTemporality":2,"isMonotonic":true,"dataPoints":[{"timeUnixNano":"1000000000","asInt":"5"},{"timeUnixNano":"2000000000","asInt":"7"}]}},
             {"name":"queue","gauge":{"dataPoints":[{"timeUnixNano":"1000000000","asDouble":1.5}]}},
             {"name":"bad","histogram":{"aggregationTemporality":1,"dataPoints":[{"bucketCounts":[1],"explicitBounds":[1,2]}]}})"));
  EXPECT_THAT(column_of(t, "errors").values, ElementsAre(2));
  EXPECT_THAT(column_of(t, "errors").times_s, ElementsAre(2));
  EXPECT_THAT(column_of(t, "queue").values, ElementsAre(1.5));
  EXPECT_EQ(t.problems.at(0).path, "bad");
}

TEST(JsonDocuments, HalfWrittenAndDeepOnesAreRefused) {
  EXPECT_THAT(refusal_of(prometheus("{\"metric\":{}").substr(0, 70)), HasSubstr("no whole JSON"));
  EXPECT_THAT(refusal_of("{\"resourceMetrics\":" + std::string(100'000, '[')), HasSubstr("otlp"));
}

}  // namespace
}  // namespace haldane::analysis
