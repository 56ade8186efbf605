#include <algorithm>
#include <sstream>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "analysis/report/number_format.h"
#include "analysis/report/run_report.h"
#include "analysis/report/text_table.h"
#include "analysis/report/verdict_report.h"
#include "tests/unit/analysis_report/samples.h"

namespace haldane::analysis {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

int widest_line(const std::string& text) {
  std::istringstream lines(text);
  int widest = 0;
  for (std::string line; std::getline(lines, line);) widest = std::max(widest, display_width(line));
  return widest;
}

TEST(NumberFormat, SeparatesThousandsAndKeepsTheSign) {
  EXPECT_EQ(format_fixed(1234567.891, 1), "1,234,567.9");
  EXPECT_EQ(format_fixed(-1234.5, 0), "-1,234");
  EXPECT_EQ(format_fixed(999, 0), "999");
  EXPECT_EQ(format_fixed(-0.0001, 2), "0.00");
}

TEST(NumberFormat, ShowsTwoDigitsOfTheHalfWidth) {
  EXPECT_EQ(decimals_for(3600, 9.6), 1);
  EXPECT_EQ(decimals_for(3600, 25), 0);
  EXPECT_EQ(decimals_for(0.5, 0.0013), 4);
  EXPECT_EQ(decimals_for(14, 0), 0);
  EXPECT_EQ(decimals_for(5.96, 0), 2);
}

TEST(NumberFormat, NeverShowsMoreThanSevenDigits) {
  EXPECT_EQ(decimals_for(123456, 1e-9), 1);
  EXPECT_EQ(format_estimate({"x", "ms", 123456.123456789, 123456.1234, 123456.1236, 0.95}).value,
            "123,456.1");
}

TEST(NumberFormat, SharesArePercentAndMissingValuesADash) {
  const FormattedEstimate share = format_estimate({"x", "ratio", 0.5, 0.4, 0.6, 0.95});
  EXPECT_EQ(share.value, "50");
  EXPECT_EQ(share.unit, "%");
  EXPECT_EQ(share.relative, "20 %");
  EXPECT_EQ(format_estimate({"x", "ms", {}, {}, {}, 0.95}).value, "-");
}

TEST(NumberFormat, SecondsAndCountsAreShort) {
  EXPECT_EQ(format_seconds(0.85), "850 ms");
  EXPECT_EQ(format_seconds(1.25), "1.25 s");
  EXPECT_EQ(format_seconds(200), "3 min 20 s");
  EXPECT_EQ(format_seconds(7500), "2 h 5 min");
  EXPECT_EQ(format_short(60e6), "60 M");
  EXPECT_EQ(format_short(12'345), "12.3 k");
  EXPECT_EQ(format_short(950), "950");
}

TEST(TextTable, AlignsNumbersRightAndDropsTheLeastImportantColumnFirst) {
  TextTable table({{"name", false, 0}, {"value", true, 0}, {"extra", false, 1}});
  table.add_row({"a", "1", "long remark"});
  table.add_row({"bcd", "22", ""});
  EXPECT_EQ(table.render({40, false}),
            "name  value  extra\na         1  long remark\nbcd      22\n");
  EXPECT_EQ(table.render({12, false}), "name  value\na         1\nbcd      22\n");
}

TEST(TextTable, CutsTheFirstColumnWhereNothingElseHelps) {
  TextTable table({{"name", false, 0}, {"value", true, 0}});
  table.add_row({"a very long name of a metric", "12345"});
  EXPECT_LE(widest_line(table.render({20, false})), 20);
}

TEST(TextTable, CountsCharactersNotBytes) {
  EXPECT_EQ(display_width("\xC3\xA9t\xC3\xA9"), 3);
  EXPECT_EQ(fit_text("\xC3\xA9t\xC3\xA9s-long", 6), "\xC3\xA9t\xC3\xA9...");
}

TEST(TextTable, DoesNotLetDataSteerTheTerminal) {
  EXPECT_EQ(fit_text("a\x1b[31mb", 20), "a?[31mb");
  EXPECT_EQ(fit_text("a\xE2\x80\xAE 1 \xE2\x82\xAC", 20), "a? 1 \xE2\x82\xAC");
  EXPECT_EQ(fit_text("a\xFF\xFE\xC3", 20), "a???");
}

TEST(FoldText, KeepsToTheWidthAndIndentsWhatFollows) {
  EXPECT_EQ(fold_text("one two three", 8, 2), "one two\n  three");
}

TEST(MetricWords, SayTierNameAndStatistic) {
  EXPECT_EQ(metric_words("api.latency_ms.p99").tier, "api");
  EXPECT_EQ(metric_words("api.latency_ms.p99").name, "latency p99");
  EXPECT_EQ(metric_words("edge.origin_rate_per_s").name, "origin rate");
  EXPECT_EQ(metric_words("workers.queue_depth.max").name, "queue depth max");
  EXPECT_EQ(metric_words("api.memory_mib.mean").name, "memory mean");
}

TEST(RunText, IsThisTable) {
  EXPECT_EQ(run_text(sample_run(), {80, false}), R"(shop
10 min simulated, first 60 s left out (MSER-5), 2 replications, seed 7
1,234,567 requests measured, 5 M events in 1.25 s on 2 threads
digest 0123456789abcdef

                     value            95 % interval     +/-
requests
  rate             3,600.1  1/s  3,590.5 .. 3,609.8  0.27 %
  error              0.125  %        0.110 .. 0.140    12 %
  latency p999       103.2  ms           101.0 .. ?
api
  replicas mean         14
  queue depth max        9
Nothing measured: edge.

objectives
  met     requests.error_ratio < 1%  (is 0.00125)
  missed  api.queue_depth.max < 5  (is 9)
  no data edge.hit_ratio > 90%
)");
}

TEST(RunText, HasNoRowsForWhatATierDoesNotHave) {
  RunResult run = sample_run();
  run.metrics.push_back({"api.shed_ratio", "1", {}, {}, {}, 0.95});
  EXPECT_EQ(run_text(run, {80, false}), run_text(sample_run(), {80, false}));
}

TEST(RunText, SaysInOneSentenceWhatNeverHappened) {
  RunResult run = sample_run();
  run.metrics.push_back({"api.over_quota_ratio", "ratio", 0.0, 0.0, 0.0, 0.95});
  run.metrics.push_back({"api.ejected.mean", "1", 0.0, {}, {}, 0.95});
  run.metrics.push_back({"api.rejected_ratio", "ratio", 0.0, 0.0, 0.0, 0.95});
  run.metrics.push_back({"workers.duplicates", "1", 0.0, 0.0, 0.0, 0.95});
  run.metrics.push_back({"workers.expired_per_s", "1/s", 0.0, 0.0, 0.5, 0.95});
  const std::string text = run_text(run, {80, false});
  EXPECT_THAT(text, HasSubstr("At zero: api over quota, ejected mean; workers duplicates.\n"));
  EXPECT_THAT(text, HasSubstr("\n  rejected "));
  EXPECT_THAT(text, HasSubstr("\n  expired "));
}

TEST(RunText, FitsNarrowTerminals) {
  RunResult run = sample_run();
  for (const char* absent : {"breakers.open.mean", "links.lost_ratio", "dependency.utilization"})
    run.metrics.push_back({absent, "1", {}, {}, {}, 0.95});
  for (const int width : {100, 80, 60, 40, 30}) {
    EXPECT_LE(widest_line(run_text(run, {width, false})), width) << width;
  }
}

TEST(RunText, ListsTheFirstAlertsAndCountsTheRest) {
  RunResult run = sample_run();
  EXPECT_THAT(run_text(run, {80, false}), Not(HasSubstr("alerts")));
  run.alerts.assign(25, {"api.error_ratio > 1% for 5m -> P1", "P1", 300, 960});
  EXPECT_THAT(run_text(run, {80, false}),
              HasSubstr("alerts\n  P1      api.error_ratio > 1% for 5m -> P1  5 min .. 16 min\n"));
  EXPECT_THAT(run_text(run, {80, false}), HasSubstr("  and 5 more\n"));
  run.alerts.back().severity = std::string(40, 'S');
  EXPECT_LE(widest_line(run_text(run, {60, false})), 60);
}

TEST(RunText, SaysWhenItIsPartial) {
  RunResult run = sample_run();
  EXPECT_THAT(run_text(run, {}), Not(HasSubstr("PARTIAL")));
  run.partial = PartialRun{600, 5, false};
  EXPECT_THAT(run_text(run, {200, false}), HasSubstr("PARTIAL: stopped by a signal; 2 of 5"));
  run.partial->asked_s = 3600;
  run.partial->cut = true;
  EXPECT_THAT(run_text(run, {200, false}), HasSubstr("after 10 min of 60 min"));
}

TEST(RunText, UsesColourOnlyWhenAsked) {
  EXPECT_THAT(run_text(sample_run(), {80, false}), Not(HasSubstr("\x1b")));
  EXPECT_THAT(run_text(sample_run(), {80, true}), HasSubstr("\x1b[1;31mmissed"));
}

TEST(VerdictText, SaysTheDecisionFirstThenWhyThenTheEvidence) {
  const std::string text = verdict_text(sample_verdict(), {80, false});
  EXPECT_EQ(text.rfind("ROLLBACK  (score 25 of 100)\n  - latency_ms p99: +23.1 %", 0), 0U) << text;
  EXPECT_THAT(text, HasSubstr("latency_ms p99"));
  EXPECT_THAT(text, HasSubstr("+20.0% .. +26.0%"));
  EXPECT_THAT(text, HasSubstr("beyond"));
  EXPECT_LE(widest_line(text), 80);
}

TEST(VerdictText, FitsNarrowTerminals) {
  for (const int width : {80, 60, 40}) {
    EXPECT_LE(widest_line(verdict_text(sample_verdict(), {width, false})), width) << width;
  }
}

TEST(QuantileName, IsTheOneOfPolicies) {
  EXPECT_EQ(quantile_name(0.5), "p50");
  EXPECT_EQ(quantile_name(0.999), "p99.9");
}

}  // namespace
}  // namespace haldane::analysis
