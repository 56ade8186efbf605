#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "analysis/report/formats/pipeline_reports.h"
#include "analysis/report/formats/safe_text.h"
#include "tests/unit/analysis_report_formats/hostile.h"
#include "tests/unit/analysis_report_formats/xml_reader.h"

namespace haldane::analysis {
namespace {

using test::Element;
using testing::HasSubstr;

// The one suite of the report; an empty element when the report is not what it must be.
Element suite_of(const Verdict& verdict) {
  const auto root = test::read_xml(verdict_junit(verdict));
  if (!root || root->name != "testsuites" || root->children.size() != 1) return {};
  return root->children.front();
}

TEST(XmlReader, RefusesWhatIsNotWellFormed) {
  const std::string head = "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n";
  EXPECT_TRUE(test::read_xml(head + "<a b=\"&lt;\"><c/>x</a>\n"));
  for (const char* wrong : {"<a>", "<a></b>", "<a b=\"<\"/>", "<a b=\"1\" b=\"2\"/>", "<a>&x;</a>",
                            "<a>\x01</a>", "<a>\xED\xA0\x80</a>", "<a/><b/>", "<a b='1'/>"}) {
    EXPECT_FALSE(test::read_xml(head + wrong)) << wrong;
  }
}

TEST(Junit, HasATestCaseAnEntryAndCountsThem) {
  const Element suite = suite_of(sample_verdict());
  EXPECT_EQ(suite.name, "testsuite");
  EXPECT_EQ(suite.attributes.at("name"), "haldane.judge");
  EXPECT_EQ(suite.attributes.at("tests"), "2");
  EXPECT_EQ(suite.attributes.at("failures"), "1");
  EXPECT_EQ(suite.attributes.at("skipped"), "1");
  EXPECT_EQ(suite.attributes.at("errors"), "0");
  const auto cases = suite.all("testcase");
  ASSERT_EQ(cases.size(), 2U);
  EXPECT_EQ(cases[0].attributes.at("classname"), "haldane.judge");
  EXPECT_EQ(cases[0].attributes.at("name"), "latency_ms p99");
  const auto failures = cases[0].all("failure");
  ASSERT_EQ(failures.size(), 1U);
  EXPECT_EQ(failures[0].attributes.at("type"), "beyond_margin");
  EXPECT_EQ(failures[0].attributes.at("message"), "beyond");
  EXPECT_EQ(cases[1].attributes.at("name"), "errors<script>");
  EXPECT_EQ(cases[1].all("skipped").size(), 1U);
}

TEST(Junit, WhatIsWithinOrInformationalPasses) {
  Verdict verdict = sample_verdict();
  verdict.decision = Decision::promote;
  verdict.metrics[0].outcome = Evidence::Outcome::within_margin;
  verdict.metrics[1].outcome = Evidence::Outcome::reported;
  const Element suite = suite_of(verdict);
  EXPECT_EQ(suite.attributes.at("failures"), "0");
  EXPECT_EQ(suite.attributes.at("skipped"), "0");
  for (const Element& test_case : suite.all("testcase")) {
    EXPECT_TRUE(test_case.all("failure").empty());
    EXPECT_TRUE(test_case.all("skipped").empty());
  }
}

TEST(Junit, IsRedForARollbackOnly) {
  Verdict verdict = sample_verdict();
  verdict.decision = Decision::promote;  // beyond its margin under a score that passes
  EXPECT_EQ(suite_of(verdict).attributes.at("failures"), "0");
  verdict.decision = Decision::rollback;
  verdict.metrics[0].outcome = Evidence::Outcome::undecided;
  const auto cases = suite_of(verdict).all("testcase");
  ASSERT_EQ(cases.size(), 3U);
  EXPECT_EQ(cases[2].attributes.at("name"), "verdict");
  EXPECT_EQ(cases[2].all("failure").size(), 1U);
}

TEST(Junit, ShowsAVerdictThatNoMetricShows) {
  Verdict verdict = sample_verdict();
  verdict.decision = Decision::inconclusive;
  verdict.reasons = {"baseline and canary are the same data"};
  for (Evidence& e : verdict.metrics) e.outcome = Evidence::Outcome::within_margin;
  const auto cases = suite_of(verdict).all("testcase");
  ASSERT_EQ(cases.size(), 3U);
  ASSERT_EQ(cases[2].all("skipped").size(), 1U);
  EXPECT_EQ(cases[2].all("skipped")[0].attributes.at("message"), verdict.reasons[0]);
  verdict.metrics.clear();
  EXPECT_EQ(suite_of(verdict).all("testcase").size(), 1U);
}

TEST(Junit, KeepsHostileNamesInTheirAttributes) {
  const Verdict verdict = hostile_verdict();
  const Element suite = suite_of(verdict);
  const auto cases = suite.all("testcase");
  ASSERT_EQ(cases.size(), verdict.metrics.size());
  for (std::size_t i = 2; i < cases.size(); ++i) {
    EXPECT_EQ(cases[i].attributes.at("name"), clean_text(verdict.metrics[i].name) + " p99");
    EXPECT_EQ(cases[i].all("failure").size(), 1U);
  }
}

TEST(Junit, NumbersANameThatIsThereAgain) {
  Verdict verdict = sample_verdict();
  verdict.metrics.push_back(verdict.metrics[0]);
  EXPECT_EQ(suite_of(verdict).all("testcase")[2].attributes.at("name"), "latency_ms p99 (2)");
}

TEST(Junit, CarriesDigestsAndNumbers) {
  const Element suite = suite_of(sample_verdict());
  std::string properties;
  for (const Element& property : suite.all("properties")[0].all("property")) {
    properties += property.attributes.at("name") + "=" + property.attributes.at("value") + "\n";
  }
  EXPECT_THAT(properties, HasSubstr("verdict=rollback\nscore=25\n"));
  EXPECT_THAT(properties, HasSubstr("input.sha256=" + std::string(64, 'a')));
  EXPECT_THAT(suite.all("testcase")[0].all("system-out")[0].text, HasSubstr("change: 0.231"));
}

}  // namespace
}  // namespace haldane::analysis
