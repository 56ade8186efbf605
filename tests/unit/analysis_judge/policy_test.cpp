// Reading policies, and guessing them.
#include <filesystem>
#include <fstream>
#include <sstream>

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <source_folder.h>

#include "analysis/judge/judge.h"
#include "analysis/judge/read_policy.h"
#include "tests/statistical/judge/synthetic_arms.h"

namespace haldane::analysis {
namespace {

using testing::AllOf;
using testing::Contains;
using testing::ElementsAre;
using testing::HasSubstr;

constexpr const char* contract_policy = R"(
schema: haldane.policy/1
mode: sequential
alpha: 1%
beta: 5%
canary_share: 50%
metrics:
  - {name: latency_ms, kind: samples, worse: higher, quantiles: [p50, p95, p99.9],
     margin: {relative: 5%}, role: critical}
  - {name: errors, kind: ratio, of: requests, worse: higher, margin: {absolute: 0.1%},
     role: guardrail}
  - {name: dead_letters, kind: count, per: requests, worse: higher, margin: {absolute: 0.01%},
     role: guardrail}
  - {name: queue_depth, kind: gauge, worse: either, margin: {relative: 50%, absolute: 5},
     role: informational}
)";

TEST(ReadPolicy, ContractExampleIsReadToTheLetter) {
  const auto read = read_policy(contract_policy, "policy.yaml");
  ASSERT_TRUE(read.has_value()) << to_string(read.error());
  const JudgePolicy& p = *read;
  EXPECT_EQ(p.mode, Mode::sequential);
  EXPECT_DOUBLE_EQ(p.alpha, 0.01);
  EXPECT_DOUBLE_EQ(p.beta, 0.05);
  ASSERT_EQ(p.metrics.size(), 4U);
  EXPECT_THAT(p.metrics[0].quantiles, ElementsAre(0.5, 0.95, 0.999));
  EXPECT_EQ(p.metrics[1].exposure, "requests");
  EXPECT_DOUBLE_EQ(p.metrics[2].margin.absolute.value(), 0.0001);
  EXPECT_EQ(p.metrics[3].worse, Worse::either);
  EXPECT_DOUBLE_EQ(p.metrics[3].margin.absolute.value(), 5);
  EXPECT_EQ(p.metrics[3].role, Role::informational);
}

TEST(ReadPolicy, EveryMistakeIsNamedAtItsPlaceAtOnce) {
  const auto read = read_policy(R"(schema: haldane.policy/2
mode: sequental
alpha: 200%
metrics:
  - {name: latency_ms, kind: samples, quantiles: [p50, p50, p101], margn: {relative: 5%}}
  - {name: errors, kind: ratio, per: requests, margin: {}}
  - {kind: gauge, quantiles: [p50], margin: {relative: -1%}, test: welch}
)",
                                "policy.yaml");
  ASSERT_FALSE(read.has_value());
  const std::string text = to_string(read.error());
  for (const char* part :
       {"policy.yaml:1:9", "haldane.policy/1", "policy.yaml:2:7", "sequential", "alpha", "p101",
        "there twice", "margn", "margin", "metrics[1].per", "metrics[1].margin", "metrics[2]",
        "name", "metrics[2].quantiles", "metrics[2].margin.relative", "mode fixed only"}) {
    EXPECT_THAT(text, HasSubstr(part));
  }
}

TEST(ReadPolicy, FixedTestsMustFitTheirMetric) {
  const auto read = read_policy(R"(schema: haldane.policy/1
mode: fixed
metrics:
  - {name: a, kind: gauge, test: welch}
  - {name: b, kind: ratio, margin: {absolute: 1%}, test: fisher}
  - {name: c, kind: samples, test: mann_whitney}
)",
                                "p");
  ASSERT_FALSE(read.has_value());
  EXPECT_EQ(read.error().size(), 2U) << to_string(read.error());
  EXPECT_EQ(read.error()[0].id, "POL-207");
  EXPECT_EQ(read.error()[1].id, "POL-208");
}

TEST(ReadPolicy, MultiplicityAndBootstrapBelongToModeFixed) {
  const std::string metrics =
      "metrics:\n  - {name: a, kind: gauge, test: bootstrap}\n"
      "  - {name: b, kind: samples, test: bootstrap}\n";
  const std::string head = "schema: haldane.policy/1\nmultiplicity: benjamini_hochberg\n";
  const auto fixed = read_policy(head + "mode: fixed\n" + metrics, "p");
  ASSERT_TRUE(fixed.has_value()) << to_string(fixed.error());
  EXPECT_EQ(fixed->multiplicity, Multiplicity::benjamini_hochberg);
  EXPECT_EQ(fixed->metrics[0].test, FixedTest::bootstrap);
  const auto sequential = read_policy(head + metrics, "p");
  ASSERT_FALSE(sequential.has_value());
  EXPECT_EQ(sequential.error()[0].id, "POL-106");
}

TEST(ReadPolicy, EmptyAndForeignDocumentsAreRefused) {
  for (const char* text : {"", "[]", "hello", "schema: haldane.policy/1", "metrics: []",
                           "schema: haldane.policy/1\nmetrics: []", "\x01\x02"}) {
    EXPECT_FALSE(read_policy(text, "p").has_value()) << text;
  }
}

TEST(ReadPolicy, PoliciesOfTheScenariosAreGood) {
  int seen = 0;
  const std::filesystem::path root = std::filesystem::path(HALDANE_SOURCE_DIR) / "scenarios";
  for (const auto& folder : std::filesystem::directory_iterator(root)) {
    const std::filesystem::path path = folder.path() / "policy.yaml";
    if (!std::filesystem::exists(path)) continue;
    std::ostringstream text;
    text << std::ifstream(path).rdbuf();
    const auto read = read_policy(text.str(), path.string());
    EXPECT_TRUE(read.has_value()) << to_string(read.error());
    ++seen;
  }
  EXPECT_GE(seen, 1);
}

TEST(InferPolicy, ColumnsOfTheSimulatorGetTheirKindsAndAreSaid) {
  const ObservationTable b = synthetic_arm({}, 1, 30);
  const InferredPolicy inferred = infer_policy(b, synthetic_arm({}, 2, 30));
  ASSERT_EQ(inferred.policy.metrics.size(), 4U);
  EXPECT_TRUE(inferred.policy.inferred);
  EXPECT_EQ(inferred.policy.metrics[0].kind, MetricKind::samples);
  EXPECT_EQ(inferred.policy.metrics[0].worse, Worse::higher);
  EXPECT_EQ(inferred.policy.metrics[1].kind, MetricKind::ratio);
  EXPECT_EQ(inferred.policy.metrics[1].exposure, "requests");
  EXPECT_EQ(inferred.policy.metrics[2].kind, MetricKind::count);
  EXPECT_EQ(inferred.policy.metrics[3].kind, MetricKind::gauge);
  EXPECT_EQ(inferred.policy.metrics[3].role, Role::informational);
  EXPECT_THAT(inferred.assumptions, Contains(HasSubstr("latency_ms: samples, critical")));
  EXPECT_THAT(inferred.assumptions, Contains(HasSubstr("requests: taken as the exposure")));
}

TEST(InferPolicy, ColumnOfZerosAndOnesIsARatioOfRows) {
  ObservationTable table;
  table.columns.push_back({"converted", {0, 1, 1, 0}, {}, 0, 0});
  const InferredPolicy inferred = infer_policy(table, table);
  ASSERT_EQ(inferred.policy.metrics.size(), 1U);
  EXPECT_EQ(inferred.policy.metrics[0].kind, MetricKind::ratio);
  EXPECT_EQ(inferred.policy.metrics[0].exposure, "");
  EXPECT_EQ(inferred.policy.metrics[0].role, Role::critical);
}

TEST(InferPolicy, WithoutASharedColumnNothingIsJudged) {
  ObservationTable a;
  a.columns.push_back({"x", {1}, {}, 0, 0});
  ObservationTable b;
  b.columns.push_back({"y", {1}, {}, 0, 0});
  const Verdict v = judge_without_policy(a, b);
  EXPECT_EQ(v.decision, Decision::inconclusive);
  EXPECT_THAT(v.assumptions, Contains(AllOf(HasSubstr("x"), HasSubstr("only the baseline"))));
}

}  // namespace
}  // namespace haldane::analysis
