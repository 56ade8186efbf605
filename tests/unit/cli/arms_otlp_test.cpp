// The arms of a canary as metrics of OpenTelemetry.
#include "cli/simulate/arms_otlp.h"

#include <string>

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include "models/metrics.h"
#include "sim/measure/latency_histogram.h"

namespace haldane::cli {
namespace {

using Json = nlohmann::json;
using models::Block;
using models::Counter;
using models::Histogram;

// Three bins of a second and two slices, of which the first is the warm-up.
sim::Measurements three_seconds() {
  sim::Measurements run;
  const auto at = [](std::int64_t s) { return SimTime::zero() + Duration::seconds(s); };
  run.grid = {{at(0), at(1), at(2), at(3)}, {0, 1, 3}, 1};
  constexpr std::size_t blocks = 3;
  run.counters.assign(blocks * models::index(Counter::count), {0, 0, 0});
  run.latencies.assign(blocks * models::index(Histogram::count), std::vector<sim::LatencySlice>(2));
  run.counters[models::index(Counter::requests, Block::canary)] = {7, 3, 2};
  run.counters[models::index(Counter::request_errors, Block::canary)] = {5, 0, 1};
  run.counters[models::index(Counter::api_queue_time, Block::canary)] = {0, 2'500'000'000, 0};
  auto& latencies = run.latencies[models::index(Histogram::client, Block::canary)];
  sim::append_ascending(latencies[0], 9'000'000);
  for (const std::int64_t ns : {0, 0, 7, 8, 1'000'000}) sim::append_ascending(latencies[1], ns);
  return run;
}

Json metrics(const sim::Measurements& run, Block arm) {
  const Json document = Json::parse(arm_otlp_json(run, arm, 1.0));
  return document["resourceMetrics"][0]["scopeMetrics"][0]["metrics"];
}

TEST(ArmsOtlp, HoldsEveryRequestBetweenTheBoundsOfItsBucket) {
  const Json histogram = metrics(three_seconds(), Block::canary)[0];
  EXPECT_EQ(histogram["name"], "latency_ms");
  EXPECT_EQ(histogram["unit"], "ms");
  const Json point = histogram["histogram"]["dataPoints"][0];
  EXPECT_EQ(point["startTimeUnixNano"], "1000000000");
  EXPECT_EQ(point["timeUnixNano"], "3000000000");
  EXPECT_EQ(point["count"], "5");
  EXPECT_DOUBLE_EQ(point["sum"].get<double>(), 1.000015);
  EXPECT_DOUBLE_EQ(point["max"].get<double>(), 1.0);
  // 1,000,000 ns lie in a bucket of 2^10 ns, the 976th of that width.
  const std::vector<double> bounds = {0.5e-6, 6.5e-6, 7.5e-6, 8.5e-6, 0.9994235, 1.0004475};
  EXPECT_EQ(point["bucketCounts"], Json({"2", "0", "1", "1", "0", "1", "0"}));
  ASSERT_EQ(point["explicitBounds"].size(), bounds.size());
  for (std::size_t i = 0; i < bounds.size(); ++i)
    EXPECT_DOUBLE_EQ(point["explicitBounds"][i].get<double>(), bounds[i]) << i;
}

TEST(ArmsOtlp, CountsByTheBinWithoutTheWarmUp) {
  const Json all = metrics(three_seconds(), Block::canary);
  ASSERT_EQ(all.size(), 5U);
  const Json requests = all[1]["sum"]["dataPoints"];
  ASSERT_EQ(requests.size(), 2U);
  EXPECT_EQ(requests[0]["asInt"], "3");
  EXPECT_EQ(requests[0]["timeUnixNano"], "2000000000");
  EXPECT_EQ(requests[1]["asInt"], "2");
  EXPECT_EQ(all[2]["name"], "errors");
  EXPECT_EQ(all[2]["sum"]["dataPoints"][1]["asInt"], "1");
  EXPECT_EQ(all[4]["name"], "queue_depth");
  EXPECT_DOUBLE_EQ(all[4]["gauge"]["dataPoints"][0]["asDouble"].get<double>(), 2.5);
}

TEST(ArmsOtlp, AnArmWithoutRequestsIsAnEmptyHistogram) {
  const Json point = metrics(three_seconds(), Block::baseline)[0]["histogram"]["dataPoints"][0];
  EXPECT_EQ(point["count"], "0");
  EXPECT_EQ(point["bucketCounts"], Json({"0"}));
  EXPECT_TRUE(point["explicitBounds"].empty());
}

}  // namespace
}  // namespace haldane::cli
