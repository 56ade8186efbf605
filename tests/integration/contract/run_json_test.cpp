// The contract haldane.run/1 as its readers see it: names, intervals, and a digest that depends on
// the scenario and the seed alone.
#include <map>
#include <string>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include "tests/integration/support/sandbox.h"

namespace haldane::test {
namespace {

using nlohmann::json;

std::vector<std::string> contract_names() {
  std::vector<std::string> names = {
      "requests.rate_per_s",  "requests.error_ratio",     "edge.hit_ratio",
      "edge.byte_hit_ratio",  "edge.stale_ratio",         "edge.origin_rate_per_s",
      "api.rate_per_s",       "api.error_ratio",          "api.utilization",
      "api.queue_depth.mean", "api.queue_depth.max",      "api.rejected_ratio",
      "api.replicas.mean",    "api.replicas.max",         "workers.rate_per_s",
      "workers.utilization",  "workers.queue_depth.mean", "workers.queue_depth.max",
      "workers.lag_s.mean",   "workers.lag_s.max",        "workers.retries_per_s",
      "workers.dead_letters", "workers.replicas.mean",    "workers.replicas.max",
      "cost.per_hour"};
  for (const char* family : {"requests.latency_ms", "edge.latency_ms", "api.wait_ms",
                             "api.latency_ms", "workers.wait_ms"}) {
    for (const char* statistic : {"mean", "p50", "p90", "p99", "p999"})
      names.push_back(std::string(family) + "." + statistic);
  }
  return names;
}

json simulate(const Sandbox& sandbox, const std::string& arguments) {
  const Outcome outcome = sandbox.run("haldane simulate " + arguments + " --format json");
  EXPECT_EQ(outcome.exit_code, 0) << arguments << "\n" << outcome.err;
  return json::parse(outcome.out, nullptr, false);
}

// Short, but with every tier at work; the full size is tests/integration/large.
std::string shortened(const std::string& scenario) {
  return scenario + " --set duration=12s --set warmup=2s";
}

// One run a system serves all its tests.
const json& short_run(const std::string& scenario) {
  static std::map<std::string, json> runs;
  const auto found = runs.find(scenario);
  if (found != runs.end()) return found->second;
  const Sandbox sandbox;
  return runs.emplace(scenario, simulate(sandbox, shortened(scenario))).first->second;
}

class EverySystem : public testing::TestWithParam<const char*> {};

TEST_P(EverySystem, PublishesEveryNameWithAnInterval) {
  const json& result = short_run(GetParam());
  ASSERT_TRUE(result.is_object());
  EXPECT_EQ(result.value("schema", ""), "haldane.run/1");
  const json& metrics = result.at("metrics");
  for (const std::string& name : contract_names()) {
    ASSERT_TRUE(metrics.contains(name)) << name;
    const json& metric = metrics.at(name);
    for (const char* key : {"value", "ci_low", "ci_high", "confidence", "unit"})
      EXPECT_TRUE(metric.contains(key)) << name << " has no " << key;
  }
}

TEST_P(EverySystem, IntervalsHoldTheirValues) {
  const json& result = short_run(GetParam());
  std::size_t intervals = 0;
  for (const auto& [name, metric] : result.at("metrics").items()) {
    if (metric.at("ci_low").is_null() || metric.at("ci_high").is_null()) continue;
    ++intervals;
    EXPECT_LE(metric.at("ci_low").get<double>(), metric.at("value").get<double>()) << name;
    EXPECT_GE(metric.at("ci_high").get<double>(), metric.at("value").get<double>()) << name;
  }
  EXPECT_GE(intervals, 20U);
}

TEST_P(EverySystem, CarriesTheRestOfTheContract) {
  const json& result = short_run(GetParam());
  for (const char* key : {"schema", "scenario", "seed", "replications", "threads", "simulated_s",
                          "warmup_s", "requests", "events", "wall_s", "cpu_s", "digest", "metrics",
                          "alerts", "objectives", "series"})
    EXPECT_TRUE(result.contains(key)) << key;
  ASSERT_FALSE(result.at("series").empty());
  for (const auto& [name, series] : result.at("series").items())
    EXPECT_EQ(series.at("t_s").size(), series.at("v").size()) << name;
}

INSTANTIATE_TEST_SUITE_P(All, EverySystem,
                         testing::Values("uznw-3waf8e9", "gq-ztfutjv", "madbwpu-r", "dggll6o4xq-t",
                                         "br-fagq2"),
                         [](const auto& tested) {
                           std::string name = tested.param;
                           for (char& c : name) {
                             if (c == '-') c = '_';
                           }
                           return name;
                         });

TEST(Reference, PublishesEveryName) {
  const Sandbox sandbox;
  const json result = simulate(sandbox, "reference --set duration=2s");
  for (const std::string& name : contract_names())
    EXPECT_TRUE(result.at("metrics").contains(name)) << name;
}

std::string digest(const Sandbox& sandbox, const std::string& arguments) {
  return simulate(sandbox, shortened("gq-ztfutjv") + " " + arguments).value("digest", "");
}

TEST(Digest, IsTheSameOnReplayAndForAnyNumberOfThreads) {
  const Sandbox sandbox;
  const std::string one = digest(sandbox, "--replications 3 --threads 1");
  EXPECT_FALSE(one.empty());
  EXPECT_EQ(digest(sandbox, "--replications 3 --threads 1"), one);
  EXPECT_EQ(digest(sandbox, "--replications 3 --threads 2"), one);
  EXPECT_EQ(digest(sandbox, "--replications 3 --threads 3"), one);
}

TEST(Digest, IsTheSameInAnotherPlaceOfTheWorld) {
  const Sandbox sandbox;
  const std::string command = "haldane simulate " + shortened("gq-ztfutjv") + " --format csv";
  const Outcome here = sandbox.run(command);
  const Outcome there =
      sandbox.run("export TZ=Asia/Kathmandu LC_ALL=C.UTF-8 LANG=de_DE.UTF-8\n" + command);
  EXPECT_EQ(here.exit_code, 0) << here.err;
  EXPECT_EQ(there.out, here.out);
}

TEST(Digest, DiffersForAnotherSeedAndAnotherParameter) {
  const Sandbox sandbox;
  const std::string plain = digest(sandbox, "--seed 1");
  EXPECT_NE(digest(sandbox, "--seed 2"), plain);
  EXPECT_NE(digest(sandbox, "--seed 1 --set links.edge_to_api=7.001ms"), plain);
  EXPECT_NE(digest(sandbox, "--seed 1 --set api.concurrency=61"), plain);
}

}  // namespace
}  // namespace haldane::test
