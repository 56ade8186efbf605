// The examples of docs/scenario-format.md are scenarios: documentation that is run cannot rot.
#include <fstream>
#include <iterator>
#include <string>
#include <vector>

#include <gtest/gtest.h>
#include <source_folder.h>

#include "models/spec/read_scenario.h"

namespace haldane::models {
namespace {

/// A system with room for every fragment of the page.
constexpr const char* base = R"(schema: haldane.scenario/1
name: base
duration: 20m
traffic: {arrivals: {process: poisson, rate: 100/s}, objects: {count: 1k}}
edge: {sites: 2, cache: {policy: lru, capacity: {objects: 100}}}
api: {replicas: 4, service: {exponential: {mean: 5ms}}}
workers: {replicas: 2, service: {exponential: {mean: 5ms}}}
)";

/// The fenced YAML blocks of a page, in order.
std::vector<std::string> yaml_blocks(const std::string& path) {
  std::ifstream file(path);
  std::vector<std::string> blocks;
  bool inside = false;
  for (std::string line; std::getline(file, line);) {
    if (line.starts_with("```")) {
      inside = line == "```yaml";
      if (inside) blocks.emplace_back();
    } else if (inside) {
      blocks.back() += line + "\n";
    }
  }
  return blocks;
}

TEST(ScenarioFormatPage, EveryExampleLoads) {
  const auto files = [](const std::string&, std::size_t) {
    return Expected<std::string, config::FileError>(base);
  };
  const auto blocks = yaml_blocks(HALDANE_SOURCE_DIR "/docs/scenario-format.md");
  ASSERT_GE(blocks.size(), 8U);
  for (const std::string& block : blocks) {
    std::string text = block;
    if (block.starts_with("service:")) text = "api:\n  " + block;
    if (!block.starts_with("schema:")) text = "extends: base.yaml\n" + text;
    const auto scenario = read_scenario(text, "example.yaml", {}, files);
    EXPECT_TRUE(scenario.has_value())
        << block << (scenario ? std::string() : to_string(scenario.error()));
  }
}

}  // namespace
}  // namespace haldane::models
