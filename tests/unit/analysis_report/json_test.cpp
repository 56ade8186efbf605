#include <cmath>

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include "analysis/report/json_values.h"
#include "analysis/report/run_report.h"
#include "analysis/report/verdict_report.h"
#include "tests/unit/analysis_report/samples.h"

namespace haldane::analysis {
namespace {

using Document = nlohmann::ordered_json;

std::vector<std::string> keys_of(const Document& document) {
  std::vector<std::string> keys;
  for (const auto& [key, value] : document.items()) keys.push_back(key);
  return keys;
}

TEST(RunJson, HasTheContractsNames) {
  const Document run = Document::parse(run_json(sample_run()));
  for (const char* key : {"schema", "scenario", "seed", "replications", "threads", "simulated_s",
                          "warmup_s", "requests", "events", "wall_s", "cpu_s", "digest", "metrics",
                          "alerts", "objectives", "series"}) {
    EXPECT_TRUE(run.contains(key)) << key;
  }
  EXPECT_EQ(run["schema"], "haldane.run/1");
  EXPECT_EQ(keys_of(run["metrics"]["requests.rate_per_s"]),
            (std::vector<std::string>{"value", "ci_low", "ci_high", "confidence", "unit"}));
}

TEST(RunJson, NumbersReadBackExactly) {
  const Document run = Document::parse(run_json(sample_run()));
  EXPECT_EQ(run["metrics"]["requests.rate_per_s"]["value"].get<double>(), 3600.123456);
  EXPECT_EQ(run["seed"].get<std::uint64_t>(), 7U);
}

TEST(RunJson, SeedKeepsAll64Bits) {
  RunResult run = sample_run();
  run.seed = 18446744073709551615U;
  EXPECT_EQ(Document::parse(run_json(run))["seed"].get<std::uint64_t>(), run.seed);
}

TEST(RunJson, WhatIsEmptyOrNoNumberIsNull) {
  RunResult sample = sample_run();
  sample.metrics[0].value = NAN;
  sample.metrics[0].ci_high = INFINITY;
  const Document run = Document::parse(run_json(sample));
  EXPECT_TRUE(run["metrics"]["requests.rate_per_s"]["value"].is_null());
  EXPECT_TRUE(run["metrics"]["requests.rate_per_s"]["ci_high"].is_null());
  EXPECT_TRUE(run["metrics"]["edge.hit_ratio"]["value"].is_null());
  EXPECT_TRUE(run["metrics"]["requests.latency_ms.p999"]["ci_high"].is_null());
  EXPECT_TRUE(run["series"]["requests.rate_per_s"]["v"][1].is_null());
  EXPECT_TRUE(run["objectives"][2]["met"].is_null());
}

TEST(RunJson, BytesThatAreNoUtf8AreReplaced) {
  RunResult run = sample_run();
  run.scenario = "shop\xff";
  EXPECT_EQ(Document::parse(run_json(run))["scenario"], "shop\xEF\xBF\xBD");
}

TEST(JsonDocument, KeepsListsOfNumbersOnOneLine) {
  EXPECT_EQ(json_document({{"a", {1, 2, 3}}, {"b", {{"c", {{"d", 1}}}}}}),
            "{\n  \"a\": [1,2,3],\n  \"b\": {\n    \"c\": {\"d\":1}\n  }\n}\n");
}

TEST(VerdictJson, HasTheContractsNames) {
  const Document verdict = Document::parse(verdict_json(sample_verdict()));
  for (const char* key : {"schema", "verdict", "passed", "failed", "score", "reasons", "metrics",
                          "needs", "inputs", "policy"}) {
    EXPECT_TRUE(verdict.contains(key)) << key;
  }
  EXPECT_EQ(verdict["verdict"], "rollback");
  EXPECT_EQ(verdict["passed"], false);
  EXPECT_EQ(verdict["failed"], true);
  EXPECT_TRUE(verdict["needs"]["requests"].is_null());
  EXPECT_EQ(verdict["metrics"][0]["quantile"], 0.99);
  EXPECT_EQ(verdict["metrics"][0]["decision"], "beyond_margin");
  EXPECT_EQ(verdict["metrics"][0]["e_value"], 1e6);
  EXPECT_FALSE(verdict["metrics"][0].contains("p_value"));
  EXPECT_FALSE(verdict["metrics"][1].contains("quantile"));
  EXPECT_EQ(verdict["metrics"][1]["canary"]["exposure"], 5000);
}

TEST(VerdictJson, InconclusiveIsNeitherPassedNorFailed) {
  Verdict sample = sample_verdict();
  sample.decision = Decision::inconclusive;
  const Document verdict = Document::parse(verdict_json(sample));
  EXPECT_EQ(verdict["passed"], false);
  EXPECT_EQ(verdict["failed"], false);
}

TEST(VerdictJson, AdjustmentHasWhatItKnows) {
  Verdict sample = sample_verdict();
  sample.metrics[0].adjustment = Adjustment{0.2, "", std::nullopt, std::nullopt};
  sample.policy.metrics[0].from_pre_period = true;
  Document verdict = Document::parse(verdict_json(sample));
  EXPECT_EQ(verdict["metrics"][0]["adjustment"], Document({{"before", 0.2}}));
  EXPECT_EQ(verdict["policy"]["metrics"][0]["adjust"], "pre_period");
  sample.metrics[0].adjustment = Adjustment{0.2, "requests", 0.5, 0.75};
  verdict = Document::parse(verdict_json(sample));
  EXPECT_EQ(verdict["metrics"][0]["adjustment"]["theta"], 0.5);
  EXPECT_EQ(verdict["metrics"][0]["adjustment"]["variance_reduction"], 0.75);
}

TEST(VerdictJson, PolicyHasTheShapeOfAPolicyFile) {
  const Document policy = Document::parse(verdict_json(sample_verdict()))["policy"];
  EXPECT_EQ(policy["schema"], "haldane.policy/1");
  EXPECT_EQ(policy["metrics"][0]["quantiles"], Document({"p50", "p99.9"}));
  EXPECT_EQ(policy["metrics"][0]["margin"]["relative"], 0.05);
}

TEST(RunCsv, IsOneLineAMetricWithEmptyFieldsForNull) {
  const std::string csv = run_csv(sample_run());
  EXPECT_EQ(csv.substr(0, csv.find("requests.error")),
            "metric,value,ci_low,ci_high,unit\n"
            "requests.rate_per_s,3600.123456,3590.5,3609.75,1/s\n");
  EXPECT_NE(csv.find("edge.hit_ratio,,,,ratio\n"), std::string::npos);
}

}  // namespace
}  // namespace haldane::analysis
