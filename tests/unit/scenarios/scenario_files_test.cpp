// Every scenario that the project ships loads without a complaint.
#include <algorithm>
#include <filesystem>
#include <fstream>
#include <string>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <source_folder.h>

#include "models/spec/read_scenario.h"

namespace haldane::models {
namespace {

namespace fs = std::filesystem;

std::string first_line_with(const fs::path& path, const std::string& word) {
  std::ifstream file(path);
  for (std::string line; std::getline(file, line);) {
    if (line.find(word) != std::string::npos) return line;
  }
  return {};
}

/// YAML files below scenarios/ that are scenarios: they say so, or extend one.
std::vector<std::string> scenario_files() {
  std::vector<std::string> files;
  for (const auto& entry : fs::recursive_directory_iterator(HALDANE_SOURCE_DIR "/scenarios")) {
    if (entry.path().extension() != ".yaml") continue;
    const bool is_scenario = !first_line_with(entry.path(), "haldane.scenario/1").empty() ||
                             first_line_with(entry.path(), "extends:").starts_with("extends:");
    if (is_scenario) files.push_back(entry.path().string());
  }
  std::ranges::sort(files);
  return files;
}

TEST(ScenarioFiles, AllLoad) {
  const std::vector<std::string> files = scenario_files();
  EXPECT_GE(files.size(), 19U);  // five systems, their what-ifs, the references
  for (const std::string& path : files) {
    const auto scenario = load_scenario(path);
    EXPECT_TRUE(scenario.has_value()) << path << "\n"
                                      << (scenario ? std::string() : to_string(scenario.error()));
  }
}

TEST(ScenarioFiles, ReferenceIsReadToTheLetter) {
  const auto parsed = load_scenario(HALDANE_SOURCE_DIR "/scenarios/reference/scenario.yaml");
  ASSERT_TRUE(parsed.has_value()) << to_string(parsed.error());
  const Scenario& s = *parsed;
  EXPECT_EQ(s.name, "reference");
  EXPECT_EQ(s.duration, Duration::seconds(600));
  EXPECT_EQ(s.warmup, Duration{});
  EXPECT_EQ(s.traffic.arrivals.rate_per_s, 1e5);
  EXPECT_EQ(s.traffic.objects.count, 1'000'000U);
  EXPECT_EQ(s.traffic.objects.zipf_exponent, 0.9);
  ASSERT_TRUE(s.edge.has_value());
  EXPECT_EQ(s.edge->cache.policy, CachePolicy::lru);
  EXPECT_EQ(s.edge->cache.capacity_objects, 500'000U);
  EXPECT_EQ(s.edge->cache.ttl, Duration::seconds(60));
  EXPECT_EQ(s.edge->cache.ttl_jitter, 0.1);
  EXPECT_FALSE(s.edge->cache.coalesce);
  EXPECT_EQ(s.edge->cache.start, CacheSpec::Start::warm);
  EXPECT_EQ(s.edge->hit_latency.kind, LawSpec::Kind::lognormal);
  EXPECT_EQ(s.edge->hit_latency.value, 500e-6);
  EXPECT_EQ(s.edge->hit_latency.shape, 0.5);
  EXPECT_EQ(s.links.edge_to_api, Duration::milliseconds(2));
  ASSERT_TRUE(s.api.has_value());
  EXPECT_EQ(s.api->replicas, 8U);
  EXPECT_EQ(s.api->concurrency, 16U);
  EXPECT_EQ(s.api->balancer, Balancer::power_of_two);
  EXPECT_EQ(s.api->service.value, 5e-3);
  EXPECT_EQ(s.api->enqueue_probability, 0.0625);
  ASSERT_TRUE(s.workers.has_value());
  EXPECT_EQ(s.workers->replicas, 24U);
  EXPECT_EQ(s.workers->service.value, 20e-3);
}

TEST(ScenarioFiles, SitesHasItsRoute) {
  const auto parsed = load_scenario(HALDANE_SOURCE_DIR "/scenarios/reference/sites.yaml");
  ASSERT_TRUE(parsed.has_value()) << to_string(parsed.error());
  EXPECT_EQ(parsed->edge->sites, 16U);
  EXPECT_EQ(parsed->api->cells, 16U);
  EXPECT_EQ(parsed->api->route.own_cell, 0.9);
  EXPECT_EQ(parsed->workers->replicas, 384U);
}

}  // namespace
}  // namespace haldane::models
