#include <cmath>
#include <limits>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "analysis/report/html_report.h"
#include "analysis/report/plot/axis.h"
#include "analysis/report/plot/forest_chart.h"
#include "analysis/report/plot/line_chart.h"
#include "analysis/report/plot/svg.h"
#include "analysis/report/verdict_report.h"
#include "tests/unit/analysis_report/samples.h"

namespace haldane::analysis {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

TEST(HtmlReport, NamesNoOtherResourceAndRunsNoScript) {
  const RunResult run = sample_run();
  const Verdict verdict = sample_verdict();
  const std::string page = html_report(&run, &verdict);
  EXPECT_THAT(page, HasSubstr("default-src 'none'"));
  EXPECT_THAT(page, Not(HasSubstr("<script")));
  EXPECT_THAT(page, Not(HasSubstr("src=")));
  EXPECT_THAT(page, Not(HasSubstr("href=")));
  EXPECT_THAT(page, Not(HasSubstr("url(")));
  EXPECT_THAT(page, Not(HasSubstr("nan")));
}

TEST(HtmlReport, EscapesEveryNameItIsGiven) {
  RunResult run = sample_run();
  run.scenario = "<img onerror=x>";
  run.notes = {"</main>"};
  run.timeline = {{100, 200, "<svg>"}};
  run.alerts = {{"<b>rule</b>", "<i>P1</i>", 1, 2}};
  const Verdict verdict = sample_verdict();
  const std::string page = html_report(&run, &verdict);
  EXPECT_THAT(page, Not(HasSubstr("<img")));
  EXPECT_THAT(page, HasSubstr("errors&lt;script&gt;"));
  EXPECT_THAT(page, HasSubstr("&lt;svg&gt;"));
  EXPECT_THAT(page, HasSubstr("&lt;b&gt;rule"));
  EXPECT_THAT(page, HasSubstr("&lt;i&gt;P1"));
  EXPECT_EQ(page.find("</main>"), page.rfind("</main>"));
}

TEST(HtmlReport, ShowsTheVerdictBeforeTheSimulation) {
  const RunResult run = sample_run();
  const Verdict verdict = sample_verdict();
  const std::string page = html_report(&run, &verdict);
  EXPECT_LT(page.find("<h1>Canary verdict"), page.find("<h1>shop"));
  EXPECT_THAT(html_report(&run, nullptr), Not(HasSubstr("Canary verdict")));
  EXPECT_THAT(html_report(nullptr, &verdict), Not(HasSubstr("All metrics")));
}

TEST(HtmlReport, NamesTheUnitOfEachChangeWhereAMarginIsZero) {
  Verdict verdict = sample_verdict();
  const auto page = [&] { return html_report(nullptr, &verdict); };
  for (Evidence& evidence : verdict.metrics) evidence.margin = 0.05;
  EXPECT_THAT(page(), HasSubstr("in units of its margin<"));
  verdict.metrics[0].margin = 0;
  EXPECT_THAT(page(), HasSubstr("in units of its margin (of its own size where that is 0)<"));
  for (Evidence& evidence : verdict.metrics) evidence.margin = 0;
  EXPECT_THAT(page(), HasSubstr("in units of its own size (the margin is 0)<"));
}

TEST(HtmlReport, ShowsTheShiftAndThePercentilesOfEachDistribution) {
  Verdict verdict = sample_verdict();
  verdict.ecdfs[0].baseline.clear();
  verdict.ecdfs[0].canary.clear();
  for (int i = 1; i <= 100; ++i) {
    const double share = i / 100.0;
    verdict.ecdfs[0].baseline.push_back({10.0 * i, share, share - 0.05, share + 0.05});
    verdict.ecdfs[0].canary.push_back({12.0 * i, share, share - 0.05, share + 0.05});
  }
  const std::string page = html_report(nullptr, &verdict);
  EXPECT_THAT(page, HasSubstr("Shift of latency_ms by percentile"));
  EXPECT_THAT(page, HasSubstr("<tr><td>p50</td><td class=\"n\">500</td><td class=\"n\">600</td>"
                              "<td class=\"n\">+20.0%</td></tr>"));
  verdict.ecdfs[0].canary.clear();
  EXPECT_THAT(html_report(nullptr, &verdict), Not(HasSubstr("Percentiles of")));
}

TEST(HtmlReport, SaysWhatAnAdjustedChangeIsBesideAndWhatIsNeeded) {
  Verdict verdict = sample_verdict();
  verdict.metrics[0].adjustment = Adjustment{0.1, "", {}, {}};
  verdict.decision = Decision::inconclusive;
  verdict.needs = {2000, 5};
  const std::string page = html_report(nullptr, &verdict);
  EXPECT_THAT(page, HasSubstr("beside +10.0% before the release"));
  EXPECT_THAT(page, HasSubstr("about 5 min at this rate for a decision"));
}

TEST(HtmlReport, EveryPictureHasATitleAndADescription) {
  const RunResult run = sample_run();
  const Verdict verdict = sample_verdict();
  const std::string page = html_report(&run, &verdict);
  std::size_t pictures = 0;
  for (std::size_t at = page.find("<svg"); at != std::string::npos;
       at = page.find("<svg", at + 1)) {
    ++pictures;
    EXPECT_LT(page.find("<title>", at), page.find("</svg>", at));
    EXPECT_LT(page.find("<desc>", at), page.find("</svg>", at));
  }
  EXPECT_GE(pictures, 4U);  // forest, two distributions, request rate
}

TEST(Escape, ReplacesMarkupControlCharactersAndBrokenUtf8) {
  EXPECT_EQ(plot::escape("<a & 'b\">"), "&lt;a &amp; &#39;b&quot;&gt;");
  EXPECT_EQ(plot::escape(std::string("a\x01") + "b"),
            "a\xEF\xBF\xBD"
            "b");
  EXPECT_EQ(plot::escape("\xC3\xA9"), "\xC3\xA9");
  EXPECT_EQ(plot::escape("\xC3("), "\xEF\xBF\xBD(");
  EXPECT_EQ(plot::escape("\xE2\x80\xAE 1"), "\xEF\xBF\xBD 1");
}

TEST(Axis, PutsTicksAtRoundNumbers) {
  const plot::Axis axis(plot::AxisKind::linear, 0, 10, 0, 100);
  std::string labels;
  for (const plot::Tick& tick : axis.ticks()) labels += tick.label + " ";
  EXPECT_EQ(labels, "0 2 4 6 8 10 ");
  EXPECT_DOUBLE_EQ(axis.to_pixel(5), 50);
}

TEST(Axis, MapsLogarithmicallyAndSurvivesZero) {
  const plot::Axis axis(plot::AxisKind::logarithmic, 1, 100, 0, 200);
  EXPECT_DOUBLE_EQ(axis.to_pixel(10), 100);
  EXPECT_DOUBLE_EQ(axis.to_pixel(0), 0);
}

TEST(Axis, WidensARangeWithoutWidth) {
  for (const double value : {0.0, 5.0, -3.0, 1e12}) {
    const plot::Axis axis(plot::AxisKind::linear, value, value, 0, 100);
    EXPECT_LT(axis.low(), axis.high());
    EXPECT_TRUE(std::isfinite(axis.to_pixel(value)));
    EXPECT_FALSE(axis.ticks().empty());
  }
}

TEST(TickLabel, UsesSuffixesAndTheDigitsOfTheStep) {
  EXPECT_EQ(plot::tick_label(1500, 500), "1.5k");
  EXPECT_EQ(plot::tick_label(2e6, 1e6), "2M");
  EXPECT_EQ(plot::tick_label(0.05, 0.05), "0.05");
  EXPECT_EQ(plot::tick_label(0, 0.05), "0");
}

TEST(LineChart, BreaksTheLineAtGaps) {
  plot::LineChart chart;
  chart.lines = {{"x", 1, false, false, {{0, 1.0}, {1, 2.0}, {2, {}}, {3, 4.0}}, {}}};
  const std::string svg = plot::render(chart);
  const std::string path = svg.substr(svg.find("<path"));
  EXPECT_EQ(std::count(path.begin(), path.end(), 'M'), 2);
}

TEST(LineChart, WithoutAnyFinitePointHasNothingToDraw) {
  plot::LineChart chart;
  chart.lines = {
      {"x", 1, false, false, {{0, {}}, {1, std::numeric_limits<double>::quiet_NaN()}}, {}}};
  EXPECT_FALSE(plot::has_points(chart));
}

TEST(ThinOut, AveragesGroupsAndKeepsGaps) {
  const std::vector<plot::Point> points = {{0, 1.0}, {1, 3.0}, {2, {}}, {3, {}}, {4, 5.0}};
  const auto thin = plot::thin_out(points, 3);
  ASSERT_EQ(thin.size(), 3U);
  EXPECT_EQ(thin[0].y, 2.0);
  EXPECT_FALSE(thin[1].y.has_value());
  EXPECT_EQ(thin[2].y, 5.0);
  EXPECT_EQ(plot::thin_out(points, 10).size(), 5U);
}

TEST(ForestChart, EndsAnUnboundedIntervalInAnArrow) {
  plot::ForestChart chart;
  chart.rows = {{"a", "", 0.5, 0.2, {}, true, false, "undecided"}};
  EXPECT_THAT(plot::render(chart), HasSubstr("Z\"/>"));
  chart.rows[0].high = 0.8;
  EXPECT_THAT(plot::render(chart), Not(HasSubstr("Z\"/>")));
}

TEST(HtmlReport, ShowsHowTheEvidenceGrewWhereItIsKnown) {
  Verdict verdict = sample_verdict();
  EXPECT_THAT(html_report(nullptr, &verdict), Not(HasSubstr("Evidence over time")));
  EXPECT_THAT(verdict_json(verdict), Not(HasSubstr("over_time")));
  EvidenceSeries series;
  series.name = "latency_ms";
  series.quantile = 0.99;
  series.margin = 0.05;
  series.points = {{0.5, 30.0, 100, std::nullopt, std::nullopt, std::nullopt, 0.2},
                   {0.9, 54.0, 180, 0.08, std::nullopt, 0.2, 1e300},
                   {1, 60.0, 200, 0.1, 0.02, 0.2, 40.0}};
  verdict.over_time = {series};
  const std::string page = html_report(nullptr, &verdict);
  EXPECT_THAT(page, HasSubstr("Evidence over time: latency_ms p99"));
  EXPECT_THAT(page, HasSubstr("log10 of the e-value"));
  EXPECT_THAT(page, HasSubstr(">rolls back<"));
  EXPECT_EQ(page, html_report(nullptr, &verdict));
  EXPECT_THAT(verdict_json(verdict), HasSubstr("\"elapsed_s\":54.0"));
  EXPECT_THAT(verdict_json(verdict), HasSubstr("\"ci_low\":null"));
}

}  // namespace
}  // namespace haldane::analysis
