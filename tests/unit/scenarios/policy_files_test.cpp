// Every policy that the project ships is accepted, and every system has one.
#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>

#include <gtest/gtest.h>
#include <source_folder.h>

#include "analysis/judge/read_policy.h"

namespace haldane::analysis {
namespace {

namespace fs = std::filesystem;

std::string content_of(const fs::path& path) {
  std::ifstream file(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), {}};
}

TEST(PolicyFiles, EverySystemHasOneThatLoads) {
  for (const char* slug : {"uznw-3waf8e9", "gq-ztfutjv", "dggll6o4xq-t", "br-fagq2", "madbwpu-r"}) {
    const fs::path path = fs::path(HALDANE_SOURCE_DIR) / "scenarios" / slug / "policy.yaml";
    const auto policy = read_policy(content_of(path), path.string());
    ASSERT_TRUE(policy.has_value()) << to_string(policy.error());
    EXPECT_EQ(policy->metrics.size(), 4U) << slug;
  }
}

}  // namespace
}  // namespace haldane::analysis
