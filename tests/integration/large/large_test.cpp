// Inputs and runs of full size: the reference scenario, and a gigabyte of measurements.
#include <filesystem>
#include <string>

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include "tests/integration/support/sandbox.h"

namespace haldane::test {
namespace {

TEST(Reference, RunsAtFullSizeWithIntervals) {
  const Sandbox sandbox;
  const Outcome outcome = sandbox.run("haldane simulate reference --format json");
  ASSERT_EQ(outcome.exit_code, 0) << outcome.err;
  const auto result = nlohmann::json::parse(outcome.out);
  const double expected = 100e3 * 600;
  // Poisson: 6 standard deviations are 0.08 % of 60 million.
  EXPECT_NEAR(result.at("requests").get<double>(), expected, 0.0008 * expected);
  for (const char* name : {"requests.latency_ms.p99", "edge.hit_ratio", "api.utilization",
                           "workers.queue_depth.mean"}) {
    const auto& metric = result.at("metrics").at(name);
    EXPECT_TRUE(metric.at("ci_low").is_number()) << name;
    EXPECT_TRUE(metric.at("ci_high").is_number()) << name;
  }
}

constexpr std::size_t kGigabyte = 1'000'000'000;

// Rows as a load balancer writes them: a time and several figures, 64 bytes each.
std::string block_of_rows(std::size_t rows) {
  std::string text;
  for (std::size_t i = 0; i < rows; ++i) {
    const std::string row = std::to_string(10.0 + static_cast<double>(i * 7919 % 1000) / 1000);
    text += "1700000000.125," + row;
    text += "," + row + "," + row + "," + row;
    text.append(63 - (text.size() % 64), '0');
    text += '\n';
  }
  return text;
}

TEST(Measurements, AGigabyteIsJudged) {
  const Sandbox sandbox;
  const auto space = std::filesystem::space(std::filesystem::temp_directory_path());
  if (space.available < 3 * kGigabyte) GTEST_SKIP() << "needs 3 GB in the temporary folder";
  const std::string header = "timestamp,latency_ms,first_byte_ms,queue_ms,upstream_ms\n";
  const std::string block = block_of_rows(16'384);
  sandbox.write("block", block);
  sandbox.write("small.csv", header + block);
  sandbox.write("header", header);
  const std::string copies = std::to_string(kGigabyte / block.size() + 1);
  const Outcome made = sandbox.run("(cat header; for i in $(seq " + copies +
                                   "); do cat block; done) >big.csv && stat -c %s big.csv");
  ASSERT_EQ(made.exit_code, 0) << made.err;
  ASSERT_GE(std::stoull(made.out), kGigabyte);
  const Outcome outcome =
      sandbox.run("haldane judge --baseline big.csv --canary small.csv --format json");
  EXPECT_THAT(outcome.exit_code, testing::AnyOf(0, 1, 2)) << outcome.err;
  EXPECT_TRUE(nlohmann::json::accept(outcome.out));
}

TEST(Measurements, AGigabyteOfRubbishIsRefused) {
  const Sandbox sandbox;
  const Outcome outcome = sandbox.run(
      "head -c 1000000000 /dev/zero | tr '\\0' 'x' | haldane judge --baseline /dev/stdin "
      "--canary /dev/null");
  EXPECT_EQ(outcome.exit_code, 65) << outcome.err;
}

}  // namespace
}  // namespace haldane::test
